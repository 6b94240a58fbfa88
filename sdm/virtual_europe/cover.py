"""Land cover: which of `COVERS` share a landscape, and which of them a survey stands on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.lakes import lake_share
from sdm.geo.noise import fractal, fractals
from sdm.geo.projections import laea_km
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.soil import Soil, sigmoid

_FIELDS = tuple(f"cover {name}" for name in COVERS)
PATCHINESS = 0.8  # log spread of a cover's share from one landscape to the next


@dataclass(frozen=True)
class Site:
    """What cover depends on, arrays of length N; units as in `Places`, `supply` as in `soil.soil`."""

    lon: np.ndarray
    lat: np.ndarray
    elevation: np.ndarray
    slope: np.ndarray
    hollow: np.ndarray
    coast: np.ndarray
    temperature: np.ndarray
    seasonality: np.ndarray
    summer_rain: np.ndarray
    supply: np.ndarray
    towns: np.ndarray  # 0 remote .. above 1 in a city
    soil: Soil


def _forests(s: Site, forest: np.ndarray, mediterranean: np.ndarray) -> dict[str, np.ndarray]:
    cold = sigmoid((6.0 - s.temperature) / 1.3)
    steep = sigmoid((s.slope - 6) / 3)
    humid = sigmoid((s.supply - 0.42) * 9)
    montane = sigmoid((s.elevation - 850) / 160)
    heathy = sigmoid((s.soil.sand - 0.62) * 14)
    return {
        "broadleaf forest": forest * (1 - 0.93 * cold) * (0.12 + 0.88 * humid) * (0.2 + 0.9 * steep),
        "conifer forest": forest * (0.03 + 1.25 * cold * humid + 0.26 * heathy + 0.4 * montane * humid
                                    + 0.14 * mediterranean * montane),
        "shrub": 0.035 + 0.5 * mediterranean * (0.5 + steep) + 0.5 * forest * (1 - forest) + 0.05 * steep,
    }  # fmt: skip


def _farmland(s: Site, mediterranean: np.ndarray) -> dict[str, np.ndarray]:
    flat = np.exp(-((s.slope / 5.5) ** 2))
    warm = sigmoid((s.temperature - 5.2) / 0.7)
    low = sigmoid((1000 - s.elevation) / 150)
    oceanic = sigmoid((s.supply - 0.88) * 6) * warm
    steppe = sigmoid((0.72 - s.supply) * 9) * sigmoid((s.seasonality - 10) / 1.2)
    summer = s.temperature + s.seasonality
    calcareous = sigmoid((s.soil.reaction - 7) * 3)
    return {
        "arable": 1.75 * flat * warm * low * (0.12 + 0.9 * s.soil.nutrients) * (1 - 0.35 * mediterranean),
        "meadow": 0.05 * warm + 0.85 * oceanic * (0.35 + 0.65 * np.exp(-((s.slope / 14) ** 2)))
        + 0.1 * warm * sigmoid((s.hollow - 0.6) * 2),
        "dry grassland": 0.025 + 0.45 * steppe * (1 - 0.6 * s.soil.nutrients) + 0.12 * mediterranean
        + 0.10 * calcareous * sigmoid((s.slope - 3) / 2),
        "vineyard and orchard": 0.008 + 0.42 * mediterranean * sigmoid((650 - s.elevation) / 120)
        * np.exp(-((s.slope / 12) ** 2)) + 0.12 * sigmoid((summer - 20.3) / 0.6) * low * warm,
    }  # fmt: skip


def _open(s: Site, forest: np.ndarray) -> dict[str, np.ndarray]:
    summer = s.temperature + s.seasonality
    flat = np.exp(-((s.slope / 3.5) ** 2))
    acid = sigmoid((5.1 - s.soil.reaction) * 3.5)
    oceanic = sigmoid((8.6 - s.seasonality) / 0.7)
    boreal = sigmoid((4.5 - s.temperature) / 1)
    return {
        "wetland": 0.012 + flat * (0.33 * boreal + 0.16 * sigmoid((s.supply - 0.75) * 6)
                                   * sigmoid((25 - s.elevation) / 8) + 0.12 * sigmoid((s.hollow - 0.8) * 3)),
        "heath": 0.012 + acid * (0.33 * oceanic * sigmoid((s.supply - 0.6) * 8) + 0.2 * boreal * (1 - forest)),
        "alpine sward": 1.2 * (1 - forest) * sigmoid((summer - 4.2) / 0.9) * sigmoid((14 - summer) / 1),
        "rock and scree": 0.004 + 0.9 * (1 - forest) * sigmoid((s.slope - 22) / 4)
        + 1.1 * sigmoid((4.6 - summer) / 0.9) + 0.3 * sigmoid((s.slope - 31) / 3),
        "snow and ice": 3.0 * sigmoid((1.6 - summer) / 0.6),
        "sand and dune": 0.002 + 0.9 * np.exp(-s.coast / 1.6) * sigmoid((s.soil.sand - 0.45) * 6)
        * sigmoid((30 - s.elevation) / 8),
    }  # fmt: skip


def _artificial(s: Site) -> dict[str, np.ndarray]:
    x, y = laea_km(s.lon, s.lat)
    village = sigmoid((fractal(x, y, "village", 5, 3, 0.8) - 1.6) * 3)
    return {
        "built-up": 0.012 + 1.6 * s.towns + 0.9 * village * sigmoid((s.temperature - 3) / 1),
        "water": 0.006 + lake_share(s.lon, s.lat) + 0.06 * np.exp(-s.coast / 1.2),
    }


def mixture(s: Site) -> np.ndarray:
    """(N, len(COVERS)) shares of the covers in the landscape of each site; rows sum to 1."""
    summer = s.temperature + s.seasonality
    forest = sigmoid((summer - 10.6) / 0.5)
    mediterranean = sigmoid((0.43 - s.summer_rain) / 0.035) * sigmoid((s.temperature - 11.5) / 0.8)
    weights = {
        **_forests(s, forest, mediterranean), **_farmland(s, mediterranean), **_open(s, forest), **_artificial(s)
    }  # fmt: skip
    x, y = laea_km(s.lon, s.lat)
    patchy = np.exp(PATCHINESS * fractals(x, y, _FIELDS, 9, 5, 0.85))
    columns = [weights[name] ** 1.15 * own for name, own in zip(COVERS, patchy, strict=True)]
    shares = np.stack(columns, axis=-1)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))
