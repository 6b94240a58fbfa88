"""Stored probabilities of one split (`predictions/<split>.npz`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import RunError
from sdm.formats.arrays import read_npz, write_npz
from sdm.runs.records import ClassScores
from sdm.runs.top_classes import BLOCK, TOP, Entries, TopClasses

MOST_DENSE = 50_000_000  # surveys x species kept in full


@dataclass(frozen=True)
class Predictions:
    """Probabilities (or values) of N surveys; consumers ask the methods, whatever is stored.

    Either `dense` (N, width), float16 when read, or for regression float32, or `tops`. `scores` were computed
    before anything was rounded or left out; it is None for regression and where no truth was known. `truncated`:
    only the most probable classes are known, and classes cannot be ranked by what is.
    """

    source: np.ndarray
    survey_id: np.ndarray
    width: int
    dense: np.ndarray | None
    tops: TopClasses | None
    scores: ClassScores | None
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.survey_id)

    @staticmethod
    def of(sites: pd.DataFrame, matrix: np.ndarray) -> Predictions:
        """`matrix` (N, width), as it is, of the surveys in the rows of a data set's `sites`."""
        source, survey_id = sites["source"].to_numpy().astype(np.str_), sites["survey_id"].to_numpy(np.int64)
        return Predictions(source, survey_id, matrix.shape[1], matrix, None, None)

    @property
    def _stored(self) -> TopClasses:
        assert self.tops is not None
        return self.tops

    def take(self, rows: np.ndarray) -> Predictions:
        """The same of `rows`, in that order; the scores of classes hold for all surveys together alone."""
        source, survey_id = self.source[rows], self.survey_id[rows]
        dense = None if self.dense is None else self.dense[rows]
        tops = None if self.tops is None else self.tops.take(rows)
        scores = self.scores if len(survey_id) == len(self) else None
        return replace(self, source=source, survey_id=survey_id, dense=dense, tops=tops, scores=scores)

    def matrix(self) -> np.ndarray:
        """(N, width) of all classes, in the type it is held in; classes beyond the stored ones share evenly."""
        return self._stored.matrix() if self.dense is None else self.dense

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, width): the `matrix` of `rows`."""
        return self._stored.take(rows).matrix() if self.dense is None else self.dense[rows].astype(np.float32)

    def in_full(self) -> Predictions:
        """The same with all classes in memory, in `probability_type`."""
        result = np.zeros((len(self), self.width), probability_type(len(self), self.width))
        for start in range(0, len(self), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(self)))
            result[rows] = self.rows(rows)
        return self.with_matrix(result)

    def with_matrix(self, matrix: np.ndarray) -> Predictions:
        """The same surveys with other probabilities (N, width)."""
        return replace(self, dense=matrix, tops=None)

    def column(self, column: int) -> np.ndarray:
        """float32 (N,): the probability of one class."""
        return self._stored.column(column) if self.dense is None else self.dense[:, column].astype(np.float32)

    def most_probable(self) -> np.ndarray:
        """int64 (N,): the most probable class of each survey."""
        if self.dense is None:
            return self._stored.most_probable()
        starts = range(0, max(len(self), 1), BLOCK)
        return np.concatenate([self.dense[at : at + BLOCK].argmax(axis=1) for at in starts]).astype(np.int64)

    def entries(self, recorded: csr_matrix | None = None) -> Entries:
        """The probabilities that are known one by one, those of `recorded` csr (N, width) always among them."""
        if self.dense is None:
            return self._stored.entries(recorded)
        return Entries(self.dense, np.zeros(len(self), np.float32))

    def transformed(self, rising: Callable[[np.ndarray], np.ndarray]) -> Predictions:
        """The same with every probability put through `rising`, which keeps shape and type of an array.

        It must rise strictly: the order within each class stays, and the scores that depend on it alone. The
        classes that share the tail go through it in even shares.
        """
        dense = None if self.dense is None else rising(self.dense)
        tops = None if self.tops is None else self.tops.transformed(rising)
        scores = self.scores
        if scores is not None:
            scores = replace(scores, threshold=rising(scores.threshold))
        return replace(self, dense=dense, tops=tops, scores=scores)

    def row_of(self, source: str, survey_id: int) -> int | None:
        """The row of a survey, None when it is not among them."""
        rows = np.flatnonzero((self.survey_id == survey_id) & (self.source == source))
        return int(rows[0]) if rows.size else None

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
        tops = TopClasses.of(probabilities, csr_matrix(probabilities.shape) if truth is None else truth, TOP)
    else:
        dense = probabilities.astype(np.float32 if regression else np.float16)
    return Predictions(np.asarray(source, np.str_), survey_id, width, dense, tops, scores, tops is not None)


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
        tops, numbers = TopClasses(index, probability, tail, truth), [probability, tail, truth.data]
        _require(index.shape == probability.shape == (count, min(TOP, width)) and tail.shape == (count,), "shapes")
        _require(not index.size or (index.min() >= 0 and index.max() < width), "class indices")
    _require(len(numbers[0]) == count == len(source), "lengths")
    _require(dense is None or dense.shape == (count, width), "shapes")
    _require(all(bool(np.isfinite(each).all()) for each in numbers), "numbers that are not finite")
    if "auc" in arrays:
        scores = ClassScores(*(arrays[field.name] for field in fields(ClassScores)))
        _require(all(getattr(scores, field.name).shape == (width,) for field in fields(scores)), "scores")
    return Predictions(source, survey_id, width, dense, tops, scores, tops is not None)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
