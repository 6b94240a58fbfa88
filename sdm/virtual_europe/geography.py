"""`places`: all variables of a survey's place, a pure function of (seed, place, year)."""

from __future__ import annotations

import numpy as np

from sdm.errors import DataError
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.hashing import place_key
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.virtual_europe.landscape.covers import land
from sdm.virtual_europe.landscape.lattice import windows_at
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.smooth_fields import Macro, macro
from sdm.virtual_europe.soil import sigmoid

_AT_ONCE = 4096
# What standing on a cover does to a plot, in the order of COVERS: soil water (log-odds), pH, nutrients,
# disturbance.
_CENTRE_EFFECTS = np.array([
    (0.3, -0.2, 0.05, 0.10),   # broadleaf forest
    (0.1, -0.6, -0.12, 0.10),  # conifer forest
    (-0.3, 0.0, -0.05, 0.15),  # shrub
    (-0.9, 0.3, -0.18, 0.22),  # dry grassland
    (0.5, 0.1, 0.12, 0.38),    # meadow
    (0.0, 0.2, 0.28, 0.86),    # arable
    (-0.4, 0.2, 0.15, 0.66),   # vineyard and orchard
    (2.1, -0.2, -0.02, 0.08),  # wetland
    (-0.1, -0.8, -0.28, 0.12), # heath
    (0.2, 0.0, -0.15, 0.10),   # alpine sward
    (-1.0, 0.1, -0.30, 0.30),  # rock and scree
    (0.5, 0.0, -0.40, 0.30),   # snow and ice
    (-1.3, 0.6, -0.28, 0.32),  # sand and dune
    (3.0, 0.2, 0.10, 0.05),    # water
    (-0.4, 0.4, 0.20, 0.90),   # built-up
])  # fmt: skip


def places(lon: np.ndarray, lat: np.ndarray, year: np.ndarray | int, seed: int) -> Places:
    """The places of N surveys, float64 arrays.

    `lon`, `lat` in degrees count to 1e-6. Sea and land outside Europe are answered too, without meaning.
    Raises `DataError` for positions outside the mapped window.
    """
    lon, lat = np.round(np.atleast_1d(lon).astype(float), 6), np.round(np.atleast_1d(lat).astype(float), 6)
    year = np.broadcast_to(np.asarray(year, np.int64), lon.shape)
    _check_window(lon, lat)
    return places_on(lon, lat, year, seed, *standing(lon, lat, seed))


def places_on(
    lon: np.ndarray, lat: np.ndarray, year: np.ndarray, seed: int, centre: np.ndarray, cover: np.ndarray
) -> Places:
    """The same where what `standing` says of the positions is known; arrays of length N."""
    around = macro(lon, lat)
    smooth = {name: getattr(around, name) for name in _SMOOTH}
    return Places(
        seed=seed, year=year, key=place_key(seed, lon, lat, year), cover=cover, centre=centre, **smooth,
        **_local(around, centre),
    )  # fmt: skip


_SMOOTH = (
    "lon", "lat", "elevation", "slope", "aspect", "coast", "temperature", "seasonality", "precipitation",
    "summer_rain", "clay", "sand", "parcel", "roads",
)  # fmt: skip


def standing(lon: np.ndarray, lat: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Index of the cover at each position, int (N,), and the shares of all covers around it (N, len(COVERS))."""
    centre, shares = [], []
    for start in range(0, max(len(lon), 1), _AT_ONCE):
        here = land(windows_at(lon[start : start + _AT_ONCE], lat[start : start + _AT_ONCE]), seed)
        centre.append(here.cover.astype(np.int64))
        columns = here.ground.nodes.cover.T
        shares.append(np.stack([here.ground.smooth(column) for column in columns], axis=1).astype(float))
    return np.concatenate(centre), np.concatenate(shares)


def _check_window(lon: np.ndarray, lat: np.ndarray) -> None:
    outside = ~((lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH))
    if outside.any():
        i = int(np.argmax(outside))
        raise DataError(
            "position outside the virtual Europe",
            expected=f"longitude {WEST:g}..{EAST:g}, latitude {SOUTH:g}..{NORTH:g}",
            got=f"({lon[i]:g}, {lat[i]:g})",
            remedy=f"Choose a place of latitude {SOUTH:g} to {NORTH:g} and longitude {WEST:g} to {EAST:g}.",
        )


def _local(around: Macro, centre: np.ndarray) -> dict[str, np.ndarray]:
    """What the plot itself adds to its landscape: moisture, reaction, nutrients and disturbance."""
    x, y = laea_km(around.lon, around.lat)
    water, ph, rich, trampled = _CENTRE_EFFECTS[centre].T
    fine = fractal(x, y, "plot", 0.2, 2, 0.9)
    return {
        "moisture": sigmoid(around.wetness + water),
        "reaction": np.clip(around.reaction + ph + 0.22 * fine, 3.2, 8.6),
        "nutrients": np.clip(around.nutrients + rich + 0.06 * fractal(x, y, "rich", 0.3, 2, 0.9), 0, 1),
        "disturbance": np.clip(trampled + 0.10 * fractal(x, y, "use", 0.4, 2, 0.9), 0, 1),
    }
