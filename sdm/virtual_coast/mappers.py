"""Polygons of mappers who disagree: shifted boundaries, small polygons merged, types confused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from rasterio import features
from scipy import ndimage

from sdm.geo.random_fields import field, generator
from sdm.virtual_coast.land import Land
from sdm.virtual_coast.outlines import outlines
from sdm.virtual_coast.parameters import MAPPERS, UNMAPPED, GroundType, Mapper, ground_types, main_types

_FIRST = len(UNMAPPED)


def mapped(land: Land, number: int) -> gpd.GeoDataFrame:
    """Polygons of mapper `number` (from 1): columns code, geometry.

    The first maps all localities, the others the first locality.
    """
    mapper = MAPPERS[number - 1]
    rng = generator(land.seed, land.site.name, f"mapper {number}")
    area = land.mapped if number == 1 else land.localities[0]
    seen = _merged(_shifted(land, mapper, rng), mapper, land.coast.cell_m)
    named = _confused(seen, area, land, mapper, rng)
    polygons = outlines(named, area & (named >= _FIRST), land.transform(land.coast.cell_m), land.site.crs,
                        land.coast.simplify_m)  # fmt: skip
    polygons["code"] = [ground_types()[value - _FIRST].code for value in polygons["value"]]
    return polygons[["code", "geometry"]]


def _shifted(land: Land, mapper: Mapper, rng: np.random.Generator) -> np.ndarray:
    """The cover, looked up where the mapper sees it."""
    shape, cell = land.mosaic.cover.shape, float(land.coast.cell_m)
    position = np.indices(shape).astype(np.float32)
    for axis in range(2):
        position[axis] += mapper.shift_m / cell * field(rng, shape, cell, mapper.shift_range_m, 1.5)
    row, column = np.clip(np.rint(position), 0, np.array(shape)[:, None, None] - 1).astype(np.intp)
    return land.mosaic.cover[row, column]


def _merged(cover: np.ndarray, mapper: Mapper, cell: int) -> np.ndarray:
    """Patches smaller than the mapper draws take the value of their largest neighbour."""
    smallest = max(int(mapper.smallest_m2 / cell**2), 1)
    return np.asarray(features.sieve(cover.astype(np.int16), smallest, connectivity=4))


def _confused(
    cover: np.ndarray, area: np.ndarray, land: Land, mapper: Mapper, rng: np.random.Generator
) -> np.ndarray:
    """The cover with the type the mapper gives to each patch of one type."""
    result = cover.copy()
    present = [i for i, t in enumerate(ground_types()) if t.shares[land.site.name] > 0]
    for value in np.unique(cover[area & (cover >= _FIRST)]):
        patch, count = ndimage.label((cover == value) & area)
        given = [_named(int(value) - _FIRST, present, mapper, rng, land.site.name) + _FIRST for _ in range(count)]
        inside = patch > 0
        result[inside] = np.array([0, *given])[patch[inside]]
    return result


def _named(true: int, present: list[int], mapper: Mapper, rng: np.random.Generator, site: str) -> int:
    """The ground type the mapper takes `true` for, of those of the site; its own where no other fits."""
    types = ground_types()
    main, draw = types[true].main_type, rng.random()
    alike = main_types()[main].confused_with
    choices: list[list[int]] = [
        [i for i in present if types[i].main_type == main and i != true],
        [i for i in present if types[i].main_type in alike and types[i].code[0] == main[0]],
        [i for i in present if types[i].main_type in alike and types[i].code[0] != main[0]],
    ]
    steps = np.cumsum([mapper.other_ground_type, mapper.other_main_type, mapper.other_group])
    level = int(np.searchsorted(steps, draw, side="right"))
    if level == len(steps) or not choices[level]:
        return true
    return int(rng.choice(choices[level], p=_weights(types[true], [types[i] for i in choices[level]], site)))


def _weights(true: GroundType, others: list[GroundType], site: str) -> np.ndarray:
    """How likely each of `others` is taken for `true`: the like and the common ones more."""
    far = [abs(other.lime - true.lime) / 2 + abs(other.moisture - true.moisture) / 0.2 for other in others]
    weights = np.exp(-np.array(far)) * np.sqrt([other.shares[site] for other in others])
    return np.asarray(weights / weights.sum())
