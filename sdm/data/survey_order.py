"""The order in which surveys follow one another: by distance from a place, or as in the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.record_types import presence_only, record_type
from sdm.geo.distance import great_circle_km, squared_chords


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


def following(dataset: Dataset, rows: np.ndarray, row: int, by: int, at: tuple[float, float] | None) -> int | None:
    """Return the site after `row` among `rows` (ascending), for `by` -1 the one before; the ends are joined.

    By distance from `at` (lon, lat), where sites without a position do not count, or in the order of the table.
    None where there is no site to go to.
    """
    if at is None:
        if not rows.size:
            return None
        place = np.searchsorted(rows, row, side="left" if by < 0 else "right")
        return int(rows[(place + (by if by < 0 else by - 1)) % rows.size])
    chords = _chords(dataset, rows, at)
    rows, chords = rows[np.isfinite(chords)], chords[np.isfinite(chords)]
    if not rows.size:
        return None
    here = _chords(dataset, np.array([row]), at)[0]
    if by > 0:
        ahead = (chords > here) | ((chords == here) & (rows > row))
    else:
        ahead = (chords < here) | ((chords == here) & (rows < row))
    if ahead.any():
        rows, chords = rows[ahead], chords[ahead]
    return _extreme(rows, chords, first=by > 0)


def nearness(dataset: Dataset, rows: np.ndarray, row: int, at: tuple[float, float]) -> Nearness:
    """Return how the site in `row` stands to `at` (lon, lat) among the sites in `rows`."""
    chords, alone = _chords(dataset, rows, at), presence_only(dataset)
    same = alone[rows] == alone[row]
    here = _chords(dataset, np.array([row]), at)[0]
    rank = int((chords[same] < here).sum()) if (rows == row).any() and np.isfinite(here) else None
    other = ~same & np.isfinite(chords)
    if not other.any():
        return Nearness(record_type(dataset, row), rank, ())
    first = _extreme(rows[other], chords[other], first=True)
    km = float(great_circle_km(np.sqrt(chords[other].min())))
    return Nearness(record_type(dataset, row), rank, (Nearest(first, km, record_type(dataset, first)),))


def _chords(dataset: Dataset, rows: np.ndarray, at: tuple[float, float]) -> np.ndarray:
    """Squared chords from `at`; NaN without a position."""
    lon, lat = (dataset.sites[column].to_numpy(np.float64)[rows] for column in ("lon", "lat"))
    return squared_chords(lon, lat, *at)


def _extreme(rows: np.ndarray, chords: np.ndarray, first: bool) -> int:
    """The first or the last of `rows` by distance, then by row."""
    if first:
        return int(rows[chords == chords.min()].min())
    return int(rows[chords == chords.max()].max())
