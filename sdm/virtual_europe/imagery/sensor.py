"""Effects of sensor and mosaic: blur, noise, seams, haze, clouds, missing pixels; functions of pixel and year."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.scene import Scene, draw
from sdm.virtual_europe.landscape.lattice import Windows, child_key, combine_salt, node_key

# 10 m bands: modulation transfer about 0.25 at Nyquist (ESA Sentinel-2 MPC reports), a Gaussian of 0.56 pixels.
_BLUR = np.exp(-0.5 * (np.arange(-2, 3) / 0.56) ** 2).astype(np.float32)
_BLUR /= _BLUR.sum()
_NOISE_FLOOR, _NOISE_RATE = 5.0, 0.016  # reflectance x 10,000, and share of the signal
_HAZE, _CLOUDS, _GAPS = 1.9, 2.55, 3.6  # standard deviations of their fields from which they begin
_CLOUD = np.array([9800.0, 9700.0, 10200.0, 9900.0], np.float32)  # reflectance x 10,000 of a bright cloud
_HIGHEST = 12_000
_NODATA = -1


def observe(scene: Scene, image: np.ndarray, margin: int) -> np.ndarray:
    """The mosaic as stored, int16 (B, 4, inner, inner), from the land's reflectance x 10,000, (4, N).

    `margin` pixels at every edge are left out, two at least: they have no neighbours to blur with.
    """
    pixels = scene.land.pixels
    inner = Windows(pixels.west + margin, pixels.north + margin, pixels.size - 2 * margin)
    grid = _blurred(image.reshape(4, -1, pixels.size, pixels.size), margin).reshape(4, -1)
    grid *= _tint(scene, inner)
    veil = _veil(scene, inner)
    hazy = np.flatnonzero(veil)
    part = grid[:, hazy]
    grid[:, hazy] = part + (_CLOUD[:, None] - part) * veil[hazy]
    grid += _unrest(scene, inner) * (_NOISE_FLOOR + _NOISE_RATE * grid)
    stored = np.clip(np.rint(grid, out=grid), 1, _HIGHEST, out=grid).astype(np.int16)
    stored[:, scene.passing("gap", (16, 8, 4), 0.7, inner) > _GAPS] = _NODATA
    return stored.reshape(4, -1, inner.size, inner.size).swapaxes(0, 1)


def _blurred(grid: np.ndarray, margin: int) -> np.ndarray:
    """A separable Gaussian without the margin; sums always in the same order."""
    for axis in (2, 3):
        inner = grid.shape[axis] - 2 * margin
        parts = (
            weight * grid.take(range(start, start + inner), axis=axis)
            for weight, start in zip(_BLUR, range(margin + 2, margin - 3, -1), strict=True)
        )
        total = next(parts)
        for part in parts:
            total += part
        grid = total
    return grid


def _tint(scene: Scene, inner: Windows) -> np.ndarray:
    """How much brighter each band's image is, by the date it was taken on, (4, N).

    Masks of 30 m leave small clumps of another date.
    """
    key, which = scene.images
    size, margin = scene.land.pixels.size, (scene.land.pixels.size - inner.size) // 2
    which = which.reshape(-1, size, size)[:, margin : size - margin, margin : size - margin].ravel()
    masked = (_clumps(scene, inner, 12, "coarse mask") < 0.2) & (_clumps(scene, inner, 3, "fine mask") < 0.5)
    key, which = np.concatenate([key, child_key(key, 1)]), which + len(key) * masked
    level = 0.05 * (draw(key, "brightness") - 0.5)
    bands = [1 + level + np.float32(0.03) * (draw(key, f"band {band}") - 0.5) for band in range(4)]
    return np.stack(bands).take(which, axis=1)


def _clumps(scene: Scene, pixels: Windows, side: int, name: str) -> np.ndarray:
    """A uniform number per year and clump of `side` x `side` pixels, (N,)."""
    column, row = pixels.columns // side, pixels.rows // side
    west, north, count = column[:, :1], row[:, :1], -(-(pixels.size - 1) // side) + 1
    box, salt = np.arange(count), combine_salt(scene.land.seed, name)
    key = node_key((west + box)[:, None], (north + box)[:, :, None], salt)
    drawn = draw(child_key(key, scene.year[:, None, None]), "masked")
    window = np.arange(len(drawn))[:, None, None] * count**2
    return drawn.take(window + (row - north)[:, :, None] * count + (column - west)[:, None]).ravel()


def _veil(scene: Scene, pixels: Windows) -> np.ndarray:
    """Share of cloud in front of each pixel: thin haze that was not masked, and remnants of bright clouds."""
    haze = np.clip(0.35 * (scene.passing("haze", (256, 128), 0.5, pixels) - _HAZE), 0.0, 0.35)
    cloud = np.clip(1.6 * (scene.passing("cloud", (64, 32, 16, 8), 0.6, pixels) - _CLOUDS), 0.0, 1.0)
    return np.maximum(haze, cloud).astype(np.float32)


def _unrest(scene: Scene, pixels: Windows) -> np.ndarray:
    """Noise of unit variance per pixel, band and year, (4, N): four numbers from the bits of one key."""
    column, row = pixels.columns[:, None], pixels.rows[:, :, None]
    key = child_key(node_key(column, row, combine_salt(scene.land.seed, "noise")), scene.year[:, None, None])
    parts = key.astype("<u8", copy=False).view("<u2").reshape(-1, 4).T
    return (parts.astype(np.float32, order="C") - np.float32(32767.5)) * np.float32(np.sqrt(12.0) / 65536.0)
