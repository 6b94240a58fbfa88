"""Landsat series and climate of places near the one real survey whose cubes are at hand, against those cubes.

The figures of a cube are the medians of many simulated ones around that position: the real one is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from scipy.stats import spearmanr

from sdm.analysis.simulation_check import Statement
from sdm.geo.projections import degrees_of_metres
from sdm.geo.regions import in_europe
from sdm.modalities import CLIMATE, LANDSAT
from sdm.virtual_europe.climate import climate_cubes
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery import landsat_cubes
from sdm.virtual_europe.imagery.pixel import SIDE
from sdm.virtual_europe.landscape.lattice import PIXEL, windows_at
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.sampling import draw

REAL_LON, REAL_LAT, REAL_YEAR = -2.23632, 52.721129, 2017  # degrees
SAMPLE_CUBE = "survey 5000108, GeoLifeCLEF 2025: one English survey"
OURS = "our target"
_REACH, _NEAR = 0.12, 500  # degrees of latitude around the real survey, places there
_WINTERS = 600  # training plots
_FARMED = [COVERS.index(name) for name in ("meadow", "arable")]  # green all year round: the real one is farmland
_RED, _SWIR1, _SWIR2 = (LANDSAT.channels.index(name) for name in ("red", "swir1", "swir2"))
_YEARS_OF_ALL = 18  # of Landsat: the years that no survey lacks, up to 2017

# figure of a Landsat cube -> value of the real one, allowed difference
REAL_SERIES = {
    "correlation of red and SWIR2": (0.88, 0.1),
    "correlation of SWIR1 with the year before": (0.235, 0.12),
    "seasonal amplitude of SWIR1": (9.6, 2.4),
}
# figure of a climate cube -> value of the real one, allowed difference (of the trend: its standard error)
REAL_CLIMATE = {
    "deviation of monthly temperature": (1.24, 0.2),
    "correlation with the month before": (0.34, 0.1),
    "trend of temperature": (0.05, 0.21),
}
_UNITS = {"seasonal amplitude of SWIR1": "0..255", "deviation of monthly temperature": "K",
          "trend of temperature": "K per decade"}  # fmt: skip


def series_figures(cube: np.ndarray) -> dict[str, float]:
    """The figures of REAL_SERIES of a Landsat cube (6, 4, 21).

    Correlations are those of departures from the mean of each quarter over the years, over all quarters; the
    amplitude is the range of the four quarters' means.
    """
    mean = np.nanmean(cube, axis=2)
    apart = (cube - mean[:, :, None]).transpose(0, 2, 1).reshape(len(cube), -1)  # quarter after quarter
    swir = apart[_SWIR1]
    return {
        "correlation of red and SWIR2": _correlation(apart[_RED], apart[_SWIR2]),
        "correlation of SWIR1 with the year before": _correlation(swir[4:], swir[:-4]),
        "seasonal amplitude of SWIR1": float(np.ptp(mean[_SWIR1])),
    }


def climate_figures(cube: np.ndarray) -> dict[str, float]:
    """The figures of REAL_CLIMATE of a climate cube (4, 19, 12): of departures from each month's mean."""
    mean = cube[CLIMATE.channels.index("tas")].astype(float) / 10  # K
    apart = mean - mean.mean(axis=0)
    months, decades = apart.ravel(), np.arange(len(apart)) / 10
    return {
        "deviation of monthly temperature": float(months.std()),
        "correlation with the month before": _correlation(months[1:], months[:-1]),
        "trend of temperature": float(np.polyfit(decades, apart.mean(axis=1), 1)[0]),
    }


def series_statements(seed: int) -> Iterator[Statement]:
    """Whether the Landsat series of farmland around the real survey are like its own."""
    here = around(seed)
    cubes = landsat_cubes(here)
    farmed = [series_figures(cube) for cube in cubes[np.isin(here.centre, _FARMED)]]
    for name, (real, allowed) in REAL_SERIES.items():
        median = float(np.nanmedian([figures[name] for figures in farmed]))
        yield Statement("", name, _UNITS.get(name, ""), median, real, allowed, SAMPLE_CUBE)
    missing = float(np.isnan(cubes[..., :_YEARS_OF_ALL]).mean())
    yield Statement("", "gaps up to 2017", "share", missing, 0.02, 0.015, OURS + ": a few per cent")
    agree = winters_agree(seed)
    yield Statement("", "winter NDVI and climate's temperature, by year", "", agree, 0.75, 0.25, OURS)
    yield Statement("", "same series in one 30 m pixel", "share", same_in_a_pixel(here[:100]), 1.0, 0.0, OURS)


def climate_statements(seed: int) -> Iterator[Statement]:
    """Whether temperature varies at the real survey as measured there, and more inland."""
    here = places(np.array([REAL_LON]), np.array([REAL_LAT]), REAL_YEAR, seed)
    figures = climate_figures(climate_cubes(here)[0])
    for name, (real, allowed) in REAL_CLIMATE.items():
        yield Statement("", name, _UNITS.get(name, ""), figures[name], real, allowed, SAMPLE_CUBE)
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(-9, 40, 300), random.uniform(37, 68, 300)
    land = in_europe(lon, lat)
    wide = places(lon[land], lat[land], REAL_YEAR, seed)
    spread = [climate_figures(cube)["deviation of monthly temperature"] for cube in climate_cubes(wide)]
    order = float(spearmanr(spread, wide.seasonality).statistic)
    name = "rank correlation of that deviation and the annual range"
    yield Statement("", name, "", order, 1.0, 0.2, OURS + ": at least .8")


def winters_agree(seed: int) -> float:
    """Correlation over the years of winter NDVI and the climate cubes' temperature of January to March.

    Of means over plots of the north and middle of Europe, on land that is not evergreen.
    """
    drawn = draw("train", np.arange(_WINTERS), seed).places
    here = drawn[np.isin(drawn.centre, _FARMED) & (drawn.lat > 50)]
    red, nir = (landsat_cubes(here)[:, LANDSAT.channels.index(name), 0, :19] for name in ("red", "nir"))
    greenness = np.nanmean((nir - red) / (nir + red).clip(1), axis=0)
    warmth = climate_cubes(here)[:, CLIMATE.channels.index("tas"), :, :3].mean(axis=(0, 2))
    return float(np.corrcoef(greenness, warmth)[0, 1])


def same_in_a_pixel(here: Places) -> float:
    """Share of places whose series another survey shows, at a corner of the 30 m pixel and years later."""
    at = windows_at(here.lon, here.lat)
    west, north = at.west // SIDE * SIDE, at.north // SIDE * SIDE
    lon, lat = degrees_of_metres((west + SIDE - 0.1) * PIXEL, -(north + 0.1) * PIXEL)
    one, two = (
        cubes[..., :_YEARS_OF_ALL] for cubes in map(landsat_cubes, (here, places(lon, lat, 2020, here.seed)))
    )
    return float(np.mean([np.array_equal(a, b, equal_nan=True) for a, b in zip(one, two, strict=True)]))


@lru_cache(maxsize=1)
def around(seed: int) -> Places:
    """Places of the real survey's year within some 13 km of it."""
    random = np.random.default_rng(seed)
    north, east = random.uniform(-_REACH, _REACH, (2, _NEAR))
    return places(REAL_LON + east / np.cos(np.radians(REAL_LAT)), REAL_LAT + north, REAL_YEAR, seed)


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    seen = np.isfinite(a) & np.isfinite(b)
    return float(np.corrcoef(a[seen], b[seen])[0, 1])
