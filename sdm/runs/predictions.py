"""Stored probabilities of one split (`predictions/<split>.npz`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import RunError
from sdm.formats.npz import read_npz, write_npz
from sdm.runs.records import ClassScores
from sdm.runs.top_classes import most_probable

MOST_DENSE = 50_000_000  # surveys x species kept in full
TOP = 256
BLOCK = 256


@dataclass(frozen=True)
class Tops:
    """What is kept of a matrix too large to keep: per survey the TOP most probable classes (index int32 and
    probability float16, (N, TOP)), the sum of all others (float32 (N,)), and the probability of every class
    that is truly there (float16, in the order of `truth`, csr (N, S))."""

    index: np.ndarray
    probability: np.ndarray
    tail: np.ndarray
    truth: csr_matrix


@dataclass(frozen=True)
class Predictions:
    """Probabilities (or values) of N surveys.

    Either `dense` (N, width), float16 or for regression float32, or `tops`. `scores` were computed before
    anything was rounded or left out; it is None for regression and where no truth was known.
    """

    source: np.ndarray
    survey_id: np.ndarray
    width: int
    dense: np.ndarray | None
    tops: Tops | None
    scores: ClassScores | None

    def __len__(self) -> int:
        return len(self.survey_id)

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, width) of `rows`; where only the tops were kept, other classes share the tail evenly."""
        if self.dense is not None:
            return self.dense[rows].astype(np.float32)
        assert self.tops is not None
        tops = self.tops
        rest = max(self.width - tops.index.shape[1], 1)
        result = np.repeat((tops.tail[rows] / rest).astype(np.float32)[:, None], self.width, axis=1)
        true = tops.truth[rows].tocoo()
        result[true.row, true.col] = true.data
        np.put_along_axis(result, tops.index[rows], tops.probability[rows].astype(np.float32), axis=1)
        return result

    def transformed(self, rising: Callable[[np.ndarray], np.ndarray]) -> Predictions:
        """The same with every probability put through `rising`, which keeps shape and type of an array.

        It must rise strictly: the order within each class stays, and the scores that depend on it alone. The
        classes that share the tail go through it in even shares.
        """
        dense, tops, scores = self.dense, self.tops, self.scores
        if dense is not None:
            dense = rising(dense)
        if tops is not None:
            rest = max(self.width - tops.index.shape[1], 1)
            truth = tops.truth.copy()
            truth.data = rising(truth.data)
            tops = Tops(tops.index, rising(tops.probability), rising(tops.tail / rest) * rest, truth)
        if scores is not None:
            scores = replace(scores, threshold=rising(scores.threshold))
        return replace(self, dense=dense, tops=tops, scores=scores)

    def row_of(self, source: str, survey_id: int) -> int | None:
        """The row of a survey, None when it is not among them."""
        found = np.flatnonzero((self.survey_id == survey_id) & (self.source == source))
        return int(found[0]) if found.size else None

    def write(self, path: Path) -> None:
        """As arrays without pickles, atomically."""
        arrays = {
            "source": self.source.astype(np.str_),
            "survey_id": self.survey_id,
            "width": np.int64(self.width),
        }
        if self.dense is not None:
            arrays["dense"] = self.dense
        if self.tops is not None:
            truth = self.tops.truth
            arrays |= {"top_index": self.tops.index, "top_probability": self.tops.probability}
            arrays |= {"tail": self.tops.tail, "true_indptr": truth.indptr, "true_index": truth.indices}
            arrays["true_probability"] = truth.data.astype(np.float16)
        if self.scores is not None:
            arrays |= {field.name: getattr(self.scores, field.name) for field in fields(ClassScores)}
        write_npz(path, {name: np.asarray(array) for name, array in arrays.items()})

    @staticmethod
    def read(path: Path) -> Predictions:
        """The predictions in `path`; RunError when the file is damaged or its arrays disagree."""
        arrays = read_npz(path)
        try:
            return _assemble(arrays)
        except (KeyError, ValueError, IndexError, TypeError) as problem:
            raise RunError("the arrays of the predictions disagree", where=path, got=problem) from None


def probability_type(surveys: int, width: int) -> type[np.floating[Any]]:
    """The type in which a whole split's probabilities are held: float16 where float32 would be too much."""
    return np.float32 if surveys * width <= MOST_DENSE else np.float16


def pack(
    source: np.ndarray,
    survey_id: np.ndarray,
    probabilities: np.ndarray,
    truth: csr_matrix | None,
    scores: ClassScores | None,
    *,
    regression: bool = False,
) -> Predictions:
    """Predictions to store: in full while there are at most MOST_DENSE, else the tops.

    `probabilities` is (N, width); `truth` csr (N, width) with empty rows where it is unknown.
    """
    width = probabilities.shape[1]
    dense: np.ndarray | None = None
    tops = None
    if probabilities.size > MOST_DENSE:
        tops = _tops(probabilities, csr_matrix(probabilities.shape) if truth is None else truth)
    else:
        dense = probabilities.astype(np.float32 if regression else np.float16)
    return Predictions(np.asarray(source, np.str_), survey_id, width, dense, tops, scores)


def _tops(probabilities: np.ndarray, truth: csr_matrix) -> Tops:
    count, width = probabilities.shape
    index = np.zeros((count, min(TOP, width)), np.int32)
    kept = np.zeros(index.shape, np.float16)
    tail = np.zeros(count, np.float32)
    true = truth.astype(np.float32).tocsr()
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        block = np.asarray(probabilities[rows], np.float32)
        index[rows] = most_probable(block, TOP)
        values = np.take_along_axis(block, index[rows].astype(np.int64), axis=1)
        kept[rows], tail[rows] = values, np.maximum(block.sum(axis=1) - values.sum(axis=1), 0)
        entries = slice(true.indptr[start], true.indptr[min(start + BLOCK, count)])
        row = np.repeat(np.arange(len(block)), np.diff(true.indptr[start : start + len(block) + 1]))
        true.data[entries] = block[row, true.indices[entries]]
    return Tops(index, kept, tail, true)


def _assemble(arrays: dict[str, np.ndarray]) -> Predictions:
    """Predictions from arrays; ValueError when lengths, indices or numbers are impossible."""
    survey_id, source, width = arrays["survey_id"], arrays["source"], int(arrays["width"])
    count = len(survey_id)
    dense, tops, scores = arrays.get("dense"), None, None
    if dense is not None:
        numbers = [dense]
    else:
        index, probability, tail = arrays["top_index"], arrays["top_probability"], arrays["tail"]
        true = (arrays["true_probability"].astype(np.float32), arrays["true_index"], arrays["true_indptr"])
        truth = csr_matrix(true, shape=(count, width))
        truth.check_format(full_check=True)
        tops, numbers = Tops(index, probability, tail, truth), [probability, tail, truth.data]
        _require(index.shape == probability.shape == (count, min(TOP, width)) and tail.shape == (count,), "shapes")
        _require(not index.size or (index.min() >= 0 and index.max() < width), "class indices")
    _require(len(numbers[0]) == count == len(source), "lengths")
    _require(dense is None or dense.shape == (count, width), "shapes")
    _require(all(bool(np.isfinite(each).all()) for each in numbers), "numbers that are not finite")
    if "auc" in arrays:
        scores = ClassScores(*(arrays[field.name] for field in fields(ClassScores)))
        _require(all(getattr(scores, field.name).shape == (width,) for field in fields(scores)), "scores")
    return Predictions(source, survey_id, width, dense, tops, scores)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
