"""Landsat cubes: twenty-one years of quarterly reflectance of the survey's own pixel."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sdm.virtual_europe.imagery.course import Course
from sdm.virtual_europe.imagery.events import draw_events
from sdm.virtual_europe.imagery.phenology import CROPS
from sdm.virtual_europe.imagery.weather import YEARS
from sdm.virtual_europe.place import COVERS, Places

_PURPOSE = 2
_BLOCK = 512  # places at a time keep the working arrays in the cache
_LEAST_OWN = 0.8  # share of the pixel under the survey's own cover
# From Sentinel-2's reflectance x 10,000 to the composites' 0..255: their atmospheric correction leaves less in the
# visible, least in blue (GeoLifeCLEF 2025: Landsat means 15, 16, 8 against the patches' 630, 692, 461).
_TO_STORED = np.array([0.82, 0.79, 0.62, 0.95, 0.96, 0.80], np.float32) * (255.0 / 10_000.0)
# What no average over the years removes: age, density and species of the stand, relative per band.
_STAND = np.array([0.14, 0.12, 0.14, 0.09, 0.10, 0.13], np.float32)
_NOISE = np.array([0.06, 0.045, 0.07, 0.035, 0.035, 0.05], np.float32)  # relative, per composite
_FLOOR = np.array([0.7, 0.7, 0.6, 1.2, 1.0, 0.8], np.float32)  # absolute, 0..255
_GREENING, _GREENING_SPREAD = 0.002, 0.003  # near infrared a year, relative
_RECORDED = 18  # of 21 years: older records end with 2017
_CUT_OLD, _CUT_NEW = 0.8, 0.4  # share of records that end with the survey


def stream(key: int, purpose: int) -> np.random.Generator:
    """The random numbers of one place for one `purpose`; different purposes are independent."""
    return np.random.Generator(np.random.SFC64((key, purpose)))


def landsat_cubes(places: Places) -> np.ndarray:
    """Landsat cubes of `places`, float32 (N, 6, 4, 21): red, green, blue, nir, swir1, swir2 by quarter and year.

    Whole numbers 0..255 (value / 255 is reflectance), NaN where there is no clear view. Each cube is a pure
    function of its own place.
    """
    cubes = np.empty((len(places), 6, 4, len(YEARS)), np.float32)
    for start in range(0, len(places), _BLOCK):
        rows = slice(start, start + _BLOCK)
        draws = _draw(places[rows])
        cubes[rows] = _observe(_land(places[rows], draws), draws)
        cubes[rows].swapaxes(0, 1)[:, _missing(places[rows], draws)] = np.nan
    return cubes


@dataclass(frozen=True)
class _Draws:
    """The random numbers of N places."""

    neighbour: np.ndarray  # (N,) uniform, as are the next four
    event: np.ndarray  # (N, 2) whether and which, when
    own: np.ndarray  # (N,)
    trend: np.ndarray  # (N,)
    cut: np.ndarray  # (N,)
    gaps: np.ndarray  # (N, 4, 21) uniform
    crops: np.ndarray  # (N, 21) rows of CROPS
    stand: np.ndarray  # (N, 6) normal
    noise: np.ndarray  # (N, 6, 4, 21) normal

    def __getitem__(self, rows: np.ndarray) -> _Draws:
        return _Draws(*(getattr(self, f.name)[rows] for f in fields(self)))


def _draw(places: Places) -> _Draws:
    years = len(YEARS)
    shapes = ((len(places), 6), (len(places), 4, years), (len(places), 6), (len(places), 6, 4, years))
    uniform, gaps, stand, noise = (np.empty(shape, np.float32) for shape in shapes)
    crops = np.empty((len(places), years), np.int64)
    for row, key in enumerate(places.key.tolist()):
        random = stream(key, _PURPOSE)
        random.random(out=uniform[row], dtype=np.float32)
        random.random(out=gaps[row], dtype=np.float32)
        random.standard_normal(out=stand[row], dtype=np.float32)
        random.standard_normal(out=noise[row], dtype=np.float32)
        crops[row] = random.integers(0, len(CROPS), years)
    neighbour, own, trend, cut = uniform[:, :4].T
    return _Draws(neighbour, uniform[:, 4:], own, trend, cut, gaps, crops, stand, noise)


def _land(places: Places, draws: _Draws) -> np.ndarray:
    """Reflectance x 10,000 before any noise, (N, 6, 4, 21): the own cover, a neighbour, events, trend."""
    course = Course(places)
    own_share = (_LEAST_OWN + (1.0 - _LEAST_OWN) * draws.own)[:, None, None, None]
    beside = course.reflectance(_neighbours(places, draws.neighbour), draws.crops)
    land = beside + (course.reflectance(places.centre, draws.crops) - beside) * own_share
    instead, weight = draw_events(places.centre, places.year, course.dryness, draws.event)
    met = np.flatnonzero(weight.any(axis=1))
    if len(met):
        other = Course(places[met]).reflectance(instead[met], draws.crops[met])
        land[met] += (other - land[met]) * weight[met][:, None, None, :]
    rate = _GREENING + _GREENING_SPREAD * (2.0 * draws.trend - 1.0)
    change = (rate[:, None] * (YEARS - YEARS.mean()))[:, None, :]
    land[:, 3] *= 1.0 + change
    land[:, 0] *= 1.0 - change
    return land


def _neighbours(places: Places, draw: np.ndarray) -> np.ndarray:
    """A cover of the surroundings that shares the survey's pixel, drawn from the mixture, (N,)."""
    upto = np.cumsum(places.cover, axis=1)
    chosen = (upto < draw[:, None] * upto[:, -1:]).sum(axis=1)
    return np.minimum(chosen, len(COVERS) - 1)


def _observe(land: np.ndarray, draws: _Draws) -> np.ndarray:
    """Whole numbers 0..255 with the unrest of composites; haze moves the visible bands together."""
    signal = land * (_TO_STORED * np.exp(_STAND * draws.stand))[:, :, None, None]
    noise = draws.noise.copy()
    noise[:, :3] = 0.5 * noise[:, :3] + 0.85 * noise[:, 1:2]
    level = signal * _NOISE[:, None, None] + _FLOOR[:, None, None]
    return np.clip(np.rint(signal + noise * level), 0.0, 255.0)


def _missing(places: Places, draws: _Draws) -> np.ndarray:
    """Quarters without a clear view, (N, 4, 21) bool: years after older surveys, dark northern winters."""
    old = places.year < YEARS[_RECORDED]
    ends = np.where(old, _RECORDED, places.year - YEARS[0] + 1)
    cut = draws.cut < np.where(old, _CUT_OLD, _CUT_NEW)
    unrecorded = cut[:, None] & (np.arange(len(YEARS)) >= ends[:, None])
    north = np.clip((places.lat - 48.0) / 20.0, 0.0, 1.0)
    rare = np.full_like(north, 0.003)
    chance = np.stack([0.02 + 0.3 * north**2, rare, rare, 0.006 + 0.05 * north], axis=1)
    return (draws.gaps < chance[:, :, None]) | unrecorded[:, None, :]
