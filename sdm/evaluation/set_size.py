"""How many species to name: what each size of a set is worth, at one survey and over many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.evaluation.decoding import (
    DECODERS,
    SPECIES_THRESHOLDS,
    Decoder,
    best_common_threshold,
    best_top_k,
    fit_thresholds,
    parse_decoder,
    threshold_f1,
    top_k_f1,
)
from sdm.evaluation.decoding.expected import LARGEST_SET, exact
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS, Score
from sdm.evaluation.predicted_species import set_f1
from sdm.evaluation.run_decoding import decoder_of
from sdm.number_format import share_of
from sdm.runs import ModelCard

LEVELS = tuple(round(0.02 * i, 2) for i in range(1, 50))  # 0.02 .. 0.98
F1 = METRICS["samples-f1"]


def nearest_level(value: float) -> float:
    """The level of LEVELS nearest to `value`, the lower of two as near.

    >>> nearest_level(0.249), nearest_level(1.0)
    (0.24, 0.98)
    """
    return min(LEVELS, key=lambda level: abs(level - value))


@dataclass(frozen=True)
class DecoderScore:
    """One decoder over many surveys: its samples-F1, and the mean size of its sets."""

    f1: Score
    size: float


@dataclass(frozen=True)
class SetSizeScores:
    """Samples-F1 and mean set size of every number of species and every threshold over `surveys` surveys.

    `top_k` float64 (m,) of the k most probable species; `threshold` and `threshold_size` float64, one per
    level of LEVELS, NaN where species may reach it whose probability was not kept.
    """

    surveys: int
    top_k: np.ndarray
    threshold: np.ndarray
    threshold_size: np.ndarray


def set_size_scores(labelled: LabelledPredictions) -> SetSizeScores:
    """All of them at once, so that any one is a look-up."""
    truth, entries = labelled.recorded_entries, labelled.entries
    beyond = entries.largest_elsewhere
    known = np.asarray(LEVELS) > (-np.inf if beyond is None else beyond.max(initial=-np.inf))
    return SetSizeScores(
        len(labelled),
        top_k_f1(truth, entries.probability),
        np.where(known, threshold_f1(truth, entries.probability, LEVELS), np.nan),
        np.where(known, _threshold_sizes(entries.probability), np.nan),
    )


def _threshold_sizes(probability: np.ndarray) -> np.ndarray:
    """Mean number of values of at least each of LEVELS; the largest value of a row always counts."""
    levels = np.asarray(LEVELS, np.float32)
    largest = np.sort(probability.max(axis=1).astype(np.float32))
    values = np.sort(probability[probability >= np.float16(levels[0] / 2)].astype(np.float32))
    reached = len(values) - np.searchsorted(values, levels)
    alone = np.searchsorted(largest, levels)
    return (reached + alone) / max(len(probability), 1)


def own_decoders(card: ModelCard, validation: LabelledPredictions | None) -> list[Decoder]:
    """One decoder of each kind, fitted on the `validation` surveys; of the card's own kind the card's own.

    Thresholds per species are left out where there are none, and none can be fitted.
    """
    texts = {name: each.grammar for name, each in DECODERS.items()}
    thresholds = np.asarray(card.thresholds, np.float32) if card.thresholds else None
    if validation is not None and len(validation):
        truth, values = validation.recorded_entries, validation.entries.probability
        texts["top-k"], _ = best_top_k(truth, values)
        texts["threshold"], _ = best_common_threshold(truth, values)
        if thresholds is None and validation.entries.species is None:
            thresholds = fit_thresholds(truth, values)
    own = str(decoder_of(card))
    texts[own.partition(":")[0]] = own
    if thresholds is None:
        del texts[SPECIES_THRESHOLDS]
    return [parse_decoder(text, thresholds) for text in texts.values()]


def decoder_score(labelled: LabelledPredictions, decoder: Decoder) -> DecoderScore:
    """The score of `decoder`, with its 95 % interval."""
    sets = labelled.sets(decoder)
    return DecoderScore(F1.score(labelled.truth, sets, labelled.blocks), share_of(sets.nnz, len(labelled)))


def score_of_cut(cuts: SetSizeScores, decoder: str) -> DecoderScore:
    """Return the score of top-k or of a threshold of LEVELS, looked up in `cuts`."""
    kind, _, argument = decoder.partition(":")
    if kind == "top-k":
        k = min(int(argument), len(cuts.top_k))
        return DecoderScore(Score(float(cuts.top_k[k - 1]), cuts.surveys, 0), float(k))
    at = LEVELS.index(float(argument))
    return DecoderScore(Score(float(cuts.threshold[at]), cuts.surveys, 0), float(cuts.threshold_size[at]))


def with_scores(stops: pd.DataFrame, scores: Sequence[DecoderScore]) -> pd.DataFrame:
    """Return `stops` with the score of each decoder on a split: score, mean_f1 and mean_size.

    Those of the role "own" come first, then the best.
    """
    table = stops.assign(
        score=pd.Series([one.f1 for one in scores], dtype=object),
        mean_f1=[one.f1.value for one in scores],
        mean_size=[one.size for one in scores],
    )
    first = np.where(table["role"] == "own", -np.inf, -table["mean_f1"])
    return table.iloc[np.argsort(first, kind="stable")].reset_index(drop=True)


def curve(probabilities: np.ndarray, truth: np.ndarray | None) -> pd.DataFrame:
    """Of one survey, for the k = 1..S most probable species: k, probability (of the k-th), expected_f1
    (species being independent, probabilities right) and, with the columns `truth` recorded, f1.

    `probabilities` float (S,). The expectation is exact for every k, beyond what exact-f1 considers too.
    """
    order = np.argsort(-probabilities, kind="stable")
    taken = np.arange(1, len(order) + 1)
    table = pd.DataFrame(
        {"k": taken, "probability": probabilities[order], "expected_f1": _expected(probabilities, order)}
    )
    if truth is not None:
        table["f1"] = 2 * np.isin(order, truth).cumsum() / (taken + len(truth))
    return table


def stops(probabilities: np.ndarray, truth: np.ndarray | None, decoders: Sequence[Decoder]) -> pd.DataFrame:
    """Where each decoder stops at one survey: decoder, size, expected_f1 and, with `truth`, f1."""
    rows = [_stop(probabilities, truth, decoder) for decoder in decoders]
    return pd.DataFrame(rows, columns=["decoder", "size", "expected_f1", *(["f1"] if truth is not None else [])])


def _stop(probabilities: np.ndarray, truth: np.ndarray | None, decoder: Decoder) -> dict[str, object]:
    chosen = decoder.decode(probabilities[None]).indices
    row: dict[str, object] = {"decoder": str(decoder), "size": len(chosen)}
    row["expected_f1"] = float(_expected(probabilities, chosen)[-1])
    if truth is not None:
        row["f1"] = set_f1(chosen, truth)
    return row


def _expected(probabilities: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """float64 (k,): the expected F1 of the first 1..k of `columns`.

    As exact-f1 reckons it, those neither in `columns` nor among the LARGEST_SET most probable count as Poisson.
    """
    order = np.argsort(-probabilities, kind="stable")
    first = np.concatenate([columns, order[~np.isin(order, columns)]])[: max(LARGEST_SET, len(columns))]
    head = probabilities[first].astype(np.float64)[None]
    rest = max(float(probabilities.sum(dtype=np.float64)) - float(head.sum()), 0.0)
    expected: np.ndarray = exact(head, np.array([rest]))[0, : len(columns)]
    return expected
