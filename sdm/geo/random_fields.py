"""Autocorrelated random fields with a known variogram."""

from __future__ import annotations

import numpy as np
from scipy import fft

from sdm.geo.hashing import stream

_SCALE = {0.5: 2.996, 1.5: 4.744}  # practical range / scale of a Matérn covariance, by its smoothness


def generator(seed: int, *names: str) -> np.random.Generator:
    """The random numbers of one part of a simulation, independent of those of all other names."""
    return np.random.default_rng([seed, *(stream(name) for name in names)])


def field(
    rng: np.random.Generator, shape: tuple[int, int], cell: float, range_m: float, smoothness: float = 0.5
) -> np.ndarray:
    """A field of mean 0 and variance 1 with a Matérn covariance, float32; smoothness 0.5: exponential.

    Its covariance falls to 5 % at `range_m`. Cut from a larger torus, so that opposite edges are unrelated.
    """
    margin = int(np.ceil(1.5 * range_m / cell))
    padded = tuple(fft.next_fast_len(n + margin, real=True) for n in shape)
    return torus(rng, (padded[0], padded[1]), cell, range_m, smoothness)[: shape[0], : shape[1]]


def torus(
    rng: np.random.Generator, shape: tuple[int, int], cell: float, range_m: float, smoothness: float = 0.5
) -> np.ndarray:
    """Such a field that goes on at its opposite edge: white noise, filtered."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    amplitude = _amplitude(shape, cell, range_m / _SCALE[smoothness], smoothness)
    values = fft.irfft2(fft.rfft2(noise, workers=2) * amplitude, s=shape, workers=2)
    return values.astype(np.float32)


def _amplitude(shape: tuple[int, ...], cell: float, scale: float, smoothness: float) -> np.ndarray:
    """The filter: square root of the spectral density, scaled to variance 1 on the whole torus."""
    row = fft.fftfreq(shape[0], cell)[:, None]
    column = fft.rfftfreq(shape[1], cell)[None]
    density = (scale**-2 + (2 * np.pi) ** 2 * (row**2 + column**2)) ** -(smoothness + 1)
    twice = np.full(density.shape[1], 2.0)  # columns that stand for their conjugates too
    twice[0] = 1
    if shape[1] % 2 == 0:
        twice[-1] = 1
    variance = (density * twice).sum() / (shape[0] * shape[1])
    return np.sqrt(density / variance).astype(np.float32)


def enlarge(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """`values` on a finer lattice over the same ground, bilinear between cell centres; float32."""
    result = values.astype(np.float32)
    for axis in (0, 1):
        old, new = result.shape[axis], shape[axis]
        at = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        low = np.minimum(at.astype(np.intp), max(old - 2, 0))
        weight = (at - low).astype(np.float32)
        weight = weight[:, None] if axis == 0 else weight[None]
        high = np.minimum(low + 1, old - 1)
        finer = np.take(result, high, axis)
        below = np.take(result, low, axis)
        finer -= below  # in place: the arrays are large
        finer *= weight
        result = np.add(finer, below, out=finer)
    return result


def blocks(values: np.ndarray, size: int) -> np.ndarray:
    """The mean of every `size` x `size` cells."""
    rows, columns = (n // size for n in values.shape)
    cut = values[: rows * size, : columns * size]
    return np.asarray(cut.reshape(rows, size, columns, size).mean(axis=(1, 3)))
