"""What tells one parcel from another of the same cover: its use, its age, its crops and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sdm.geo.hashing import stream
from sdm.virtual_europe.imagery.crops import crop_of
from sdm.virtual_europe.imagery.pixel import Parts
from sdm.virtual_europe.landscape.lattice import child_key, high_bits, low_bits
from sdm.virtual_europe.weather import YEARS

_ODDS_OF_QUARTER = np.array([0.6, 0.3, 1.0, 0.55], np.float32)  # how much of the unrest falls in each quarter
# Level of the unrest, and its spread from year to year and from quarter to quarter.
_USUAL, _YEARLY, _QUARTERLY = 0.15, 0.5, 0.5
# What no average over the years removes, logarithmic: how bright a stand is in all bands, and in each.
_BRIGHTNESS, _OWN = 0.10, np.array([0.09, 0.07, 0.09, 0.07, 0.08, 0.10], np.float32)

_SOIL = 0.18  # the same of bare ground


@dataclass(frozen=True)
class Stands:
    """K parts of Landsat pixels and what grows on them; all but `pixel` follows from the parcel's key."""

    pixel: np.ndarray  # (K,) which pixel
    crops: np.ndarray  # (K, 21) rows of CROPS
    lost: np.ndarray  # (K, 4, 21) part of the unrest that came true, 0..1.5
    vigour: np.ndarray  # (K,) how densely it grows, about normal
    tone: np.ndarray  # (K, 6) factor of the reflectance
    soil: np.ndarray  # (K, 6) factor of that of bare ground: humus, tilth, stubble and chalk
    event: np.ndarray  # (K, 2) uniform: whether and which, when

    def __getitem__(self, rows: np.ndarray) -> Stands:
        return Stands(*(getattr(self, f.name)[rows] for f in fields(self)))


def stands(parts: Parts) -> Stands:
    """The stands of the parts."""
    key, years = parts.parcel, len(YEARS)
    each_year = normals(key, "year", years + 1)
    # What is done to a stand lasts for a year or two.
    yearly = (each_year[:, 1:] + each_year[:, :-1]) * np.float32(np.sqrt(0.5))
    quarterly = normals(key, "quarter", 4 * years).reshape(-1, 4, years)
    lost = np.clip(_USUAL + _YEARLY * yearly[:, None] + _QUARTERLY * quarterly, 0.0, 1.5)
    lost *= _ODDS_OF_QUARTER[:, None]
    stand = normals(key, "stand", 16)
    tone = np.exp(_BRIGHTNESS * stand[:, :1] + _OWN * stand[:, 2:8])
    soil = np.exp(_SOIL * stand[:, 8:9] + 0.5 * _SOIL * stand[:, 9:15])
    event = child_key(key, stream("event"))
    return Stands(
        parts.pixel, crop_of(key[:, None], YEARS[None]), lost, stand[:, 1], tone, soil,
        np.stack([high_bits(event), low_bits(event)], axis=1),
    )  # fmt: skip


def normals(key: np.ndarray, name: str, count: int) -> np.ndarray:
    """Numbers of unit variance, triangular on -2.4..2.4, (N, count) float32, per key for the purpose `name`."""
    each = child_key(child_key(key, stream(name))[:, None], np.arange(count))
    return (high_bits(each) + low_bits(each) - np.float32(1)) * np.float32(np.sqrt(6))
