"""Random numbers as pure functions of integer keys: independent of batch, order and process."""

from __future__ import annotations

import zlib

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SHIFTS = tuple(np.uint64(bits) for bits in (30, 27, 31))
_FACTORS = tuple(np.uint64(factor) for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def stream(name: str) -> int:
    """Return a fixed 32-bit number for the random stream called `name`."""
    return zlib.crc32(name.encode())


def mix(value: np.ndarray) -> np.ndarray:
    """Return well-mixed uint64 of a uint64 array (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = np.asarray(value, np.uint64) + GOLDEN
    shifted = z >> _SHIFTS[0]
    z ^= shifted
    z *= _FACTORS[0]
    z ^= np.right_shift(z, _SHIFTS[1], out=shifted)
    z *= _FACTORS[1]
    z ^= np.right_shift(z, _SHIFTS[2], out=shifted)
    return z


def combine(*parts: np.ndarray | np.integer | int) -> np.ndarray:
    """Return the uint64 hash of integers, arrays broadcast; the order of `parts` matters."""
    state = np.zeros(1, np.uint64)
    for part in parts:
        state = mix(state ^ np.asarray(part).astype(np.int64).view(np.uint64))
    return state


def uniform(key: np.ndarray, name: str | int) -> np.ndarray:
    """Return a uniform number in [0, 1) of stream `name` for each uint64 `key`, float64."""
    number = stream(name) if isinstance(name, str) else name
    hashed = mix(key ^ mix(np.array([number], np.uint64)))
    return (hashed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(key: np.ndarray, name: str) -> np.ndarray:
    """Return a standard normal number of stream `name` for each `key` (Box-Muller)."""
    radius = np.sqrt(-2 * np.log1p(-uniform(key, name)))
    return np.asarray(radius * np.cos(2 * np.pi * uniform(key, name + " angle")))


def place_key(seed: int, lon: np.ndarray, lat: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Return the uint64 key of a survey: positions count to 1e-6 degrees."""
    return combine(seed, np.rint(np.asarray(lon) * 1e6), np.rint(np.asarray(lat) * 1e6), np.asarray(year))
