"""Hand-made Landsat pixels for tests: a cover in a climate, without the geography of Europe."""

from __future__ import annotations

import numpy as np

from sdm.geo.hashing import combine
from sdm.virtual_europe.imagery.pixel import LandsatPixels, Parts
from sdm.virtual_europe.place import COVERS

# What differs from a Danish lowland on each cover.
_TRAITS: dict[str, dict[str, float]] = {
    "alpine sward": {"lat": 46.5, "lon": 9.0, "temperature": 0.5, "precipitation": 1500.0},
    "dry grassland": {"lat": 46.0, "lon": 20.0, "moisture": 0.15, "nutrients": 0.2, "temperature": 11.0,
                      "precipitation": 500.0, "seasonality": 11.5},
    "wetland": {"moisture": 0.95},
}  # fmt: skip
_LOWLAND = {
    "lon": 9.5, "lat": 55.8, "temperature": 8.6, "seasonality": 8.2, "precipitation": 780.0, "summer_rain": 0.5,
    "moisture": 0.5, "reaction": 6.3, "sand": 0.45, "nutrients": 0.5,
}  # fmt: skip


def pixels_on(cover: str, count: int, **changes: float) -> LandsatPixels:
    """`count` pixels wholly under `cover`, each of a parcel and a commune of its own."""
    traits = _LOWLAND | _TRAITS.get(cover, {}) | changes
    number = np.arange(count)
    keys = {name: combine(number, salt) for salt, name in enumerate(("key", "commune", "parcel"))}
    parcel = keys.pop("parcel")
    whole, under = np.ones(count, np.float32), np.full(count, COVERS.index(cover))
    parts = Parts(number, np.zeros(count, int), whole, under, parcel)
    values = {name: np.full(count, value) for name, value in traits.items()}
    return LandsatPixels(**keys, **values, parts=parts)
