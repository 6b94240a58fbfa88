"""Ground photographs: the ground in perspective with colour and texture of its type, plants, trees, and sky."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image

from sdm.geo.random_fields import generator, torus
from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.virtual_coast.parameters import COAST, UNMAPPED, GroundType, ground_types, spectra

_EYE_M, _FOCAL = 1.5, 0.9  # height of the camera; focal length in widths of the image
_TILE, _GRAIN = 512, 40  # side of a texture that repeats, and its correlation length
_CLOUDS = 3  # the texture of the sky; others are of the ground
_LENGTHS_M = (1.2, 0.25, 0.05)  # correlation lengths of tussocks, leaves and blades
_DEVELOPED = (255 * np.linspace(0, 1, 4096) ** (1 / 1.8)).astype(np.uint8)  # 8 bits of linear light
_AMPLITUDE = np.array([0.28, 0.30, 0.35], np.float32)
# Per main type: height of upright blades as a share of the picture, their number, stones, pools, and tussocks.
_LOOKS = {
    "T1": (0.02, 40, 0.9, 0.0, 0.5), "T2": (0.06, 250, 0.5, 0.0, 0.7), "T4": (0.08, 350, 0.1, 0.0, 1.2),
    "T12": (0.05, 900, 0.0, 0.1, 0.4), "T16": (0.10, 350, 0.9, 0.0, 1.1), "T18": (0.12, 400, 0.5, 0.2, 0.8),
    "T29": (0.03, 30, 1.0, 0.0, 0.3), "T31": (0.09, 700, 0.1, 0.0, 1.2), "T32": (0.14, 1300, 0.0, 0.0, 0.4),
    "T34": (0.08, 800, 0.2, 0.0, 1.1), "T45": (0.16, 1800, 0.0, 0.0, 0.2), "V1": (0.16, 1100, 0.0, 0.4, 0.8),
    "V3": (0.05, 500, 0.0, 0.6, 1.3), "V9": (0.15, 1200, 0.0, 0.2, 0.6),
}  # fmt: skip


def photograph(kind: GroundType, number: int, seed: int, size: tuple[int, int] = COAST.photo_size) -> bytes:
    """A JPEG of point `number` on ground of `kind`; view, plants, light and exposure are the photograph's own."""
    rng = generator(seed, f"photograph {number}")
    width, height = size
    horizon = int(height * rng.uniform(0.12, 0.34))
    picture = np.empty((height, width, 3), np.float32)
    picture[:horizon] = _sky(rng, horizon, width)
    colour = _colour(kind, rng)
    picture[horizon:] = _ground(kind, colour, rng, (height - horizon, width))
    if kind.main_type == "T4":
        _trees(picture, horizon, rng)
    _blades(picture, horizon, kind, colour, rng)
    picture *= np.exp(rng.normal(0, 0.18) + rng.normal(0, 0.04, 3)).astype(np.float32)  # exposure, white balance
    picture += np.float32(0.012) * rng.standard_normal(picture.shape, np.float32)
    np.clip(picture, 0, 1, out=picture)
    picture *= len(_DEVELOPED) - 1
    pixels = _DEVELOPED.take(picture.astype(np.int16))
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=75)
    return file.getvalue()


def _colour(kind: GroundType, rng: np.random.Generator) -> np.ndarray:
    """Linear red, green, blue of the ground: its reflectance, with the variation between stands."""
    row = spectra()[len(UNMAPPED) + ground_types().index(kind)]
    rgb = np.array([row[SENTINEL2_BANDS.index(band)] for band in ("B4", "B3", "B2")]) / 10_000
    return np.asarray(2.6 * rgb * np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.06, 3)), np.float32)


@lru_cache(maxsize=4)
def _tile(number: int) -> np.ndarray:
    """A texture that repeats without a seam, correlation length `_GRAIN` pixels."""
    smooth = 1.5 if number == _CLOUDS else 0.5
    return torus(generator(number, "photograph texture"), (_TILE, _TILE), 1.0, float(_GRAIN), smooth)


def _ground(kind: GroundType, colour: np.ndarray, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """The ground below the horizon, each texture in perspective; stones and pools by the coarsest."""
    _, _, stones, pools, tussocks = _LOOKS[kind.main_type]
    row, column = np.ogrid[: shape[0], : shape[1]]
    row, column = row.astype(np.float32), column.astype(np.float32)
    distance = _EYE_M * _FOCAL * shape[1] / (row + 4)
    across = (column - shape[1] / 2) * distance / (_FOCAL * shape[1])
    layers = []
    for i, length in enumerate(_LENGTHS_M):
        step = length / _GRAIN
        at = rng.integers(0, _TILE, 2)
        place = [
            (axis / step + start).astype(np.int32) % _TILE
            for axis, start in zip((distance, across), at, strict=True)
        ]
        values = _tile(i).take(place[0] * _TILE + place[1])
        blur = np.clip(length * _FOCAL * shape[1] / distance / 4, 0, 1)  # finer than a pixel: no contrast
        layers.append(values * blur)
    strength = _AMPLITUDE * np.array([tussocks, 1.0, 1.0], np.float32)
    texture = sum(s * layer for s, layer in zip(strength, layers, strict=True))
    picture = colour * np.exp(texture)[..., None] * (0.85 + 0.3 * row / shape[0])[..., None]
    if stones:
        grey = np.exp(0.25 * layers[1] + 0.1 * layers[2])[..., None] * np.array([0.32, 0.314, 0.304], np.float32)
        stone = layers[0] + 0.4 * layers[1] > 1.9 - 2.2 * stones
        picture[stone] = 0.5 * (picture[stone] + grey[stone])
    if pools:
        water = np.array([0.10, 0.11, 0.12], np.float32) * (1.3 - row / shape[0])[..., None]
        picture = np.where((layers[0] < -2.0 + 1.2 * pools)[..., None], water, picture)
    return picture


def _sky(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    """Blue to grey, paler to the horizon, with clouds and far hills."""
    cloud = rng.uniform(0, 1)
    blue = np.array([0.30, 0.47, 0.78]) * (1 - cloud) + np.array([0.62, 0.65, 0.68]) * cloud
    pale = np.linspace(0, 1, rows)[:, None, None]
    picture = blue * (1 - pale) + np.array([0.78, 0.82, 0.86]) * pale + np.zeros((rows, width, 3))
    at = np.arange(rows) * 3 + rng.integers(0, _TILE), np.arange(width) // 2 + rng.integers(0, _TILE)
    picture += 0.14 * np.clip(_tile(_CLOUDS)[np.ix_(at[0] % _TILE, at[1] % _TILE)], 0, 2)[..., None]
    hills = rows * (0.82 - 0.12 * np.sin(np.arange(width) / width * rng.uniform(2, 7) + rng.uniform(0, 6)))
    far = np.arange(rows)[:, None] > hills[None]
    return np.where(far[..., None], np.array([0.20, 0.26, 0.28]), picture)


def _trees(picture: np.ndarray, horizon: int, rng: np.random.Generator) -> None:
    """Trunks before a dark wood that hides most of the sky."""
    height, width = picture.shape[:2]
    wood = np.clip(_tile(0)[: horizon + 20, :width], -2, 2)
    picture[: horizon + 20] = np.array([0.045, 0.07, 0.035]) * np.exp(0.7 * wood)[..., None]
    for nearness in np.sort(rng.uniform(0.1, 1.0, rng.integers(6, 14))):
        foot = int(horizon + nearness**2 * 0.5 * (height - horizon))
        half = max(int(nearness * width * 0.018), 1)
        left = int(rng.integers(0, width))
        bark = np.array([0.16, 0.12, 0.09]) * rng.uniform(0.6, 1.3)
        shade = np.linspace(1.3, 0.6, len(range(max(left - half, 0), min(left + half, width))))
        picture[:foot, max(left - half, 0) : left + half] = bark * shade[None, :, None]


def _blades(
    picture: np.ndarray, horizon: int, kind: GroundType, colour: np.ndarray, rng: np.random.Generator
) -> None:
    """Upright leaves, the near ones longer."""
    length, count, *_ = _LOOKS[kind.main_type]
    height, width = picture.shape[:2]
    near = np.sort(rng.uniform(0.03, 1, count) ** 0.7)
    foot = (horizon + near * (height - horizon - 1)).astype(int)
    left, lean = rng.integers(2, width - 3, count), rng.normal(0, 0.25, count)
    tall = np.maximum(length * height * near * rng.uniform(0.5, 1.2, count), 2).astype(int)
    light = np.exp(rng.normal(0.1, 0.35, count))
    tint = colour * np.array([0.95, 1.12, 0.9], np.float32)
    tall = np.minimum(tall, foot)
    blade = np.repeat(np.arange(count), tall)  # of every pixel, the near ones last: they hide the others
    up = np.arange(len(blade)) - np.repeat(np.cumsum(tall) - tall, tall) + 1
    columns = np.clip(left[blade] + (up * lean[blade]).astype(int), 0, width - 1)
    picture[foot[blade] - up, columns] = (tint * light[:, None])[blade]
