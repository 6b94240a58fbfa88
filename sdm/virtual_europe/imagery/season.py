"""Warmth and drought of the growing season and the spectra of grass and soil, shared by patches and cubes."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.pixel import LandsatPixels
from sdm.virtual_europe.imagery.spectra import MATERIALS
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.smooth_fields import Macro
from sdm.virtual_europe.soil import sigmoid

Ground = Places | Macro | LandsatPixels

# Where the middle of winter, spring, summer and autumn (formats: 2 Dec, 21 Mar, 25 Jun, 13 Sep) lies on the
# cosine of the year, from coldest (-1) to warmest (1).
QUARTER_PHASE = np.array([-0.93, 0.25, 0.95, -0.12], np.float32)


def quarter_temperature(places: Ground) -> np.ndarray:
    """Mean temperature of the four quarters, °C, (N, 4)."""
    return places.temperature[:, None] + places.seasonality[:, None] * QUARTER_PHASE


def summer_drought(places: Ground) -> np.ndarray:
    """How far grass dries out in summer, 0 green .. 1 straw, (N,).

    The ratio of rain to a temperature-based demand from April to September, shifted by soil moisture.
    """
    warmth = places.temperature + 0.6 * places.seasonality
    demand = 6.0 * (10.0 + 5.0 * np.maximum(warmth, 0.0))  # mm
    supply = places.precipitation * places.summer_rain + 250.0 * (places.moisture - 0.5)
    return sigmoid((0.48 - supply / demand) / 0.1)


def soil_spectra(places: Ground) -> np.ndarray:
    """Reflectance x 10,000 of bare, drained soil, (N, 6): light on sand, dark when wet, red in warm dry lands."""
    peaty = sigmoid((places.moisture - 0.85) / 0.05)
    red = sigmoid((places.temperature - 14.0) / 1.0) * sigmoid((places.reaction - 6.5) / 0.3) * 0.7
    sandy = np.clip(1.6 * places.sand - 0.5, 0.0, 1.0) * (1.0 - red)
    dark = np.clip(0.9 * places.moisture - 0.05, 0.0, 0.8) * (1.0 - red) * (1.0 - sandy)
    loam = np.maximum(1.0 - red - sandy - dark, 0.0)
    shares = np.stack([loam, sandy, dark, red], axis=1).astype(np.float32) * (1.0 - peaty)[:, None]
    mixed = _blend(shares, ("loam", "sandy soil", "dark soil", "red soil")) + peaty[:, None] * MATERIALS["peat"]
    wetness = 1.0 - 0.2 * (places.moisture - 0.4)
    return (mixed / (shares.sum(axis=1) + peaty)[:, None] * wetness[:, None]).astype(np.float32)


def sward_spectra(places: Ground, drought: np.ndarray) -> np.ndarray:
    """Reflectance x 10,000 of unmown grass in summer, (N, 6): lush when fed and watered, straw when dry."""
    return sward_of(lushness(places), drought)


def lushness(ground: Ground) -> np.ndarray:
    """What soil alone does to grass, 0 poor .. 1 lush, (N,); its use matters more (see stands.py)."""
    return np.clip(0.6 + 0.35 * (ground.nutrients - 0.5) + 0.2 * (ground.moisture - 0.5), 0.0, 1.0)


def sward_of(rich: np.ndarray, drought: np.ndarray) -> np.ndarray:
    """Reflectance x 10,000 of grass, (N, 6), by its lushness and the drought, both 0..1."""
    shares = np.stack([(1 - drought) * rich, (1 - drought) * (1 - rich), drought], axis=1).astype(np.float32)
    return _blend(shares, ("lush grass", "poor grass", "straw"))


def _blend(shares: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Sum of materials by `shares` (N, len(names)), (N, 6); added one by one so that a row ignores its batch."""
    total = np.zeros((len(shares), 6), np.float32)
    for column, name in enumerate(names):
        total += shares[:, column, None] * MATERIALS[name]
    return total
