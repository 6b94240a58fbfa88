"""Time series of season and weather of Landsat pixels, and the reflectance of the land under them."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.climate import temperature_departures
from sdm.virtual_europe.imagery.phenology import CROP_CURVE, CROP_DRY, CROP_GREEN, column, material_of
from sdm.virtual_europe.imagery.pixel import LandsatPixels
from sdm.virtual_europe.imagery.season import (
    lushness,
    quarter_temperature,
    soil_spectra,
    summer_drought,
    sward_of,
)
from sdm.virtual_europe.imagery.spectra import BANDS, MATERIALS
from sdm.virtual_europe.imagery.stands import Stands, normals
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.soil import sigmoid
from sdm.virtual_europe.weather import YEARS, by_quarter, drought_of_years, quarter_wetness

_ARABLE, _WATER = COVERS.index("arable"), COVERS.index("water")
_NIR = BANDS.index("nir")
# How far the water deficit of a summer, and the plough, reach into winter, spring, summer and autumn.
_DROUGHT_OF_QUARTER = np.array([0.0, 0.3, 1.0, 0.75], np.float32)
_PLOUGHED_IN_QUARTER = np.array([0.8, 0.7, 0.25, 0.5], np.float32)
# Wet ground and wet leaves darken all bands, the short-wave infrared most (Lobell & Asner 2002): logarithm of the
# reflectance per unit of wetness, which is 1 for the difference of an average winter and an average year.
_BY_WETNESS = np.array([-0.09, -0.06, -0.07, -0.03, -0.08, -0.10], np.float32)
_WET_IN_QUARTER = np.array([0.7, 0.4, -0.85, -0.25], np.float32)
_WEATHER, _LOCAL, _DRY_SPELL, _SOIL_WATER = 0.5, 0.7, 1.5, 1.0
_LASTING = 0.6  # correlation of a commune's wetness with the same quarter of the year before
_SPARSE = 0.08  # share of the ground that a stand of one deviation less vigour leaves bare
_USE = 0.2  # lushness of grass per deviation of vigour: manure, breeding and grazing matter more than the soil
_ADAPTED = 0.4  # K per K: plants of cold lands grow at lower temperatures than the same plants of warm ones
# Light that plants scatter in the near infrared in each quarter: young leaves most, thin ones under low sun least.
_LEAVES = np.array([0.88, 1.10, 1.03, 0.95], np.float32)
# Composites catch it old or thin; of snow their correction takes less in blue than of land (landsat.py).
_SNOW = np.array([0.85, 0.87, 1.08, 0.77, 0.85, 0.85], np.float32) * MATERIALS["snow"]


class Course:
    """Season and weather of N Landsat pixels over the 4 quarters and 21 years.

    `warmth` is the temperature of each quarter (°C), `drought` its lack of water, `wetness` that of the ground and
    `snow` its cover of snow in the open (0..1), all (N, 4, 21); `dryness` (N,) is the drought of a usual summer.
    """

    def __init__(self, pixels: LandsatPixels) -> None:
        departures = temperature_departures(pixels.lon, pixels.lat, pixels.seasonality)
        self.warmth = quarter_temperature(pixels)[:, :, None] + by_quarter(departures)
        self.dryness = summer_drought(pixels)
        exceptional = 0.55 * drought_of_years(pixels.lon, pixels.lat) * (1.0 - 0.5 * pixels.moisture)[:, None]
        yearly = np.clip(self.dryness[:, None] + exceptional, 0.0, 1.0)
        self.drought = yearly[:, None, :] * _DROUGHT_OF_QUARTER[:, None]
        self.wetness = _wetness(pixels) - _DRY_SPELL * exceptional[:, None] * _DROUGHT_OF_QUARTER[:, None]
        self.snow = sigmoid((-3.0 - self.warmth) / 0.9)
        self._darkening = np.exp(self.wetness[:, None] * _BY_WETNESS[:, None, None])
        self._soil, self._lushness = soil_spectra(pixels), lushness(pixels)
        self._adapted = (_ADAPTED * (pixels.temperature - 9.0))[:, None, None].astype(np.float32)

    def reflectance(self, state: np.ndarray, stands: Stands) -> np.ndarray:
        """Reflectance x 10,000 of the stands in `state` (K,), an index of STATE_NAMES; (K, 6, 4, 21)."""
        plants = self._plants(state, stands)
        arable = np.flatnonzero(state == _ARABLE)
        if len(arable):
            plants[arable] = self._crops(stands[arable])
        plants[:, _NIR] *= _LEAVES[:, None]
        closure = column("closure")[state] * np.clip(1 + _SPARSE * (stands.vigour - 0.5), 0.5, 1.0)
        closure = closure[:, None, None, None].astype(np.float32)
        land = plants * closure + self._spectra(state, "ground", stands) * (1.0 - closure)
        land *= stands.tone[:, :, None, None]
        dry = np.flatnonzero(state != _WATER)
        land[dry] *= self._darkening[stands.pixel[dry]]
        snow = (self.snow[stands.pixel] * (1.0 - column("mast")[state])[:, None, None])[:, None]
        return land + (_SNOW[:, None, None] - land) * snow

    def _plants(self, state: np.ndarray, stands: Stands) -> np.ndarray:
        """Green and dry plants mixed by season, warmth, drought and use, (K, 6, 4, 21)."""
        evergreen, start, thirst, unrest = (
            column(name)[state][:, None, None] for name in ("evergreen", "start", "thirst", "unrest")
        )
        active = sigmoid((self.warmth[stands.pixel] - self._adapted[stands.pixel] - start) / 1.8)
        green = (evergreen + (1.0 - evergreen) * active) * (1.0 - thirst * self.drought[stands.pixel])
        green = green * (1.0 - unrest * stands.lost)
        dry = self._spectra(state, "dry", stands)
        return dry + (self._spectra(state, "green", stands) - dry) * green[:, None]

    def _crops(self, stands: Stands) -> np.ndarray:
        """Arable land under the crops of each year, ploughed where not green, (n, 6, 4, 21)."""
        rows, crops = stands.pixel, stands.crops
        growing = sigmoid((self.warmth[rows] - 1.0) / 1.5) * (1.0 - 0.4 * self.drought[rows])
        growing = growing * (1.0 - column("unrest")[_ARABLE] * stands.lost)
        green = (CROP_CURVE[crops].transpose(0, 2, 1) * growing)[:, None]
        plants = CROP_GREEN[crops].transpose(0, 2, 1)[:, :, None]
        stubble = CROP_DRY[crops].transpose(0, 2, 1)[:, :, None]
        soil = (self._soil[rows] * stands.soil)[:, :, None, None]
        bare = stubble + (soil - stubble) * _PLOUGHED_IN_QUARTER[:, None]
        return bare + (plants - bare) * green

    def _spectra(self, state: np.ndarray, part: str, stands: Stands) -> np.ndarray:
        rich = np.clip(self._lushness[stands.pixel] + _USE * stands.vigour, 0.0, 1.0)
        sward = sward_of(rich, np.zeros(len(rich)))
        return material_of(state, part, self._soil[stands.pixel] * stands.soil, sward)[:, :, None, None]


def _wetness(pixels: LandsatPixels) -> np.ndarray:
    """Wetness of the ground: season, weather, what falls on the commune alone, and the soil's own, (N, 4, 21)."""
    local = normals(pixels.commune, "wetness", 4 * len(YEARS)).reshape(-1, 4, len(YEARS))
    for year in range(1, len(YEARS)):  # ditches, drains and ground water change slowly
        local[..., year] = _LASTING * local[..., year - 1] + np.sqrt(1 - _LASTING**2) * local[..., year]
    weather = _WEATHER * quarter_wetness(pixels.lon, pixels.lat) + np.float32(_LOCAL) * local
    soil = _SOIL_WATER * (pixels.moisture - 0.5)
    return weather + _WET_IN_QUARTER[:, None] + soil[:, None, None].astype(np.float32)
