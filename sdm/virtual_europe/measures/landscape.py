"""Whether the patches show one landscape: overlaps of a year, boundaries of two years, ponds, bright clouds."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import label

from sdm.analysis.simulation_check import Statement
from sdm.geo.coastline import is_land
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery import render_patches
from sdm.virtual_europe.imagery.patch import SIZE
from sdm.virtual_europe.landscape.lattice import windows_at
from sdm.virtual_europe.place import Places

PAIRS, YEAR = 100, 2018
_FARTHEST = 0.004  # degrees between the two places of a pair
_NIR, _DARK, _SPECK = 3, 400, 3  # a pond of up to so many pixels, darker than this in the near infrared
_FARMLAND = (8.4, 55.2, 10.2, 57.0)  # west, south, east, north of farmland that has few lakes
OURS = "our target"


def landscape_statements(seed: int) -> list[Statement]:
    """Rows 1 and 12 of what version 2 promises."""
    first, second = _pairs(seed)
    images = render_patches(first), render_patches(second)
    later = render_patches(places(first.lon, first.lat, YEAR + 1, seed))
    farmland = render_patches(_on_land(PAIRS, 2, _FARMLAND, seed))
    differing, alike = _differing(first, second, *images), _edges_alike(images[0], later)
    return [
        Statement("", f"pixels that differ where {PAIRS} pairs of patches overlap", "", differing, 0, 0, OURS),
        Statement("", "edges of two years at one place, correlation", "", alike, 0.6, 0.4, OURS),
        Statement("", "specks of water per patch of farmland", "", _specks(farmland), 0, 0.5, OURS),
    ]


def _on_land(count: int, draw: int, box: tuple[float, float, float, float], seed: int) -> Places:
    random = np.random.default_rng(draw)
    west, south, east, north = box
    lon, lat = random.uniform(west, east, 4 * count), random.uniform(south, north, 4 * count)
    here = np.flatnonzero(is_land(lon, lat))[:count]
    return places(lon[here], lat[here], YEAR, seed)


def _pairs(seed: int) -> tuple[Places, Places]:
    first = _on_land(PAIRS, 1, (-8.0, 37.0, 28.0, 69.0), seed)
    random = np.random.default_rng(3)
    lon, lat = (axis + random.uniform(-_FARTHEST, _FARTHEST, PAIRS) for axis in (first.lon, first.lat))
    return first, places(lon, lat, YEAR, seed)


def _differing(first: Places, second: Places, one: np.ndarray, other: np.ndarray) -> float:
    """Number of pixels that two patches show differently."""
    here, there = (windows_at(some.lon, some.lat) for some in (first, second))
    total = 0
    for i, (right, down) in enumerate(zip(there.west - here.west, there.north - here.north, strict=True)):
        shared = one[i][:, max(down, 0) : SIZE + down, max(right, 0) : SIZE + right]
        same = other[i][:, max(-down, 0) : SIZE - down, max(-right, 0) : SIZE - right]
        if abs(down) < SIZE and abs(right) < SIZE:
            total += int((shared != same).any(axis=0).sum())
    return float(total)


def _edges_alike(before: np.ndarray, after: np.ndarray) -> float:
    """Median over places of the correlation of local contrast in the near infrared."""
    steps = [
        np.abs(np.diff(images[:, _NIR].astype(float), axis=2)).reshape(len(images), -1)
        for images in (before, after)
    ]
    return float(np.median([np.corrcoef(*pair)[0, 1] for pair in zip(*steps, strict=True)]))


def _specks(patches: np.ndarray) -> float:
    """Mean number of dark spots of `_SPECK` pixels or less."""
    counts = []
    for patch in patches:
        spots = label((patch[_NIR] < _DARK) & (patch[_NIR] >= 0), np.ones((3, 3)))[0]
        sizes = np.bincount(spots.ravel())[1:]
        counts.append(int((sizes <= _SPECK).sum()))
    return float(np.mean(counts))
