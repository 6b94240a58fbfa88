"""Random fields of a patch: smooth land forms to fine canopy texture, drawn in the Fourier domain."""

from __future__ import annotations

import numpy as np
from scipy import fft

SIZE = 64  # pixels
PIXEL = 10.0  # m
ROWS, COLUMNS = (a.ravel() for a in np.mgrid[:SIZE, :SIZE].astype(np.float32))
CENTRE = SIZE // 2
CENTRE_INDEX = CENTRE * SIZE + CENTRE
RADIUS = np.hypot(ROWS - CENTRE, COLUMNS - CENTRE)

# Rows of the array `draw_fields` returns.
HEIGHT, REGION, PATCHES, TEXTURE, MOTTLE, CANOPY = range(6)


def stream(key: int, purpose: int) -> np.random.Generator:
    """The random numbers of one place for one `purpose`; different purposes are independent."""
    return np.random.Generator(np.random.SFC64((key, purpose)))


def _filters() -> np.ndarray:
    """Amplitude of each field per frequency, (6, 64, 33), scaled to unit variance."""
    frequency = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None])
    frequency[0, 0] = np.inf
    wave = SIZE * frequency
    rows = np.stack([
        wave**-2.4,
        wave**-1.9,
        wave**-1.7 * (wave > 1.5),
        wave**-1.0,
        np.exp(-(((wave - 7.0) / 5.0) ** 2)),
        wave**-0.4 / (1.0 + np.exp(10.0 - wave)),
    ])  # fmt: skip
    rows[:, 0, 0] = 0.0
    full = rows**2 * np.where((np.arange(SIZE // 2 + 1) % (SIZE // 2)) == 0, 1.0, 2.0)
    # Uniform parts on -1..1 have variance 1/3 each, two parts, and irfft2 divides by SIZE**2.
    power = full.sum(axis=(1, 2), keepdims=True) * (2.0 / 3.0) / SIZE**4
    return (rows / np.sqrt(power)).astype(np.float32)


_FILTERS = _filters()


def draw_fields(random: np.random.Generator) -> np.ndarray:
    """Six independent fields of mean 0 and variance about 1, (6, 4096) float32, pixels row by row."""
    parts = random.random((2, *_FILTERS.shape), dtype=np.float32) * 2.0 - 1.0
    spectrum = (parts[0] + 1j * parts[1]) * _FILTERS
    return fft.irfft2(spectrum, s=(SIZE, SIZE)).reshape(len(_FILTERS), -1)


def gaussian_kernel(sigma: float) -> np.ndarray:
    """(64, 64) matrix that blurs along one axis, edges repeated; `kernel @ image @ kernel.T` blurs both."""
    reach = np.arange(SIZE)
    weights = np.zeros((SIZE, SIZE))
    for shift in range(-int(4 * sigma + 1), int(4 * sigma + 1) + 1):
        source = np.clip(reach + shift, 0, SIZE - 1)
        np.add.at(weights, (reach, source), np.exp(-0.5 * (shift / sigma) ** 2))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
