"""Randomness as a pure function of place and key: hashes, and smooth noise in space.

Nothing here holds state, so a survey comes out the same alone, in a batch, in any order and on any process.
"""

from __future__ import annotations

import zlib

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_CELL_SPREAD = 0.43  # standard deviation of `_waves`, measured
_TURN = 0.6435  # radians each octave is turned by, so that lattice directions do not line up


def stream(name: str) -> int:
    """A fixed 32-bit number for the random stream called `name`."""
    return zlib.crc32(name.encode())


def mix(value: np.ndarray) -> np.ndarray:
    """Well-mixed uint64 of a uint64 array (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = np.array(value, np.uint64) + _GOLDEN
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def combine(*parts: np.ndarray | np.integer | int) -> np.ndarray:
    """uint64 hash of integers, arrays broadcast; the order of `parts` matters."""
    state = np.zeros(1, np.uint64)
    for part in parts:
        state = mix(state ^ np.asarray(part).astype(np.int64).view(np.uint64))
    return state


def uniform(key: np.ndarray, name: str | int) -> np.ndarray:
    """Uniform number in [0, 1) of stream `name` for each uint64 `key`, float64."""
    number = stream(name) if isinstance(name, str) else name
    hashed = mix(key ^ mix(np.array([number], np.uint64)))
    return (hashed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(key: np.ndarray, name: str) -> np.ndarray:
    """Standard normal number of stream `name` for each `key` (Box-Muller)."""
    radius = np.sqrt(-2 * np.log1p(-uniform(key, name)))
    return np.asarray(radius * np.cos(2 * np.pi * uniform(key, name + " angle")))


def place_key(seed: int, lon: np.ndarray, lat: np.ndarray, year: np.ndarray) -> np.ndarray:
    """uint64 key of a survey: positions count to 1e-6 degrees."""
    return combine(seed, np.rint(np.asarray(lon) * 1e6), np.rint(np.asarray(lat) * 1e6), np.asarray(year))


def _lattice(column: np.ndarray, row: np.ndarray, salt: np.ndarray) -> np.ndarray:
    """Number in [-1, 1) at integer lattice points, another one for each hashed stream `salt`."""
    packed = (column.astype(np.int64) << np.int64(24)) ^ (row.astype(np.int64) & np.int64(0xFFFFFF))
    hashed = mix(packed.view(np.uint64) ^ salt)
    return (hashed >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1


def _waves(x: np.ndarray, y: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Value noise of wavelength 1 within [-1, 1], quintic interpolation; the streams `number` broadcast to `x`."""
    column, row = np.floor(x), np.floor(y)
    u, v = x - column, y - row
    u, v = u * u * u * (u * (6 * u - 15) + 10), v * v * v * (v * (6 * v - 15) + 10)
    east = np.array([0.0, 1.0]).reshape(2, *(1,) * x.ndim)
    corner = _lattice(column + east[:, None], row + east[None], mix(number.astype(np.uint64)))
    north_south = corner[0] * (1 - u) + corner[1] * u
    return np.asarray(north_south[0] * (1 - v) + north_south[1] * v)


def octaves(x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int) -> np.ndarray:
    """(count, N) layers of unit-variance noise at (x, y) km, the first of `wavelength` km, each half the last."""
    layer = np.arange(count)[:, None]
    number = np.array([[stream(f"{name} {i}")] for i in range(count)])
    angle, scale, shift = _TURN * (layer + 1), 2.0**layer / wavelength, number % 977 + 0.5
    u = (x * np.cos(angle) - y * np.sin(angle)) * scale + shift
    v = (x * np.sin(angle) + y * np.cos(angle)) * scale - shift
    return _waves(u, v, number) / _CELL_SPREAD


def fractal(
    x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int = 3, gain: float = 0.6
) -> np.ndarray:
    """Unit-variance noise: `count` octaves from `wavelength` km down, each `gain` times the last in height."""
    layers = octaves(x, y, name, wavelength, count)
    weights = gain ** np.arange(count)
    return np.asarray((weights[:, None] * layers).sum(axis=0) / np.sqrt(np.sum(weights**2)))


def cell_uniform(x: np.ndarray, y: np.ndarray, size: float, seed: int, name: str) -> np.ndarray:
    """Uniform number in [0, 1) shared by all points of one `size` km lattice cell with wavy borders."""
    bend = 0.25 * size
    wavy = [bend * _waves(x / size, y / size, np.array([stream(f"{name} bend {axis}")])) for axis in "xy"]
    u, v = (x + wavy[0]) / size, (y + wavy[1]) / size
    return uniform(combine(seed, np.floor(u), np.floor(v)), name)
