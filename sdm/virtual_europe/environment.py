"""The 64 environment columns of a place, in the units the tables are stored in."""

from __future__ import annotations

import numpy as np

from sdm.geo.hashing import normal, uniform
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.virtual_europe.climate import monthly_normals
from sdm.virtual_europe.place import COVERS, Places

_COLUMN = {name: i for i, name in enumerate(COVERS)}

# MCD12Q1 codes of each cover, in the order of COVERS: IGBP, Maryland, leaf area, BIOME-BGC, plant functional type,
# LCCS1 cover, LCCS2 use, LCCS3 hydrology (user guide to collection 6.1, tables 3-10).
_MODIS_CODES = np.array([
    (4, 4, 6, 4, 4, 14, 20, 20),     # broadleaf forest
    (1, 1, 7, 1, 1, 11, 10, 10),     # conifer forest
    (7, 7, 2, 5, 5, 43, 40, 40),     # shrub
    (10, 10, 1, 6, 6, 31, 30, 30),   # dry grassland
    (10, 10, 1, 6, 6, 31, 30, 30),   # meadow
    (12, 12, 3, 6, 7, 31, 36, 30),   # arable
    (14, 14, 3, 5, 7, 41, 35, 40),   # vineyard and orchard
    (11, 11, 1, 6, 6, 31, 20, 50),   # wetland
    (7, 7, 2, 5, 5, 43, 40, 40),     # heath
    (10, 10, 1, 6, 6, 31, 30, 30),   # alpine sward
    (16, 15, 9, 7, 11, 1, 1, 1),     # rock and scree
    (15, 15, 9, 7, 10, 2, 2, 2),     # snow and ice
    (16, 15, 9, 7, 11, 1, 1, 1),     # sand and dune
    (17, 0, 0, 0, 0, 3, 3, 3),       # water
    (13, 13, 10, 8, 9, 1, 9, 1),     # built-up
])  # fmt: skip
_SAVANNA = (8, 8, 4, 4, 4, 21, 20, 20)  # a mosaic in which trees stand without closing


def environment(places: Places) -> np.ndarray:
    """(N, 64) float32, columns in the order of `sdm.modalities.ENVIRONMENT_VARIABLES`.

    NaN: soil under water, ice and most towns, as in SoilGrids; a few elevations and footprints at random.
    """
    parts = [bioclim(places), _elevation(places), _land_cover(places), _soil(places), _footprint(places)]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _quarters(monthly: np.ndarray) -> np.ndarray:
    """(N, 12) sums of each month and the two after it, the year wrapped."""
    return monthly + np.roll(monthly, -1, axis=1) + np.roll(monthly, -2, axis=1)


def bioclim(places: Places) -> np.ndarray:
    """(N, 19) Bio1..Bio19 (O'Donnell & Ignizio 2012) of the normal year, °C and mm."""
    mean, daily, rain = monthly_normals(places)
    high, low = mean + daily * 0.52, mean - daily * 0.48
    warmth, wet = _quarters(mean) / 3, _quarters(rain)
    row = np.arange(len(places))
    wettest, driest = wet.argmax(1), wet.argmin(1)
    warmest, coldest = warmth.argmax(1), warmth.argmin(1)
    span = high.max(1) - low.min(1)
    return np.column_stack([
        mean.mean(1), daily.mean(1), 100 * daily.mean(1) / span, mean.std(1) * 100, high.max(1), low.min(1), span,
        warmth[row, wettest], warmth[row, driest], warmth.max(1), warmth.min(1), rain.sum(1), rain.max(1),
        rain.min(1), 100 * rain.std(1) / rain.mean(1), wet.max(1), wet.min(1), wet[row, warmest],
        wet[row, coldest],
    ]).round(2)  # fmt: skip


def _elevation(places: Places) -> np.ndarray:
    metres = np.rint(places.elevation + 3 * normal(places.key, "aster"))
    return np.where(uniform(places.key, "aster gap") < 0.002, np.nan, metres)[:, None]


def _land_cover(places: Places) -> np.ndarray:
    """(N, 13) MODIS layers at 500 m: the landscape's main cover, its confidence in per cent, and flags."""
    main = places.cover.argmax(axis=1)
    codes = _MODIS_CODES[main].astype(float)
    strength = places.cover.max(axis=1)
    trees = places.cover[:, :2].sum(axis=1)
    broken = (strength < 0.4) & (trees > 0.15)
    codes[broken] = _SAVANNA
    mixed = places.cover[:, :2].min(axis=1) > 0.22
    codes[mixed, 0] = codes[mixed, 1] = 5
    arable = places.cover[:, _COLUMN["arable"]]
    mosaic = ~broken & (main == _COLUMN["arable"]) & (arable < 0.5)
    codes[mosaic, 0] = codes[mosaic, 1] = 14
    noise = 6 * normal(places.key, "assessment")
    confidence = np.clip(np.rint(38 + 60 * strength + noise), 15, 100)
    use = np.clip(confidence - 3 + np.rint(4 * normal(places.key, "use")), 10, 100)
    water = np.where(main == _COLUMN["water"], 1, 2)
    quality = np.where(main == _COLUMN["water"], 3, np.where(uniform(places.key, "quality") < 0.03, 8, 0))
    return np.column_stack([codes[:, :5], confidence, use, confidence, codes[:, 5:], quality, water])


def _soil(places: Places) -> np.ndarray:
    """(N, 9) SoilGrids integers: bdod, cec, cfvo, clay, nitrogen, phh2o, sand, silt, soc."""
    x, y = laea_km(places.lon, places.lat)
    blur = fractal(x, y, "soilgrids", 8, 3)
    cool = np.clip((11 - places.temperature) / 12, -0.5, 1.3)
    peat = places.cover[:, _COLUMN["wetland"]] + places.cover[:, _COLUMN["heath"]]
    carbon = np.exp(3.15 + 0.75 * cool + 1.0 * peat + 0.5 * places.moisture + 0.12 * blur) * 10
    clay = np.clip(places.clay + 0.02 * blur, 0.02, 0.8)
    sand = np.clip(places.sand - 0.02 * blur, 0.02, 0.95)
    silt = np.clip(1 - clay - sand, 0.01, 1)
    stones = np.clip(0.04 + 0.016 * places.slope + 0.05 * places.elevation / 1000, 0.01, 0.7)
    reaction = places.reaction + 0.12 * blur + 0.15 * normal(places.key, "ph map")
    columns = np.rint(np.column_stack([
        np.clip(150 - 22 * np.log(carbon / 200), 35, 170), (4 + 45 * clay + 0.025 * carbon) * 10,
        stones * 1000,
        clay * 1000, carbon * (0.75 + 0.25 * places.nutrients) * 0.9, np.clip(reaction * 10, 34, 88),
        sand * 1000, silt * 1000, carbon,
    ]))  # fmt: skip
    bare = places.cover[:, [_COLUMN["water"], _COLUMN["snow and ice"]]].sum(axis=1)
    sealed = places.cover[:, _COLUMN["built-up"]]
    missing = (bare > 0.35) | (sealed > 0.5) | (uniform(places.key, "soil gap") < 0.02)
    columns[missing] = np.nan
    return columns


# Footprint layers: base rate, and how it grows with arable, meadow, forest, built-up, vineyard, roads.
_FOOTPRINT = {
    "cemetery": (0.02, 0, 0, 0, 0.5, 0, 0.2), "reservoir": (0.03, 0.1, 0, 0, 0, 0, 0),
    "greenhouse": (0.01, 0.2, 0, 0, 0.1, 0.3, 0), "farmland": (0.05, 9.0, 1.5, 0, 0, 1.0, 0),
    "building-copernicus": (0.05, 0.2, 0.2, 0, 9.0, 0, 1.5), "forest": (0.2, 0, 0, 9.0, 0, 0, 0),
    "harbour": (0.005, 0, 0, 0, 0.1, 0, 0), "building-residential": (0.05, 0, 0.1, 0, 8.0, 0, 1.0),
    "building-commercial": (0.01, 0, 0, 0, 3.0, 0, 0.6), "grass": (0.1, 0, 5.0, 0, 1.0, 0, 0),
    "quarry": (0.02, 0.1, 0, 0.1, 0.1, 0, 0), "road": (0.1, 0.3, 0.3, 0, 3.0, 0, 6.0),
    "salt": (0.002, 0, 0, 0, 0, 0, 0), "building-industrial": (0.02, 0, 0, 0, 4.0, 0, 0.8),
    "vineyard": (0.01, 0, 0, 0, 0, 7.0, 0), "military": (0.02, 0, 0.1, 0.2, 0.1, 0, 0),
    "construction-site": (0.005, 0, 0, 0, 0.6, 0, 0.2), "orchard": (0.02, 0.1, 0.1, 0, 0, 5.0, 0),
    "meadow": (0.1, 0, 7.0, 0, 0, 0, 0), "farmyard": (0.03, 1.0, 1.0, 0, 0.2, 0.5, 0.2),
    "dump-site": (0.005, 0, 0, 0, 0.3, 0, 0.1), "railway": (0.02, 0, 0, 0, 1.5, 0, 1.5),
}  # fmt: skip


def _footprint(places: Places) -> np.ndarray:
    """(N, 22) intensities 0..10 of human use within a kilometre; most layers are 0 at most places."""
    cover = places.cover
    drivers = np.column_stack([
        np.ones(len(places)), cover[:, _COLUMN["arable"]], cover[:, _COLUMN["meadow"]], cover[:, :2].sum(axis=1),
        cover[:, _COLUMN["built-up"]], cover[:, _COLUMN["vineyard and orchard"]], places.roads,
    ])  # fmt: skip
    expected = drivers @ np.array(list(_FOOTPRINT.values())).T
    noise = np.column_stack([uniform(places.key, f"footprint {name}") for name in _FOOTPRINT])
    value = np.clip(expected * np.exp(1.2 * (noise - 0.5)) - 0.6 * noise, 0, 10).round(3)
    value[uniform(places.key, "footprint gap") < 0.004] = np.nan
    return value
