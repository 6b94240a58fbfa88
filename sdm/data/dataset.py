"""The contract every data set fulfils: a table of sites, targets, and a reader of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import DataError, UnknownNameError
from sdm.formats.problem import Problems
from sdm.modalities import MODALITIES

SITE_COLUMNS = ("source", "survey_id", "lon", "lat", "year", "area_m2", "country", "region")
DEFAULT_SCHEME = "block"
GRADES = 5  # of a species: absent, recorded near by at three precisions, the survey's own


class TargetKind(StrEnum):
    """What is predicted: a set of classes, one class, or a number.

    GRADED is a way to learn sets: one of five grades of each class (`sdm.data.soft_labels`). Data sets and
    predictions are never of it.
    """

    MULTILABEL = "multilabel"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"
    GRADED = "graded"

    @property
    def predicted(self) -> TargetKind:
        """What a model that has learnt it predicts."""
        return TargetKind.MULTILABEL if self is TargetKind.GRADED else self

    @property
    def outputs(self) -> int:
        """Numbers a network gives per column of what it predicts."""
        return GRADES if self is TargetKind.GRADED else 1


@dataclass(frozen=True)
class Targets:
    """What there is to predict for each of N sites.

    `classes` has one row per column of a model (empty for regression): `class_id` (the data's own id) and
    `name`, where known also `genus`, `family`, `common_name`, or the columns named in `hierarchy`, coarse to
    fine. `values`: csr (N, S) of 0/1 for multilabel, int64 (N,) for multiclass, float32 (N,) in `unit` for
    regression. Where `known` is False the value says nothing.
    """

    kind: TargetKind
    classes: pd.DataFrame
    values: csr_matrix | np.ndarray
    known: np.ndarray
    hierarchy: tuple[str, ...] = ()
    unit: str = ""

    @property
    def class_ids(self) -> np.ndarray:
        """int64 (S,): the data's id of each column."""
        return self.classes["class_id"].to_numpy(np.int64)

    @property
    def width(self) -> int:
        """Numbers a model gives per site: S, or 1 for regression."""
        return 1 if self.kind is TargetKind.REGRESSION else len(self.classes)

    def take(self, rows: np.ndarray) -> Targets:
        """The targets of `rows`, in that order."""
        return replace(self, values=self.values[rows], known=self.known[rows])


class Reader(Protocol):
    """Where a data set's arrays come from: a tree of files, a packed store, or memory."""

    def available(self, modality: str) -> np.ndarray:
        """bool (N,): which sites have `modality`."""
        ...

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        """float32 (n, *shape) in stored units; missing values, and sites without a file, are NaN."""
        ...


@dataclass(frozen=True)
class ArrayReader:
    """Arrays in memory, one (N, *shape) per modality; an all-NaN row is a missing site."""

    arrays: Mapping[str, np.ndarray]

    def available(self, modality: str) -> np.ndarray:
        values = self.arrays[modality]
        return np.isfinite(values).any(axis=tuple(range(1, values.ndim)))

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self.arrays[modality][rows], np.float32)


@dataclass(frozen=True)
class RowReader:
    """Another reader seen through `rows`: site i of this one is site rows[i] of that one."""

    reader: Reader
    rows: np.ndarray

    def available(self, modality: str) -> np.ndarray:
        return self.reader.available(modality)[self.rows]

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        return self.reader.read(modality, self.rows[rows])


@dataclass(frozen=True)
class Dataset:
    """N sites with their targets and inputs.

    `sites` has a RangeIndex and the columns SITE_COLUMNS, then one `split_<scheme>` per split scheme with
    values such as "train", "validation", "buffer", "test", "test_near", "test_far", "po" or "".
    (source, survey_id) is the key. `modalities` are those present at any site. `fingerprint` changes whenever ids,
    classes or labels on disk do; a part of the data set, and one with revealed labels, keep that of the whole.
    `problems` are survey ids in the tables of a tree that cannot be right, by line.
    """

    name: str
    title: str
    sites: pd.DataFrame
    targets: Targets
    modalities: tuple[str, ...]
    reader: Reader
    fingerprint: str
    place: Path | None = None
    simulated: bool = False
    world_version: str | None = None
    problems: Problems = field(default_factory=Problems, compare=False)

    def __post_init__(self) -> None:
        absent = [column for column in SITE_COLUMNS if column not in self.sites]
        if absent:
            raise DataError("the table of sites lacks columns", where=self.name, got=", ".join(absent))
        if len(self.sites) != len(self.targets.known):
            raise DataError(
                "sites and targets differ in length",
                where=self.name,
                expected=len(self.sites),
                got=len(self.targets.known),
            )
        unknown = {name for name in self.modalities if name not in MODALITIES}
        if unknown:
            raise UnknownNameError(
                "unknown modality", expected=", ".join(MODALITIES), got=", ".join(sorted(unknown))
            )

    def __len__(self) -> int:
        return len(self.sites)

    def available(self, modality: str) -> np.ndarray:
        """bool (N,): which sites have `modality`, none where it is not present."""
        return self.reader.available(modality) if modality in self.modalities else np.zeros(len(self), bool)

    @property
    def schemes(self) -> tuple[str, ...]:
        """Names of the split schemes."""
        return tuple(str(c).removeprefix("split_") for c in self.sites if str(c).startswith("split_"))

    @property
    def trainable(self) -> bool:
        """Whether the target of any training survey of any scheme is known, so that anything can be learnt."""
        training = ((self._split(scheme) == "train").to_numpy() for scheme in self.schemes)
        return any(bool((rows & self.targets.known).any()) for rows in training)

    def splits(self, scheme: str = DEFAULT_SCHEME) -> dict[str, int]:
        """Surveys per split of `scheme`."""
        return {str(k): int(v) for k, v in self._split(scheme).value_counts().items() if v and k}

    def rows(self, split: str, scheme: str = DEFAULT_SCHEME) -> np.ndarray:
        """int64: the sites of `split`, ascending; an unknown split lists the known ones."""
        rows = np.flatnonzero((self._split(scheme) == split).to_numpy())
        if not rows.size:
            known = ", ".join(self.splits(scheme)) or "none"
            raise UnknownNameError(f"no survey is in split {split!r} of scheme {scheme!r}", expected=known)
        return rows

    def row_of(self, survey_id: int, source: str | None = None) -> int:
        """The row of a survey, the first where several sources have its id; DataError when there is none."""
        match = self.sites["survey_id"].to_numpy() == survey_id
        if source is not None:
            match &= (self.sites["source"] == source).to_numpy()
        rows = np.flatnonzero(match)
        if not rows.size:
            raise DataError(
                f"no survey {survey_id}", where=self.name, remedy="Survey ids are in the metadata tables."
            )
        return int(rows[0])

    @property
    def identity(self) -> str:
        """What tells it from every other data set: where it lies, and its fingerprint."""
        return f"{self.place or ''} {self.fingerprint}"

    def take(self, rows: np.ndarray) -> Dataset:
        """The data set of `rows` alone, in that order; rows may repeat."""
        return replace(
            self,
            sites=self.sites.iloc[rows].reset_index(drop=True),
            targets=self.targets.take(rows),
            reader=RowReader(self.reader, rows),
        )

    def _split(self, scheme: str) -> pd.Series:
        column = f"split_{scheme}"
        if column not in self.sites:
            raise UnknownNameError(
                "unknown split scheme", where=self.name, expected=", ".join(self.schemes), got=scheme
            )
        return self.sites[column]
