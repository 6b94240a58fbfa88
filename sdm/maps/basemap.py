"""The base map: coastline and shaded relief in the app's own colours, no outside service needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.errors import UnknownNameError
from sdm.geo.mercator import Tile, metres_per_pixel
from sdm.maps import terrain
from sdm.maps.png import encode


@dataclass(frozen=True)
class Theme:
    """Colours (red, green, blue) of one appearance; `land` runs through the heights of LEVELS."""

    sea: tuple[int, int, int]
    shallow: tuple[int, int, int]
    coast: tuple[int, int, int]
    beyond: tuple[int, int, int]
    land: tuple[tuple[int, int, int], ...]
    shade: float


LEVELS = (0, 250, 700, 1400, 2200, 3200)  # m
THEMES = {
    "light": Theme(
        sea=(213, 226, 234), shallow=(224, 234, 240), coast=(146, 170, 182), beyond=(236, 240, 242),
        land=((240, 241, 232), (234, 235, 220), (224, 220, 199), (211, 202, 179), (205, 197, 184),
              (244, 243, 241)),
        shade=0.16,
    ),
    "dark": Theme(
        sea=(17, 28, 35), shallow=(22, 36, 44), coast=(72, 98, 108), beyond=(14, 21, 22),
        land=((36, 46, 43), (41, 51, 46), (50, 58, 51), (61, 66, 58), (76, 79, 72), (120, 124, 121)),
        shade=0.3,
    ),
}  # fmt: skip


def basemap_tile(tile: Tile, theme: str = "light") -> bytes:
    """PNG of one tile; an unknown theme lists the known ones."""
    if theme not in THEMES:
        raise UnknownNameError("unknown map theme", expected=", ".join(THEMES), got=theme)
    return encode(draw(tile, THEMES[theme]))


def draw(tile: Tile, theme: Theme) -> np.ndarray:
    """uint8 (256, 256, 3): sea, coast and shaded land."""
    lon, lat = tile.pixel_centres(margin=1)
    land = terrain.land_share().at(lon, lat)
    heights = terrain.height().at(lon, lat)
    sharpness = 1 / np.maximum(np.hypot(*np.gradient(land)), 1e-3)  # per pixel
    share = np.clip((land - 0.5) * sharpness + 0.5, 0, 1)[1:-1, 1:-1, None]
    coast = np.clip(1.1 - np.abs((land - 0.5) * sharpness), 0, 1)[1:-1, 1:-1, None]
    ground = _ramp(heights[1:-1, 1:-1], theme.land) * _shading(heights, lat, tile.zoom, theme.shade)[..., None]
    glow = np.clip(land[1:-1, 1:-1, None] * 2, 0, 1)
    water = np.asarray(theme.sea) * (1 - glow) + np.asarray(theme.shallow) * glow
    image = water * (1 - share) + ground * share
    image = image * (1 - 0.8 * coast) + np.asarray(theme.coast) * 0.8 * coast
    within = terrain.inside(lon, lat)[1:-1, 1:-1, None]
    image = image * within + np.asarray(theme.beyond) * (1 - within)
    return np.clip(image, 0, 255).round().astype(np.uint8)


def _ramp(heights: np.ndarray, colours: tuple[tuple[int, int, int], ...]) -> np.ndarray:
    return np.stack([np.interp(heights, LEVELS, band) for band in zip(*colours, strict=True)], axis=-1)


def _shading(heights: np.ndarray, lat: np.ndarray, zoom: int, strength: float) -> np.ndarray:
    """Brightness factor of light from the north-west, slopes exaggerated where the map is small."""
    metres = metres_per_pixel(lat, zoom)
    down, right = np.gradient(heights)
    exaggeration = 3 * 2.0 ** (0.7 * max(0, 9 - zoom))
    rise = (down + right)[1:-1, 1:-1] / metres[1:-1, 1:-1]  # towards the south-east
    return 1 + strength * np.tanh(rise * exaggeration)
