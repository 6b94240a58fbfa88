"""Landsat cubes: twenty-one years of quarterly reflectance of the survey's own pixel."""

from __future__ import annotations

import numpy as np

from sdm.world.imagery.events import draw_events
from sdm.world.imagery.fields import stream
from sdm.world.imagery.phenology import CROP_CURVE, CROP_DRY, CROP_GREEN, column, material_of
from sdm.world.imagery.season import quarter_temperature, sigmoid, soil_spectra, summer_drought, sward_spectra
from sdm.world.imagery.spectra import MATERIALS
from sdm.world.imagery.weather import YEARS, drought_of_years, quarter_anomalies
from sdm.world.place import COVERS, Places

_PURPOSE = 2
_BLOCK = 512  # places at a time keep the working arrays in the cache
_ARABLE = COVERS.index("arable")
# How far the water deficit of a summer reaches into winter, spring, summer and autumn.
_DROUGHT_OF_QUARTER = np.array([0.0, 0.3, 1.0, 0.75], np.float32)
# From Sentinel-2's reflectance x 10,000 to the composites' 0..255: their atmospheric correction leaves less in the
# visible, least in blue (formats of GeoLifeCLEF: Landsat means 15, 16, 8 against the patches' 630, 692, 461).
_TO_STORED = np.array([0.82, 0.79, 0.62, 0.95, 0.96, 0.80], np.float32) * (255.0 / 10_000.0)
_NOISE = np.array([0.06, 0.045, 0.07, 0.035, 0.035, 0.05], np.float32)  # relative, per composite
_FLOOR = np.array([0.7, 0.7, 0.6, 1.2, 1.0, 0.8], np.float32)  # absolute noise, 0..255
_LANDSAT_YEARS_KNOWN = 18  # of 21: older records end with 2017


def landsat_cubes(places: Places) -> np.ndarray:
    """Landsat cubes of `places`, float32 (N, 6, 4, 21): red, green, blue, nir, swir1, swir2 by quarter and year.

    Whole numbers 0..255 (value / 255 is reflectance), NaN where there is no clear view. Each cube is a pure
    function of its own place.
    """
    cubes = np.empty((len(places), 6, 4, len(YEARS)), np.float32)
    for start in range(0, len(places), _BLOCK):
        rows = slice(start, start + _BLOCK)
        cubes[rows] = _cubes(places[rows])
    return cubes


def _cubes(places: Places) -> np.ndarray:
    draws = _Draws(places)
    course = _Course(places)
    states = _neighbours(places, draws.uniform[:, 0])
    instead, weight = draw_events(places.centre, places.year, course.dryness, draws.uniform[:, 1:3])
    cube = course.reflectance(places.centre, draws)
    own_share = (0.80 + 0.2 * draws.uniform[:, 3])[:, None, None, None]
    cube = cube * own_share + course.reflectance(states, draws) * (1.0 - own_share)
    met = np.flatnonzero(weight.any(axis=1))
    if len(met):
        other = _Course(places[met]).reflectance(instead[met], draws.of(met))
        cube[met] += (other - cube[met]) * weight[met][:, None, None, :]
    cube = _trend(cube, draws) * _TO_STORED[:, None, None]
    cube = _observed(cube, draws)
    return np.where(_missing(places, draws)[:, None], np.nan, cube).astype(np.float32)


class _Draws:
    """The random numbers of a block of places: `uniform` (N, 8), `gaps` (N, 4, 21), `noise` (N, 6, 4, 21) …"""

    def __init__(self, places: Places) -> None:
        count = len(places)
        self.uniform = np.empty((count, 8), np.float32)
        self.gaps = np.empty((count, 4, len(YEARS)), np.float32)
        self.crops = np.empty((count, len(YEARS)), np.int64)
        self.noise = np.empty((count, 6, 4, len(YEARS)), np.float32)
        for row, key in enumerate(places.key.tolist()):
            random = stream(key, _PURPOSE)
            self.uniform[row] = random.random(8, dtype=np.float32)
            self.gaps[row] = random.random((4, len(YEARS)), dtype=np.float32)
            self.crops[row] = random.integers(0, len(CROP_GREEN), len(YEARS))
            self.noise[row] = random.standard_normal((6, 4, len(YEARS)), dtype=np.float32)

    def of(self, rows: np.ndarray) -> _Draws:
        """The draws of some of the places."""
        part = object.__new__(_Draws)
        for name, values in vars(self).items():
            setattr(part, name, values[rows])
        return part


class _Course:
    """Season and weather of a block of places, and the reflectance of any state of the land under them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.warmth = quarter_temperature(places)[:, :, None] + quarter_anomalies(places.lat)
        self.dryness = summer_drought(places).astype(np.float32)
        exceptional = 0.55 * drought_of_years(places.lon, places.lat) * (1.0 - 0.5 * places.moisture)[:, None]
        total = np.clip(self.dryness[:, None] + exceptional, 0.0, 1.0)
        self.drought = total[:, None, :] * _DROUGHT_OF_QUARTER[None, :, None]  # (N, 4, 21)
        self.soil = soil_spectra(places)
        self.sward = sward_spectra(places, np.zeros(len(places)))
        self.snow = sigmoid((-3.0 - self.warmth) / 0.9)

    def reflectance(self, state: np.ndarray, draws: _Draws) -> np.ndarray:
        """Reflectance x 10,000 of the places in `state` (N,), (N, 6, 4, 21)."""
        green, dry = self._green_share(state), self._spectra(state, "dry")
        plants, closure = self._spectra(state, "green"), column("closure")[state]
        shades = (plants[:, :, None, None], dry[:, :, None, None])
        arable = np.flatnonzero(state == _ARABLE)
        mixed = shades[0] * green[:, None] + shades[1] * (1.0 - green[:, None])
        if len(arable):
            mixed[arable] = self._crops(arable, draws.crops[arable])
        cover = closure[:, None, None, None]
        ground = self._spectra(state, "ground")[:, :, None, None]
        land = (mixed * cover + ground * (1.0 - cover)) * self._wetness()[:, :, None, None]
        hidden = (column("mast")[state])[:, None, None]
        snow = (self.snow * (1.0 - hidden))[:, None]
        return land + (MATERIALS["snow"][:, None, None] * 0.85 - land) * snow

    def _green_share(self, state: np.ndarray) -> np.ndarray:
        """Share of the plants that is green, (N, 4, 21)."""
        evergreen = column("evergreen")[state][:, None, None]
        start = column("start")[state][:, None, None]
        thirst = column("thirst")[state][:, None, None]
        active = sigmoid((self.warmth - start) / 1.8)
        return (evergreen + (1.0 - evergreen) * active) * (1.0 - thirst * self.drought)

    def _crops(self, rows: np.ndarray, crops: np.ndarray) -> np.ndarray:
        """Reflectance of arable land under the `crops` of each year, (n, 6, 4, 21); ploughed where not green."""
        curve = CROP_CURVE[crops].transpose(0, 2, 1)
        green = curve * sigmoid((self.warmth[rows] - 1.0) / 1.5) * (1.0 - 0.4 * self.drought[rows])
        plants = CROP_GREEN[crops].transpose(0, 2, 1)[:, :, None]
        dry = CROP_DRY[crops].transpose(0, 2, 1)[:, :, None]
        ploughed = np.array([0.8, 0.7, 0.25, 0.5], np.float32)[None, None, :, None]
        bare = dry * (1.0 - ploughed) + self.soil[rows][:, :, None, None] * ploughed
        return plants * green[:, None] + bare * (1.0 - green[:, None])

    def _spectra(self, state: np.ndarray, part: str) -> np.ndarray:
        return material_of(state, part, self.soil, self.sward)

    def _wetness(self) -> np.ndarray:
        """Factor per band, (N, 6): water darkens the short-wave infrared, nutrients brighten the near one."""
        wet = (self.places.moisture - 0.5)[:, None]
        rich = (self.places.nutrients - 0.5)[:, None]
        by_water = np.array([-0.15, -0.10, -0.10, 0.05, -0.55, -0.75], np.float32)
        by_food = np.array([-0.20, 0.05, -0.15, 0.30, -0.05, -0.15], np.float32)
        return np.exp(wet * by_water + rich * by_food).astype(np.float32)


def _neighbours(places: Places, draw: np.ndarray) -> np.ndarray:
    """A cover of the surroundings that shares the survey's pixel, drawn from the mixture, (N,)."""
    upto = np.cumsum(places.cover, axis=1)
    chosen = (upto < draw[:, None] * upto[:, -1:]).sum(axis=1)
    return np.minimum(chosen, len(COVERS) - 1)


def _trend(cube: np.ndarray, draws: _Draws) -> np.ndarray:
    """Greening of about 0.2 % a year in the near infrared, its own at each place, less red with it."""
    rate = 0.002 + 0.003 * (2.0 * draws.uniform[:, 4] - 1.0)
    years = (YEARS - YEARS.mean()).astype(np.float32)
    change = rate[:, None, None] * years[None, None]
    cube[:, 3] *= 1.0 + change
    cube[:, 0] *= 1.0 - change
    return cube


def _observed(cube: np.ndarray, draws: _Draws) -> np.ndarray:
    """Whole numbers 0..255 with the unrest of composites; haze moves the visible bands together."""
    noise = draws.noise.copy()
    noise[:, :3] = 0.5 * noise[:, :3] + 0.85 * noise[:, 1:2]
    level = cube * _NOISE[:, None, None] + _FLOOR[:, None, None]
    return np.clip(np.rint(cube + noise * level), 0.0, 255.0)


def _missing(places: Places, draws: _Draws) -> np.ndarray:
    """Quarters without a clear view, (N, 4, 21) bool: years after older surveys, dark northern winters."""
    index = np.arange(len(YEARS))
    old = places.year < YEARS[_LANDSAT_YEARS_KNOWN]
    ends = np.where(old, _LANDSAT_YEARS_KNOWN, np.maximum(places.year - YEARS[0] + 1, _LANDSAT_YEARS_KNOWN))
    cut = draws.uniform[:, 5] < np.where(old, 0.8, 0.4)
    unrecorded = cut[:, None] & (index[None] >= ends[:, None])
    north = np.clip((places.lat - 48.0) / 20.0, 0.0, 1.0)[:, None]
    chance = np.stack([0.02 + 0.3 * north**2, 0.004 + 0 * north, 0.002 + 0 * north, 0.006 + 0.05 * north], 1)
    return (draws.gaps < chance) | unrecorded[:, None, :]
