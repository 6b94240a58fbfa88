"""Effects of sensor and mosaic: blur, noise, seams, missing pixels."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.fields import CENTRE, COLUMNS, ROWS, SIZE, gaussian_kernel

_BLUR = gaussian_kernel(0.56)  # 10 m bands: modulation transfer about 0.25 at Nyquist, ESA Sentinel-2 MPC reports
_NOISE_FLOOR, _NOISE_RATE = 5.0, 0.016  # reflectance x 10,000, and share of the signal
_PATCHWORK_SHARE, _SEAM_SHARE, _HAZE_SHARE, _GAP_SHARE = 0.5, 0.04, 0.07, 0.03
_CLOUD = np.array([5200.0, 5200.0, 5500.0, 5600.0], np.float32)  # reflectance x 10,000 of a bright cloud
_NODATA = -1


def observe(scene: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The patch as stored, int16 (4, 64, 64), from a scene in reflectance x 10,000 of the same shape."""
    image = _BLUR @ scene @ _BLUR.T
    unrest = 3.46 * random.random(image.shape, dtype=np.float32) - 1.73  # deviation 1
    image += unrest * (_NOISE_FLOOR + _NOISE_RATE * image)
    if random.random() < _PATCHWORK_SHARE:
        _patchwork(image, random)
    if random.random() < _SEAM_SHARE:
        _seam(image, random)
    if random.random() < _HAZE_SHARE:
        _haze(image, random)
    stored = np.clip(np.rint(image), 1, 12_000).astype(np.int16)
    if random.random() < _GAP_SHARE:
        _gap(stored, random)
    return stored


def _patchwork(image: np.ndarray, random: np.random.Generator) -> None:
    """Small square clumps filled from another date, as in mosaics of 30 m screens over 10 m pixels."""
    coarse = np.repeat(np.repeat(random.random((6, 6)) < 0.35, 4, axis=0), 4, axis=1)
    clump = coarse[:22, :22] & (random.random((22, 22)) < 0.5)
    where = np.repeat(np.repeat(clump, 3, axis=0), 3, axis=1)[:SIZE, :SIZE]
    tint = random.normal(0.0, 0.035) + random.normal(0.0, 0.02, (4, 1, 1)).astype(np.float32)
    image *= 1.0 + where * tint


def _seam(image: np.ndarray, random: np.random.Generator) -> None:
    """A date change of the mosaic: everything beyond a straight line is a little brighter or darker."""
    start = random.integers(8, SIZE - 8)
    image[:, :, start:] *= (random.uniform(0.92, 1.08) + random.normal(0.0, 0.015, (4, 1, 1))).astype(np.float32)


def _haze(image: np.ndarray, random: np.random.Generator) -> None:
    """A thin cloud the mosaic failed to mask, thickest along a line across the patch."""
    angle, offset, width = random.uniform(0.0, np.pi), random.uniform(-30.0, 30.0), random.uniform(10.0, 30.0)
    across = np.cos(angle) * (COLUMNS - CENTRE) + np.sin(angle) * (ROWS - CENTRE) - offset
    veil = random.uniform(0.05, 0.3) * np.exp(-((across / width) ** 2)).reshape(SIZE, SIZE)
    image += (_CLOUD[:, None, None] - image) * veil.astype(np.float32)


def _gap(stored: np.ndarray, random: np.random.Generator) -> None:
    """A few pixels without any clear view, in all bands."""
    row, column = random.integers(0, SIZE - 4, 2)
    height, width = random.integers(1, 5, 2)
    stored[:, row : row + height, column : column + width] = _NODATA
