"""Surveys grouped by position: one row per group, with the mean inputs and the species of all members."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, Reader, TargetKind
from sdm.data.position_groups import PositionGroups, group_by_position
from sdm.data.targets import target_matrix
from sdm.errors import DataError
from sdm.modalities import MODALITIES

CHUNK = 256  # members whose inputs are in memory at once


@dataclass(frozen=True)
class GroupedReader:
    """The mean inputs of groups, made of those of their members a few at a time.

    A value is the mean over the members that have it; a class code, of which there is no mean, is that of the
    first such member.
    """

    reader: Reader
    groups: PositionGroups

    def available(self, modality: str) -> np.ndarray:
        return self.groups.any(self.reader.available(modality))

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        rows = np.asarray(rows, np.int64)
        shape = MODALITIES[modality].shape
        total, count = np.zeros((len(rows), *shape)), np.zeros((len(rows), *shape), np.int32)
        codes = np.full((len(rows), *shape), np.nan, np.float32)
        members, place = self._members(rows)
        coded = np.flatnonzero(MODALITIES[modality].coded)
        for start in range(0, len(members), CHUNK):
            part = slice(start, start + CHUNK)
            values = self.reader.read(modality, members[part])
            _add(values, place[part], total, count)
            if coded.size:
                _first(values[:, coded], place[part], codes, coded)
        mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0).astype(np.float32)
        mean[:, coded] = codes[:, coded]
        return mean

    def _members(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """int64 (M,) each: the members of the groups `rows`, group by group, and the place of theirs in `rows`."""
        sizes = self.groups.sizes[rows]
        place = np.repeat(np.arange(len(rows)), sizes)
        within = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.groups.order[self.groups.starts[rows][place] + within], place


def _add(values: np.ndarray, place: np.ndarray, total: np.ndarray, count: np.ndarray) -> None:
    """Add the finite `values` (m, *shape) to those of their `place`, which ascends."""
    valid = np.isfinite(values)
    begins = np.flatnonzero(np.diff(place, prepend=-1))
    total[place[begins]] += np.add.reduceat(np.where(valid, values, 0), begins, dtype=np.float64)
    count[place[begins]] += np.add.reduceat(valid, begins, dtype=np.int32)


def _first(values: np.ndarray, place: np.ndarray, codes: np.ndarray, channels: np.ndarray) -> None:
    """Put the first finite one of `values` (m, channels, ...) of a place where it has none yet."""
    found = np.full((len(codes), *values.shape[1:]), np.nan, np.float32)
    for one, at in zip(values[::-1], place[::-1].tolist(), strict=True):
        found[at] = np.where(np.isfinite(one), one, found[at])
    known = codes[:, channels]
    codes[:, channels] = np.where(np.isfinite(known), known, found)


def grouped(dataset: Dataset, decimals: int) -> Dataset:
    """`dataset` with one row per group of surveys whose coordinates are equal once rounded to `decimals`.

    A group has the id, source, names and splits of its first survey, mean position, year and area, the mean inputs
    of `GroupedReader`, and every species of the members whose species are known. DataError unless the targets are
    sets of species.
    """
    targets = dataset.targets
    if targets.kind is not TargetKind.MULTILABEL:
        raise DataError("only sets of species can be joined", where=dataset.name, got=targets.kind)
    sites = dataset.sites
    groups = group_by_position(sites["lon"].to_numpy(np.float64), sites["lat"].to_numpy(np.float64), decimals)
    known, union = groups.any(targets.known), groups.union(target_matrix(targets))
    return replace(
        dataset,
        title=f"{dataset.title}, grouped by position to {decimals} decimals",
        sites=_sites(sites, groups),
        targets=replace(targets, values=union, known=known),
        reader=GroupedReader(dataset.reader, groups),
    )


def _sites(sites: pd.DataFrame, groups: PositionGroups) -> pd.DataFrame:
    table = sites.iloc[groups.first].reset_index(drop=True)
    for column in ("lon", "lat", "area_m2"):
        table[column] = groups.means(sites[column].to_numpy(np.float64, na_value=np.nan))
    year = np.rint(groups.means(sites["year"].to_numpy(np.float64, na_value=np.nan)))
    table["year"] = pd.array(np.where(np.isfinite(year), year, 0), dtype="Int32")
    table.loc[~np.isfinite(year), "year"] = pd.NA
    return table
