"""Time series of season and weather at a place, and the reflectance of the land under them."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.phenology import CROP_CURVE, CROP_DRY, CROP_GREEN, column, material_of
from sdm.virtual_europe.imagery.season import (
    quarter_temperature,
    sigmoid,
    soil_spectra,
    summer_drought,
    sward_spectra,
)
from sdm.virtual_europe.imagery.spectra import MATERIALS
from sdm.virtual_europe.imagery.weather import drought_of_years, quarter_anomalies
from sdm.virtual_europe.place import COVERS, Places

_ARABLE = COVERS.index("arable")
# How far the water deficit of a summer, and the plough, reach into winter, spring, summer and autumn.
_DROUGHT_OF_QUARTER = np.array([0.0, 0.3, 1.0, 0.75], np.float32)
_PLOUGHED_IN_QUARTER = np.array([0.8, 0.7, 0.25, 0.5], np.float32)
# Change of the logarithm of the bands: water darkens the short-wave infrared, nutrients brighten the near one.
_BY_MOISTURE = np.array([-0.15, -0.10, -0.10, 0.05, -0.55, -0.75], np.float32)
_BY_NUTRIENTS = np.array([-0.20, 0.05, -0.15, 0.30, -0.05, -0.15], np.float32)
_SNOW = 0.85 * MATERIALS["snow"]  # composites catch it old or thin


class Course:
    """Season and weather of N places over the 4 quarters and 21 years.

    `warmth` is the temperature of each quarter (°C), `drought` its lack of water and `snow` its cover of snow
    in the open (0..1), all (N, 4, 21); `dryness` (N,) is the drought of a usual summer.
    """

    def __init__(self, places: Places) -> None:
        self.warmth = quarter_temperature(places)[:, :, None] + quarter_anomalies(places.lat)
        self.dryness = summer_drought(places)
        exceptional = 0.55 * drought_of_years(places.lon, places.lat) * (1.0 - 0.5 * places.moisture)[:, None]
        yearly = np.clip(self.dryness[:, None] + exceptional, 0.0, 1.0)
        self.drought = yearly[:, None, :] * _DROUGHT_OF_QUARTER[:, None]
        self.snow = sigmoid((-3.0 - self.warmth) / 0.9)
        self._soil = soil_spectra(places)
        self._sward = sward_spectra(places, np.zeros(len(places)))
        wet, rich = places.moisture[:, None] - 0.5, places.nutrients[:, None] - 0.5
        self._tone = np.exp(wet * _BY_MOISTURE + rich * _BY_NUTRIENTS)[:, :, None, None]

    def reflectance(self, state: np.ndarray, crops: np.ndarray) -> np.ndarray:
        """Reflectance x 10,000 of the places in `state` (N,), (N, 6, 4, 21).

        `state` indexes STATE_NAMES; `crops` (N, 21) are the rows of CROPS grown where the state is arable.
        """
        plants = self._plants(state)
        arable = np.flatnonzero(state == _ARABLE)
        if len(arable):
            plants[arable] = self._crops(arable, crops[arable])
        closure = column("closure")[state][:, None, None, None]
        land = plants * closure + self._spectra(state, "ground") * (1.0 - closure)
        land *= self._tone
        snow = (self.snow * (1.0 - column("mast")[state])[:, None, None])[:, None]
        return land + (_SNOW[:, None, None] - land) * snow

    def _plants(self, state: np.ndarray) -> np.ndarray:
        """Green and dry plants mixed by season, warmth and drought, (N, 6, 4, 21)."""
        evergreen, start, thirst = (
            column(name)[state][:, None, None] for name in ("evergreen", "start", "thirst")
        )
        active = sigmoid((self.warmth - start) / 1.8)
        green = (evergreen + (1.0 - evergreen) * active) * (1.0 - thirst * self.drought)
        dry = self._spectra(state, "dry")
        return dry + (self._spectra(state, "green") - dry) * green[:, None]

    def _crops(self, rows: np.ndarray, crops: np.ndarray) -> np.ndarray:
        """Arable land under the `crops` (n, 21) of each year, ploughed where not green, (n, 6, 4, 21)."""
        growing = sigmoid((self.warmth[rows] - 1.0) / 1.5) * (1.0 - 0.4 * self.drought[rows])
        green = (CROP_CURVE[crops].transpose(0, 2, 1) * growing)[:, None]
        plants = CROP_GREEN[crops].transpose(0, 2, 1)[:, :, None]
        stubble = CROP_DRY[crops].transpose(0, 2, 1)[:, :, None]
        bare = stubble + (self._soil[rows][:, :, None, None] - stubble) * _PLOUGHED_IN_QUARTER[:, None]
        return bare + (plants - bare) * green

    def _spectra(self, state: np.ndarray, part: str) -> np.ndarray:
        return material_of(state, part, self._soil, self._sward)[:, :, None, None]
