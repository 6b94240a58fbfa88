"""The order in which surveys follow one another: by distance from a place, or as in the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.record_types import presence_only, record_type
from sdm.geo.distance import SiteIndex, great_circle_km


@dataclass(frozen=True)
class Nearest:
    """The site of one record type that is nearest to a place."""

    row: int
    km: float
    record: str


@dataclass(frozen=True)
class Nearness:
    """How a site stands to a place among those shown: `record` is its type.

    `rank` counts those of its type that are nearer, None where it is not shown itself; `others` are the nearest
    sites of other types.
    """

    record: str
    rank: int | None
    others: tuple[Nearest, ...]


def following(index: SiteIndex, rows: np.ndarray, row: int, by: int, at: tuple[float, float] | None) -> int | None:
    """Return the site after `row` among `rows` (ascending), for `by` -1 the one before; the ends are joined.

    By distance from `at` (lon, lat), where only those with a position, which `index` holds, count, or in the order
    of the table. None where there is no site to go to.
    """
    if at is None:
        if not rows.size:
            return None
        place = np.searchsorted(rows, row, side="left" if by < 0 else "right")
        return int(rows[(place + (by if by < 0 else by - 1)) % rows.size])
    rows, chords, here = index.rows, index.squared_chords(*at), _chord(index, row, at)
    if not rows.size:
        return None
    if by > 0:
        ahead = (chords > here) | ((chords == here) & (rows > row))
    else:
        ahead = (chords < here) | ((chords == here) & (rows < row))
    if ahead.any():
        rows, chords = rows[ahead], chords[ahead]
    return _extreme(rows, chords, first=by > 0)


def nearness(dataset: Dataset, index: SiteIndex, row: int, at: tuple[float, float]) -> Nearness:
    """Return how the site in `row` stands to `at` (lon, lat) among the sites of `index`."""
    chords, here = index.squared_chords(*at), _chord(index, row, at)
    alone = presence_only(dataset)
    same = alone[index.rows] == alone[row]
    rank = int((same & (chords < here)).sum()) if row in index else None
    if same.all():
        return Nearness(record_type(dataset, row), rank, ())
    first = _extreme(index.rows[~same], chords[~same], first=True)
    km = float(great_circle_km(np.sqrt(chords[~same].min())))
    return Nearness(record_type(dataset, row), rank, (Nearest(first, km, record_type(dataset, first)),))


def _chord(index: SiteIndex, row: int, at: tuple[float, float]) -> float:
    """The squared chord from `at` to any site of the table; NaN without a position."""
    return float(SiteIndex(index.points, np.array([row])).squared_chords(*at)[0])


def _extreme(rows: np.ndarray, chords: np.ndarray, first: bool) -> int:
    """The first or the last of `rows` by distance, then by row."""
    if first:
        return int(rows[chords == chords.min()].min())
    return int(rows[chords == chords.max()].max())
