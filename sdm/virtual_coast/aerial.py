"""Orthophoto and drone image of a part of a site: 8 bits per channel, with the texture of each main type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine

from sdm.geo.random_fields import enlarge, field, generator
from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.virtual_coast.land import Land
from sdm.virtual_coast.outlines import burn
from sdm.virtual_coast.parameters import Site, cover_main_types, spectra

CROWN_M, TUFT_M = (
    9.0,
    2.5,
)  # correlation lengths (practical ranges) of the textures; grain is white noise per pixel
ROW_M, ROW = 3.0, 0.10  # distance and depth of the rows of cultivated land
WANDER_M = 1.2  # how far vegetation strays over a boundary
DRONE = (("B3",), ("B2",), ("B4",), ("B6",), ("B8",), ("B2", "B3", "B4"))
DRONE_NAMES = ("G", "B", "R", "RE", "NIR", "PAN")
_WHITE = {"B2": 1500.0, "B3": 1700.0, "B4": 1700.0, "B6": 4200.0, "B8": 5200.0}  # reflectance stored as 255
_DEVELOPED = np.maximum(255 * np.linspace(0, 1, 4096) ** (1 / 1.5), 1).astype(np.uint8)  # 8 bits of linear light


@dataclass(frozen=True)
class Window:
    """A square of `side` pixels of `pixel` m; `row` and `column` of its corner on the lattice of 10 m pixels."""

    row: int
    column: int
    side: int
    pixel: float

    def transform(self, site: Site, pixel_m: int) -> Affine:
        """From its columns and rows to metres."""
        left, top = site.left + self.column * pixel_m, site.top - self.row * pixel_m
        return Affine(self.pixel, 0, left, 0, -self.pixel, top)


def orthophoto_window(land: Land) -> Window:
    """The middle of the site."""
    coast = land.coast
    side = min(coast.aerial_side_m, coast.side_m) // coast.pixel_m
    corner = (coast.side_m // coast.pixel_m - side) // 2
    return Window(corner, corner, int(side * coast.pixel_m / coast.aerial_m), coast.aerial_m)


def drone_window(land: Land) -> Window:
    """The place in the first locality with most ground types, of fifty tried."""
    rng, coast = generator(land.seed, land.site.name, "drone"), land.coast
    cells = min(coast.drone_side_m, coast.side_m) // coast.pixel_m * (coast.pixel_m // coast.cell_m)
    times = coast.pixel_m // coast.cell_m
    inside = np.argwhere(land.localities[0])
    low, high = inside.min(axis=0) // times, np.maximum((inside.max(axis=0) - cells) // times, 1)
    best, most = (0, 0), -1
    for row, column in rng.integers(low, np.maximum(high, low + 1), (50, 2)):
        part = land.mosaic.cover[row * times : row * times + cells, column * times : column * times + cells]
        types = int((np.bincount(part[part > 2], minlength=1) > 60).sum())
        if types > most and part.shape == (cells, cells):
            best, most = (int(row), int(column)), types
    return Window(*best, int(cells * coast.cell_m / coast.drone_m), coast.drone_m)


def orthophoto(land: Land, window: Window) -> np.ndarray:
    """Three channels, uint8 (3, rows, columns): what they see is `site.aerial`, and stands in no file."""
    return render(land, window, tuple((band,) for band in land.site.aerial), "orthophoto")


def drone_image(land: Land, window: Window) -> np.ndarray:
    """Six channels, uint8: green, blue, red, red edge, near infrared, panchromatic."""
    return render(land, window, DRONE, "drone")


def render(land: Land, window: Window, channels: tuple[tuple[str, ...], ...], what: str) -> np.ndarray:
    """An image of the window; a channel is the mean of its Sentinel-2 bands."""
    rng = generator(land.seed, land.site.name, what)
    shape = (window.side, window.side)
    cover = burn(land.polygons, land.polygons["value"], window.transform(land.site, land.coast.pixel_m), shape)
    crown, tuft = _texture(rng, window, CROWN_M), _texture(rng, window, TUFT_M)
    cover = _strayed(cover, crown, WANDER_M / window.pixel)
    texture = _shades(cover, crown, tuft, rng, window)
    result = np.empty((len(channels), *shape), np.uint8)
    for i, bands in enumerate(channels):
        numbers = [SENTINEL2_BANDS.index(band) for band in bands]
        white = np.mean([_WHITE[band] for band in bands])
        mean = (spectra()[:, numbers].mean(axis=1) / white).astype(np.float32)
        deviation = np.mean([_cut(land.deviation(n), window, land.coast.pixel_m) for n in numbers], axis=0)
        value = enlarge(deviation, shape)
        value += texture
        np.multiply(np.exp(value, out=value), mean[cover], out=value)
        np.minimum(value, 1, out=value)
        result[i] = _DEVELOPED[(value * np.float32(len(_DEVELOPED) - 1)).astype(np.int16)]
    return result


def _cut(values: np.ndarray, window: Window, pixel_m: int) -> np.ndarray:
    side = round(window.side * window.pixel / pixel_m)
    return values[window.row : window.row + side, window.column : window.column + side]


def _texture(rng: np.random.Generator, window: Window, length: float) -> np.ndarray:
    """A field with that correlation length, drawn on a lattice of about a quarter of it."""
    cell = max(window.pixel, length / 4)
    side = int(np.ceil(window.side * window.pixel / cell))
    return enlarge(field(rng, (side, side), cell, length, 1.5), (window.side, window.side))


def _strayed(cover: np.ndarray, crown: np.ndarray, reach: float) -> np.ndarray:
    """`cover` looked up where the texture says: edges of a forest follow its crowns."""
    n = len(cover)
    shift = np.rint(crown * reach).astype(np.int32)
    row = np.clip(np.arange(n, dtype=np.int32)[:, None] + shift, 0, n - 1)
    column = np.clip(np.arange(n, dtype=np.int32)[None] - shift.T, 0, n - 1)
    return cover[row, column]


def _shades(
    cover: np.ndarray, crown: np.ndarray, tuft: np.ndarray, rng: np.random.Generator, window: Window
) -> np.ndarray:
    """Logarithm of the texture's brightness, float32; between crowns lies their shadow."""
    kinds = cover_main_types()
    amplitude = np.array([kind.texture for kind in kinds], np.float32).T
    result = amplitude[0][cover] * (crown + 0.6 * np.minimum(crown, 0)) + amplitude[1][cover] * tuft
    result += amplitude[2][cover] * rng.standard_normal(cover.shape, dtype=np.float32)
    angle = rng.uniform(0, np.pi)
    at = np.arange(window.side, dtype=np.float32) * np.float32(2 * np.pi * window.pixel / ROW_M)
    rows = np.sin(at[:, None] * np.float32(np.sin(angle)) + at[None] * np.float32(np.cos(angle)))
    return np.asarray(result + np.array([ROW * kind.row for kind in kinds], np.float32)[cover] * rows)
