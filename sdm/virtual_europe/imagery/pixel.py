"""The land of Landsat pixels: squares of 3 x 3 pixels of the lattice, and the parcels that share them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.projections import degrees_of_metres
from sdm.virtual_europe.landscape.covers import Land, land
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows, combine_salt, node_key, windows_at
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.smooth_fields import macro

SIDE = 3  # pixels of the lattice along a Landsat pixel
_CELLS = SIDE**2


@dataclass(frozen=True)
class Parts:
    """K parts of N Landsat pixels, each of one parcel and one cover, ordered by pixel; arrays (K,)."""

    pixel: np.ndarray  # which of the N
    number: np.ndarray  # 0 the first part of its pixel, 1 the next, ...
    share: np.ndarray  # of the pixel, float32; those of a pixel sum to 1
    cover: np.ndarray  # index into COVERS
    parcel: np.ndarray  # key, uint64

    def __len__(self) -> int:
        return len(self.pixel)


@dataclass(frozen=True)
class LandsatPixels:
    """N Landsat pixels: climate and soil of their middles, units as in `Macro`; arrays (N,).

    Nothing depends on where in the pixel or when a survey was made.
    """

    key: np.ndarray  # uint64
    commune: np.ndarray  # key of the commune of the middle, uint64
    lon: np.ndarray
    lat: np.ndarray
    temperature: np.ndarray
    seasonality: np.ndarray
    precipitation: np.ndarray
    summer_rain: np.ndarray
    moisture: np.ndarray
    reaction: np.ndarray
    sand: np.ndarray
    nutrients: np.ndarray
    parts: Parts

    def __len__(self) -> int:
        return len(self.key)


_GROUND = (
    "lon", "lat", "temperature", "seasonality", "precipitation", "summer_rain", "moisture", "reaction", "sand",
    "nutrients",
)  # fmt: skip


def landsat_pixels(places: Places) -> LandsatPixels:
    """The Landsat pixels in which the surveys lie, one each."""
    at = windows_at(places.lon, places.lat)
    column, row = at.west // SIDE, at.north // SIDE
    here = land(Windows(column * SIDE, row * SIDE, SIDE), places.seed)
    lon, lat = degrees_of_metres((column + 0.5) * SIDE * PIXEL, -(row + 0.5) * SIDE * PIXEL)
    ground = macro(lon, lat)
    key, middle = node_key(column, row, combine_salt(places.seed, "landsat")), slice(_CELLS // 2, None, _CELLS)
    return LandsatPixels(
        key=key, commune=here.communes.key[here.communes.of[middle]], parts=_parts(here),
        **{name: getattr(ground, name) for name in _GROUND},
    )  # fmt: skip


def _parts(here: Land) -> Parts:
    """What shares each pixel, in an order that only depends on the land."""
    pixel = np.repeat(np.arange(len(here.cover) // _CELLS), _CELLS)
    key = here.parcels.key[here.parcels.of]
    order = np.lexsort((key, here.cover, pixel))
    pixel, cover, parcel = pixel[order], here.cover[order].astype(np.int64), key[order]
    new = np.ones(len(pixel), bool)
    new[1:] = (np.diff(pixel) != 0) | (np.diff(cover) != 0) | (parcel[1:] != parcel[:-1])
    first = np.flatnonzero(new)
    share = (np.diff(np.append(first, len(pixel))) / _CELLS).astype(np.float32)
    owner = pixel[first]
    number = np.arange(len(first)) - np.searchsorted(owner, owner)
    return Parts(owner, number, share, cover[first], parcel[first])
