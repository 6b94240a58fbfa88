"""From probabilities to the set of species of each survey, by decoders with a small grammar.

`top-k:25` takes the 25 most probable, `threshold:0.2` all of at least 0.2, `expected-f1` the set size of highest
expected F1. No set is empty: the most probable species is always in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import UnknownNameError
from sdm.metrics.ranking import hits, most_probable
from sdm.metrics.sets import survey_f1

BLOCK = 256  # surveys decoded at a time
LARGEST_SET = 256
THRESHOLDS = tuple(round(0.02 * i, 2) for i in range(2, 31))

Select = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class DecoderCard:
    """One kind of decoder: `make(argument)` gives a function from probabilities (n, S), and the sum (n,) of those
    of classes without a column, to bool (n, S)."""

    name: str
    grammar: str
    description: str
    make: Callable[[str], Select]


@dataclass(frozen=True)
class Decoder:
    """A decoder ready to use; `str(decoder)` is its text in the grammar."""

    text: str
    select: Select

    def __str__(self) -> str:
        return self.text

    def decode(self, probabilities: np.ndarray, elsewhere: np.ndarray | None = None) -> csr_matrix:
        """csr bool (N, S): the species set of each row of `probabilities` (N, S).

        `elsewhere` (N,): the sum over further species, none of them likely enough to be taken.
        """
        rest = np.zeros(len(probabilities), np.float32) if elsewhere is None else elsewhere
        parts = [self.select(block, rest[rows]) for rows, block in _blocks(probabilities)]
        columns = [np.flatnonzero(row) for part in parts for row in part]
        indptr = np.concatenate([[0], np.cumsum([len(c) for c in columns], dtype=np.int64)])
        indices = np.concatenate([*columns, np.zeros(0, np.int64)]).astype(np.int32)
        return csr_matrix((np.ones(len(indices), bool), indices, indptr), shape=probabilities.shape)


def parse_decoder(text: str) -> Decoder:
    """The decoder `text` names; UnknownNameError shows the grammar."""
    name, _, argument = text.strip().partition(":")
    if name not in DECODERS:
        raise _unknown(text)
    try:
        return Decoder(text.strip(), DECODERS[name].make(argument))
    except ValueError:
        raise _unknown(text) from None


def _unknown(text: str) -> UnknownNameError:
    grammar = ", ".join(card.grammar for card in DECODERS.values())
    return UnknownNameError("unknown decoder", expected=grammar, got=text)


def _top_k(argument: str) -> Select:
    k = int(argument)
    if k < 1:
        raise ValueError(argument)
    return lambda probabilities, _: _mark(probabilities, most_probable(probabilities, k))


def _threshold(argument: str) -> Select:
    least = float(argument)
    if not (math.isfinite(least) and 0 < least < 1):
        raise ValueError(argument)

    def select(probabilities: np.ndarray, _: np.ndarray) -> np.ndarray:
        best = _mark(probabilities, probabilities.argmax(axis=1)[:, None])
        return best | (probabilities >= np.float32(least))

    return select


def _expected_f1(argument: str) -> Select:
    if argument:
        raise ValueError(argument)

    def select(probabilities: np.ndarray, elsewhere: np.ndarray) -> np.ndarray:
        top = most_probable(probabilities, LARGEST_SET)
        size = np.arange(1, top.shape[1] + 1)
        found = np.take_along_axis(probabilities, top, axis=1).cumsum(axis=1, dtype=np.float64)
        total = probabilities.sum(axis=1, dtype=np.float64) + elsewhere
        expected = 2 * found / (size + total[:, None])
        within = size <= 1 + expected.argmax(axis=1)[:, None]
        result = np.zeros(probabilities.shape, bool)
        np.put_along_axis(result, top, within, axis=1)
        return result

    return select


DECODERS: Mapping[str, DecoderCard] = MappingProxyType(
    {
        card.name: card
        for card in (
            DecoderCard("top-k", "top-k:25", "the k most probable species", _top_k),
            DecoderCard("threshold", "threshold:0.2", "every species of at least this probability", _threshold),
            DecoderCard(
                "expected-f1",
                "expected-f1",
                "per survey the k that maximises 2 Σp / (k + Σ p of all), p sorted and summed to k",
                _expected_f1,
            ),
        )
    }
)


def choose_decoder(truth: csr_matrix, probabilities: np.ndarray) -> tuple[Decoder, float]:
    """The decoder of highest samples-F1 on validation surveys, and that F1 (NaN when no survey defines it).

    `truth` is csr (N, S). Tried are every top-k up to 60, THRESHOLDS, and expected-f1; ties go to the first.
    """
    scores = {f"top-k:{k}": f1 for k, f1 in enumerate(_top_k_f1(truth, probabilities, 60), start=1)}
    thresholds = _threshold_f1(truth, probabilities, THRESHOLDS)
    scores |= {f"threshold:{t:g}": f1 for t, f1 in zip(THRESHOLDS, thresholds, strict=True)}
    scores["expected-f1"] = _f1(truth, probabilities, "expected-f1")
    best = max(scores, key=lambda text: -1.0 if math.isnan(scores[text]) else scores[text])
    return parse_decoder(best), scores[best]


def _f1(truth: csr_matrix, probabilities: np.ndarray, text: str) -> float:
    each = survey_f1(truth, parse_decoder(text).decode(probabilities))
    defined = each[np.isfinite(each)]
    return float(defined.mean()) if defined.size else math.nan


def _top_k_f1(truth: csr_matrix, probabilities: np.ndarray, largest: int) -> np.ndarray:
    """float64 (min(largest, S),): samples-F1 of top-1, top-2, ... from one partition."""
    size = np.asarray((truth != 0).sum(axis=1), np.float64)
    count = np.arange(1, min(largest, truth.shape[1]) + 1)
    total = np.zeros(len(count))
    for rows, block in _blocks(probabilities):
        found = hits(truth, most_probable(block, largest), rows).cumsum(axis=1)
        total += (2 * found / (count + size[rows])).sum(axis=0)
    return _mean(total, len(probabilities))


def _threshold_f1(truth: csr_matrix, probabilities: np.ndarray, thresholds: tuple[float, ...]) -> np.ndarray:
    """float64 (T,): samples-F1 of each of the ascending `thresholds`, from one pass over the probabilities."""
    size = np.asarray((truth != 0).sum(axis=1), np.float64)
    levels = np.asarray(thresholds, np.float32)
    total = np.zeros(len(levels))
    for rows, block in _blocks(probabilities):
        present = truth[rows].toarray() != 0
        taken = _at_least(block, levels, np.ones(block.shape, bool))
        found = _at_least(block, levels, present)
        first = np.take_along_axis(present, block.argmax(axis=1)[:, None], axis=1)
        found = np.where(taken == 0, first, found)
        total += (2 * found / (np.maximum(taken, 1) + size[rows])).sum(axis=0)
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


def _blocks(probabilities: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    for start in range(0, len(probabilities), BLOCK):
        rows = slice(start, start + BLOCK)
        yield rows, np.asarray(probabilities[rows], np.float32)


def _mark(like: np.ndarray, columns: np.ndarray) -> np.ndarray:
    result = np.zeros(like.shape, bool)
    np.put_along_axis(result, columns, True, axis=1)
    return result
