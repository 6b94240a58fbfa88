"""Landsat cubes: twenty-one years of quarterly reflectance of the 30 m pixel a survey lies in.

Two surveys in one pixel have the same series, but for the years after older surveys, which are not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.hashing import uniform
from sdm.virtual_europe.imagery.course import Course
from sdm.virtual_europe.imagery.events import draw_events
from sdm.virtual_europe.imagery.pixel import LandsatPixels, landsat_pixels
from sdm.virtual_europe.imagery.stands import stands
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.weather import YEARS

_PURPOSE = 2
_BLOCK = 512  # places at a time keep the working arrays in the cache
# From Sentinel-2's reflectance x 10,000 to the composites' 0..255: their atmospheric correction leaves less in the
# visible, least in blue (GeoLifeCLEF 2025: Landsat means 15, 16, 8 against the patches' 630, 692, 461).
_TO_STORED = np.array([0.82, 0.79, 0.62, 0.95, 0.96, 0.80], np.float32) * (255.0 / 10_000.0)
# Unrest of composites, relative: sun and view in all bands, haze in the visible ones, and each band's own.
_LIGHT, _HAZE = 0.03, np.array([0.03, 0.02, 0.05, 0.0, 0.0, 0.0], np.float32)
_NOISE = np.array([0.03, 0.02, 0.03, 0.015, 0.015, 0.02], np.float32)
_FLOOR = np.array([0.3, 0.3, 0.25, 0.6, 0.4, 0.3], np.float32)  # absolute, 0..255
# Quarters without a clear view are filled from a year beside (Witjes et al. 2023, doi:10.7717/peerj.15478).
_FILLED = np.array([0.16, 0.10, 0.06, 0.10], np.float32)
_GREENING, _GREENING_SPREAD = 0.002, 0.003  # near infrared a year, relative
_RECORDED = 18  # of 21 years: older records end with 2017
_CUT_OLD, _CUT_NEW = 0.8, 0.4  # share of records that end with the survey


def landsat_cubes(places: Places) -> np.ndarray:
    """Landsat cubes of `places`, float32 (N, 6, 4, 21): red, green, blue, nir, swir1, swir2 by quarter and year.

    Whole numbers 0..255 (value / 255 is reflectance), NaN where there is no clear view. Each cube is a pure
    function of its own place.
    """
    cubes = np.empty((len(places), 6, 4, len(YEARS)), np.float32)
    for start in range(0, len(places), _BLOCK):
        rows = slice(start, start + _BLOCK)
        cubes[rows] = composites(landsat_pixels(places[rows]))
        cubes[rows].swapaxes(0, 1)[:, _unrecorded(places[rows])] = np.nan
    return cubes


def composites(pixels: LandsatPixels) -> np.ndarray:
    """The whole series of pixels, as `landsat_cubes`, no year left out."""
    draws = _draw(pixels)
    seen = _observe(_land(pixels), draws)
    seen.swapaxes(0, 1)[:, _missing(pixels, draws)] = np.nan
    return seen


@dataclass(frozen=True)
class _Draws:
    """The random numbers of the composites of N pixels."""

    gaps: np.ndarray  # (N, 4, 21) uniform
    filled: np.ndarray  # (N, 4, 21) uniform
    noise: np.ndarray  # (N, 8, 4, 21) normal: light, haze, the six bands


def _draw(pixels: LandsatPixels) -> _Draws:
    years = len(YEARS)
    uniforms = np.empty((len(pixels), 2, 4, years), np.float32)
    noise = np.empty((len(pixels), 8, 4, years), np.float32)
    for row, key in enumerate(pixels.key.tolist()):
        random = np.random.Generator(np.random.SFC64((key, _PURPOSE)))
        random.random(out=uniforms[row], dtype=np.float32)
        random.standard_normal(out=noise[row], dtype=np.float32)
    return _Draws(uniforms[:, 0], uniforms[:, 1], noise)


def _land(pixels: LandsatPixels) -> np.ndarray:
    """Reflectance x 10,000 before any noise, (N, 6, 4, 21): the parcels of each pixel, their events, the trend."""
    course, parts = Course(pixels), pixels.parts
    standing = stands(parts)
    of_parts = course.reflectance(parts.cover, standing)
    instead, weight = draw_events(parts.cover, course.dryness[parts.pixel], standing.event)
    met = np.flatnonzero(weight.any(axis=1))
    if len(met):
        other = course.reflectance(instead[met], standing[met])
        of_parts[met] += (other - of_parts[met]) * weight[met][:, None, None, :]
    of_parts *= parts.share[:, None, None, None]
    land = np.zeros((len(pixels), *of_parts.shape[1:]), np.float32)
    for number in range(int(parts.number.max(initial=-1)) + 1):  # one by one, so that a pixel ignores its batch
        mine = parts.number == number
        land[parts.pixel[mine]] += of_parts[mine]
    rate = _GREENING + _GREENING_SPREAD * (2.0 * uniform(pixels.commune, "trend") - 1.0)
    change = (rate[:, None] * (YEARS - YEARS.mean()))[:, None, :]
    land[:, 3] *= 1.0 + change
    land[:, 0] *= 1.0 - change
    return land


def _observe(land: np.ndarray, draws: _Draws) -> np.ndarray:
    """Whole numbers 0..255 with the unrest of composites, cloudy quarters filled from a year beside."""
    signal = land * _TO_STORED[:, None, None]
    light, haze, own = draws.noise[:, :1], draws.noise[:, 1:2], draws.noise[:, 2:]
    seen = signal * (1.0 + _LIGHT * light + _HAZE[:, None, None] * haze)
    seen += own * (signal * _NOISE[:, None, None] + _FLOOR[:, None, None])
    before = np.concatenate([seen[..., 1:2], seen[..., :-1]], axis=-1)
    after = np.concatenate([seen[..., 1:], seen[..., -2:-1]], axis=-1)
    share = _FILLED[:, None]
    beside = np.where((draws.filled < share / 2)[:, None], before, after)
    filled = (draws.filled < share)[:, None]
    return np.clip(np.rint(np.where(filled, beside, seen)), 0.0, 255.0)


def _missing(pixels: LandsatPixels, draws: _Draws) -> np.ndarray:
    """Quarters that nothing could fill, (N, 4, 21) bool: most often dark northern winters."""
    north = np.clip((pixels.lat - 48.0) / 20.0, 0.0, 1.0)
    rare = np.full_like(north, 0.003)
    chance = np.stack([0.02 + 0.3 * north**2, rare, rare, 0.006 + 0.05 * north], axis=1)
    return np.asarray(draws.gaps < chance[:, :, None])


def _unrecorded(places: Places) -> np.ndarray:
    """Years after older surveys, (N, 4, 21) bool."""
    old = places.year < YEARS[_RECORDED]
    ends = np.where(old, _RECORDED, places.year - YEARS[0] + 1)
    cut = uniform(places.key, "landsat cut") < np.where(old, _CUT_OLD, _CUT_NEW)
    after = cut[:, None] & (np.arange(len(YEARS)) >= ends[:, None])
    return np.repeat(after[:, None], 4, axis=1)
