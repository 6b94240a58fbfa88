"""Randomness as a pure function of place and key: hashes, and smooth noise in space.

Nothing here holds state, so a survey comes out the same alone, in a batch, in any order and on any process.
"""

from __future__ import annotations

import zlib

import numpy as np

from sdm.world.projection import laea_km

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_CELL_SPREAD = 0.43  # standard deviation of one octave of `_octave`, measured
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


def combine(*parts: np.ndarray | int) -> np.ndarray:
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


def _lattice(column: np.ndarray, row: np.ndarray, number: int) -> np.ndarray:
    """Number in [-1, 1) at integer lattice points."""
    packed = (column.astype(np.int64) << np.int64(24)) ^ (row.astype(np.int64) & np.int64(0xFFFFFF))
    hashed = mix(packed.view(np.uint64) ^ mix(np.array([number], np.uint64)))
    return (hashed >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1


def _octave(x: np.ndarray, y: np.ndarray, number: int) -> np.ndarray:
    """Value noise with wavelength 1, quintic interpolation, within [-1, 1]."""
    column, row = np.floor(x), np.floor(y)
    u, v = x - column, y - row
    u, v = u * u * u * (u * (6 * u - 15) + 10), v * v * v * (v * (6 * v - 15) + 10)
    south = _lattice(column, row, number) * (1 - u) + _lattice(column + 1, row, number) * u
    north = _lattice(column, row + 1, number) * (1 - u) + _lattice(column + 1, row + 1, number) * u
    return south * (1 - v) + north * v


def octaves(x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int) -> list[np.ndarray]:
    """`count` layers of unit-variance noise at (x, y) km, the first of `wavelength` km, each half the last."""
    layers = []
    for i in range(count):
        angle, number = _TURN * (i + 1), stream(f"{name} {i}")
        scale = 2.0**i / wavelength
        shift = number % 977 + 0.5
        u = (x * np.cos(angle) - y * np.sin(angle)) * scale + shift
        v = (x * np.sin(angle) + y * np.cos(angle)) * scale - shift
        layers.append(_octave(u, v, number) / _CELL_SPREAD)
    return layers


def fractal(
    x: np.ndarray, y: np.ndarray, name: str, wavelength: float, count: int = 3, gain: float = 0.6
) -> np.ndarray:
    """Unit-variance noise: `count` octaves from `wavelength` km down, each `gain` times the last in height."""
    layers = octaves(x, y, name, wavelength, count)
    weights = gain ** np.arange(count)
    total = sum(w * layer for w, layer in zip(weights, layers, strict=True))
    return np.asarray(total / np.sqrt(np.sum(weights**2)))


def fractal_at(lon: np.ndarray, lat: np.ndarray, name: str, wavelength: float, count: int = 3) -> np.ndarray:
    """`fractal` at degrees."""
    x, y = laea_km(lon, lat)
    return fractal(x, y, name, wavelength, count)


def cell_uniform(x: np.ndarray, y: np.ndarray, size: float, seed: int, name: str) -> np.ndarray:
    """Uniform number in [0, 1) shared by all points of one `size` km lattice cell with wavy borders."""
    bend = 0.25 * size
    u = (x + bend * _octave(x / size, y / size, stream(name + " bend x"))) / size
    v = (y + bend * _octave(x / size, y / size, stream(name + " bend y"))) / size
    return uniform(combine(seed, np.floor(u), np.floor(v)), name)
