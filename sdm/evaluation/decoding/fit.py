"""Which decoder does best on validation surveys, and what some of them have to learn there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_matrix

from sdm.evaluation.decoding.contract import Decoder, blocks
from sdm.evaluation.decoding.decoders import SPECIES_THRESHOLDS, parse_decoder
from sdm.evaluation.metrics import class_scores, survey_f1
from sdm.evaluation.metrics.ranking import hits
from sdm.runs.top_classes import most_probable

THRESHOLDS = tuple(round(0.02 * i, 2) for i in range(2, 31))
LARGEST_K = 60
PRESENCES = 10  # that a species must have for its own best threshold to count as much as the common one


def choose_decoder(truth: csr_matrix, probabilities: np.ndarray) -> tuple[Decoder, float]:
    """The decoder of highest samples-F1 on validation surveys, and that F1 (NaN when no survey defines it).

    `truth` is csr (N, S). Tried is what is quick enough for every epoch: every top-k up to LARGEST_K, THRESHOLDS,
    and expected-f1; ties go to the first.
    """
    scores = dict([best_top_k(truth, probabilities), best_common_threshold(truth, probabilities)])
    scores["expected-f1"] = _f1(truth, probabilities, "expected-f1")
    best = max(scores, key=lambda text: -1.0 if math.isnan(scores[text]) else scores[text])
    return parse_decoder(best), scores[best]


def best_top_k(truth: csr_matrix, probabilities: np.ndarray) -> tuple[str, float]:
    """The top-k of highest samples-F1, k up to LARGEST_K, in the decoders' grammar, and that F1."""
    scores = top_k_f1(truth, probabilities)
    return f"top-k:{1 + int(scores.argmax())}", float(scores.max())


def best_common_threshold(truth: csr_matrix, probabilities: np.ndarray) -> tuple[str, float]:
    """The one of THRESHOLDS of highest samples-F1, in the decoders' grammar, and that F1."""
    scores = threshold_f1(truth, probabilities)
    return f"threshold:{THRESHOLDS[int(scores.argmax())]:g}", float(scores.max())


def _fit_top_k(truth: csr_matrix, probabilities: np.ndarray) -> Decoder:
    return parse_decoder(best_top_k(truth, probabilities)[0])


def _fit_common_threshold(truth: csr_matrix, probabilities: np.ndarray) -> Decoder:
    return parse_decoder(best_common_threshold(truth, probabilities)[0])


def _fit_species_thresholds(truth: csr_matrix, probabilities: np.ndarray) -> Decoder:
    return parse_decoder(SPECIES_THRESHOLDS, fit_thresholds(truth, probabilities))


FITTED: Mapping[str, Callable[[csr_matrix, np.ndarray], Decoder]] = MappingProxyType(
    {"top-k": _fit_top_k, "threshold": _fit_common_threshold, SPECIES_THRESHOLDS: _fit_species_thresholds}
)
"""Decoders with numbers to find -> the one of highest samples-F1 on surveys of known species."""


def _f1(truth: csr_matrix, probabilities: np.ndarray, text: str) -> float:
    each = survey_f1(truth, parse_decoder(text).decode(probabilities))
    defined = each[np.isfinite(each)]
    return float(defined.mean()) if defined.size else math.nan


def fit_thresholds(truth: csr_matrix, probabilities: np.ndarray) -> np.ndarray:
    """float32 (S,): per species the probability from which it is taken.

    It lies between the threshold of the species' own best F1 and the common one of best samples-F1, the nearer to
    its own the more presences it has: the own one of a rare species is chance.
    """
    common = THRESHOLDS[int(np.nan_to_num(threshold_f1(truth, probabilities)).argmax())]
    own = class_scores(truth, probabilities).threshold
    presences = np.asarray((truth != 0).sum(axis=0), np.float64).ravel()
    share = presences / (presences + PRESENCES)
    return np.where(presences > 0, share * np.nan_to_num(own) + (1 - share) * common, common).astype(np.float32)


def top_k_f1(truth: csr_matrix, probabilities: np.ndarray, largest: int = LARGEST_K) -> np.ndarray:
    """float64 (min(largest, S),): samples-F1 of top-1, top-2, ... from one partition."""
    size = np.asarray((truth != 0).sum(axis=1), np.float64)
    count = np.arange(1, min(largest, truth.shape[1]) + 1)
    total = np.zeros(len(count))
    for rows, block in blocks(probabilities):
        hit_count = hits(truth, most_probable(block, largest), rows).cumsum(axis=1)
        total += (2 * hit_count / (count + size[rows])).sum(axis=0)
    return _mean(total, len(probabilities))


def threshold_f1(
    truth: csr_matrix, probabilities: np.ndarray, thresholds: tuple[float, ...] = THRESHOLDS
) -> np.ndarray:
    """float64 (T,): samples-F1 of each of the ascending `thresholds`, from one pass over the probabilities."""
    size = np.asarray((truth != 0).sum(axis=1), np.float64)
    levels = np.asarray(thresholds, np.float32)
    total = np.zeros(len(levels))
    for rows, block in blocks(probabilities):
        present = truth[rows].toarray() != 0
        taken = _at_least(block, levels, np.ones(block.shape, bool))
        hit_count = _at_least(block, levels, present)
        first = np.take_along_axis(present, block.argmax(axis=1)[:, None], axis=1)
        hit_count = np.where(taken == 0, first, hit_count)
        total += (2 * hit_count / (np.maximum(taken, 1) + size[rows])).sum(axis=0)
    return _mean(total, len(probabilities))


def _mean(total: np.ndarray, count: int) -> np.ndarray:
    """`total` / `count`; NaN for the mean of nothing."""
    return total / count if count else np.full(len(total), np.nan)


def _at_least(block: np.ndarray, levels: np.ndarray, where: np.ndarray) -> np.ndarray:
    """int64 (n, T): how many values of each row, of those in `where`, reach each of the ascending `levels`."""
    row, column = np.nonzero(where & (block >= levels[0]))
    reached = np.searchsorted(levels, block[row, column], side="right") - 1
    counts = np.bincount(row * len(levels) + reached, minlength=len(block) * len(levels))
    return counts.reshape(len(block), -1)[:, ::-1].cumsum(axis=1)[:, ::-1]
