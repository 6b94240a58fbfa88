"""Smooth random fields over the plane, each a pure function of position and the name of a stream."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sdm.geo.hashing import combine, mix, stream, uniform

_CELL_SPREAD = 0.43  # standard deviation of `_waves`, measured
_TURN = 0.6435  # radians each octave is turned by, so that lattice directions do not line up


def _lattice(column: np.ndarray, row: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """Return a number in [-1, 1) per integer lattice point, another one for each hashed stream `salt`."""
    packed = (column.astype(np.int64) << np.int64(24)) ^ (row.astype(np.int64) & np.int64(0xFFFFFF))
    hashed = mix(packed.view(np.uint64) ^ salt)
    hashed >>= np.uint64(11)
    number = hashed.astype(np.float64)
    number *= 2.0**-52
    number -= 1
    return number


def _waves(x: np.ndarray, y: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Value noise of wavelength 1 within [-1, 1], quintic interpolation; the streams `number` broadcast to `x`."""
    column, row = np.floor(x), np.floor(y)
    u, v = _eased(x - column), _eased(y - row)
    east = np.array([0.0, 1.0]).reshape(2, *(1,) * x.ndim)
    corner = _lattice(column + east[:, None], row + east[None], mix(number.astype(np.uint64)))
    south, north = _between(corner[0], corner[1], u)
    return _between(south, north, v)


def _eased(u: np.ndarray) -> np.ndarray:
    """The quintic from 0 to 1 that has no slope and no curvature at its ends."""
    eased = 6 * u
    eased -= 15
    eased *= u
    eased += 10
    return u * u * u * eased


def _between(low: np.ndarray, high: np.ndarray, share: np.ndarray) -> np.ndarray:
    """`low` where `share` is 0, `high` where it is 1; written over `low` and `high`."""
    low *= 1 - share
    high *= share
    low += high
    return low


def octaves(x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int) -> np.ndarray:
    """Return (count, N) layers of unit-variance noise at (x, y) km, of `wavelength` km and each half the last."""
    return _octaves(x, y, (name,), wavelength, count)[0]


def _octaves(x: np.ndarray, y: np.ndarray, names: tuple[str, ...], wavelength: float, count: int) -> np.ndarray:
    """The layers of fields of several names, (F, count, N)."""
    layer, number = np.arange(count)[:, None], _streams(names, count)
    angle, scale, shift = _TURN * (layer + 1), 2.0**layer / wavelength, number % 977 + 0.5
    u = (x * np.cos(angle) - y * np.sin(angle)) * scale + shift
    v = (x * np.sin(angle) + y * np.cos(angle)) * scale - shift
    return _waves(u, v, number) / _CELL_SPREAD


@lru_cache(maxsize=256)
def _streams(names: tuple[str, ...], count: int) -> np.ndarray:
    """Numbers of the streams of the octaves of fields, (F, count, 1)."""
    return np.array([[[stream(f"{name} {i}")] for i in range(count)] for name in names])


def fractal(
    x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int = 3, gain: float = 0.6
) -> np.ndarray:
    """Return unit-variance noise (N,): `count` octaves from `wavelength` km down, each `gain` times as high."""
    return fractals(x, y, (name,), wavelength, count, gain)[0]


def fractals(
    x: np.ndarray, y: np.ndarray, names: tuple[str, ...], wavelength: float, count: int = 3, gain: float = 0.6
) -> np.ndarray:
    """Return the `fractal` of each name, (F, N), in fewer steps."""
    weights = gain ** np.arange(count)
    layers = _octaves(x, y, names, wavelength, count)
    return np.asarray((weights[:, None] * layers).sum(axis=1) / np.sqrt(np.sum(weights**2)))


def cell_uniform(x: np.ndarray, y: np.ndarray, size: float, seed: int, name: str) -> np.ndarray:
    """Return uniform numbers in [0, 1) shared by all points of one `size` km lattice cell with wavy borders."""
    bend = 0.25 * size
    wavy = [bend * _waves(x / size, y / size, np.array([stream(f"{name} bend {axis}")])) for axis in "xy"]
    u, v = (x + wavy[0]) / size, (y + wavy[1]) / size
    return uniform(combine(seed, np.floor(u), np.floor(v)), name)
