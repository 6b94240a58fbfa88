"""Sentinel-2 patches: paint the land cover by cover, cast shadows, simulate the sensor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdm.virtual_europe.imagery.built import draw_farmsteads, draw_roads, paint_built
from sdm.virtual_europe.imagery.farmland import (  # fmt: skip
    draw_borders,
    paint_arable,
    paint_dry_grassland,
    paint_meadow,
    paint_vineyard,
)
from sdm.virtual_europe.imagery.mountain import draw_snow, paint_alpine, paint_rock, paint_snow
from sdm.virtual_europe.imagery.openland import paint_heath, paint_sand, paint_wetland
from sdm.virtual_europe.imagery.scene import Scene
from sdm.virtual_europe.imagery.sensor import observe
from sdm.virtual_europe.imagery.shore import draw_brook, draw_water
from sdm.virtual_europe.imagery.woods import paint_broadleaf, paint_conifer, paint_shrub
from sdm.virtual_europe.landscape.covers import lands
from sdm.virtual_europe.landscape.lattice import Windows, windows_at
from sdm.virtual_europe.place import COVERS, Places

SIZE = 64  # pixels
# Pixels over the edge of a patch: blur reaches two of them, soft edges one more, and gradients the last.
MARGIN = 4
_AT_ONCE = 16  # patches whose arrays fit into the cache
Painter = Callable[[Scene, np.ndarray], np.ndarray]

PAINTERS: dict[str, Painter] = {
    "broadleaf forest": paint_broadleaf,
    "conifer forest": paint_conifer,
    "shrub": paint_shrub,
    "dry grassland": paint_dry_grassland,
    "meadow": paint_meadow,
    "arable": paint_arable,
    "vineyard and orchard": paint_vineyard,
    "wetland": paint_wetland,
    "heath": paint_heath,
    "alpine sward": paint_alpine,
    "rock and scree": paint_rock,
    "snow and ice": paint_snow,
    "sand and dune": paint_sand,
    "built-up": paint_built,
}
_FARMED = np.isin(COVERS, ("arable", "meadow", "dry grassland"))
_WOODED = np.isin(COVERS, ("broadleaf forest", "conifer forest"))
_PASSABLE = ~np.isin(COVERS, ("water", "snow and ice", "rock and scree", "sand and dune"))
_WATER = COVERS.index("water")


def patch_windows(lon: np.ndarray, lat: np.ndarray, size: int = SIZE) -> Windows:
    """The windows that patches at positions in degrees are rendered in, margins included."""
    return windows_at(lon, lat, size + 2 * MARGIN)


def render_patches(places: Places, size: int = SIZE) -> np.ndarray:
    """Sentinel-2 patches of `places`, int16 (N, 4, size, size): red, green, blue, nir in reflectance x 10,000.

    Rows run from north to south at 10 m; the survey stands at row and column size // 2 on `places.centre`. Cloudy
    pixels that no image of the year shows are -1. Two patches of one year are equal where they overlap.
    """
    wide = patch_windows(places.lon, places.lat, size)
    some = [slice(start, start + _AT_ONCE) for start in range(0, len(places), _AT_ONCE)]
    batches = [wide.some(rows) for rows in some]
    parts = [np.empty((0, 4, size, size), np.int16)]
    for rows, here in zip(some, lands(batches, places.seed), strict=True):
        parts.append(render(Scene(here, places.year[rows])))
    return np.concatenate(parts)


def render(scene: Scene) -> np.ndarray:
    """The mosaic of a scene without its margins, int16 (B, 4, size, size)."""
    cover = scene.land.cover
    image = _paint_covers(scene)
    draw_borders(scene, image, _FARMED[cover])
    draw_farmsteads(scene, image, _FARMED[cover])
    draw_brook(scene, image, _PASSABLE[cover])
    draw_roads(scene, image, _PASSABLE[cover])
    image *= _shadows(scene, _WOODED[cover])
    image *= np.where(cover == _WATER, np.float32(1.0), scene.shade)
    return observe(scene, image, MARGIN)


def _paint_covers(scene: Scene) -> np.ndarray:
    """Every cover in its place, edges softened, (4, N)."""
    cover = scene.land.cover
    image = np.zeros((4, cover.size), np.float32)
    for index in np.flatnonzero(np.bincount(cover)):
        if index != _WATER:
            at = np.flatnonzero(cover == index)
            image[:, at] = PAINTERS[COVERS[index]](scene, at)
    _soften_edges(image, cover, scene.land.pixels.size)
    if "snow and ice" in scene.land.inside:
        draw_snow(scene, image)
    if "water" in scene.land.inside:
        draw_water(scene, image)
    return image


def _soften_edges(image: np.ndarray, cover: np.ndarray, size: int) -> None:
    """Mixes pixels at the edge of a cover on land with their four neighbours, in place."""
    grid = cover.reshape(-1, size, size)
    around = [np.roll(grid, shift, axis) for axis in (1, 2) for shift in (-1, 1)]
    wet = np.any([other == _WATER for other in (grid, *around)], axis=0)
    edge = np.any([other != grid for other in around], axis=0) & ~wet
    edge[:, [0, -1]] = edge[:, :, [0, -1]] = False
    at = np.flatnonzero(edge)
    mixed = sum(image.take(at + step, axis=1) for step in (-1, 1, -size, size))
    image[:, at] = 0.68 * image[:, at] + 0.08 * mixed


def _shadows(scene: Scene, wooded: np.ndarray) -> np.ndarray:
    """Woods darken the open pixel to their north-west, away from the morning sun, (N,)."""
    size = scene.land.pixels.size
    trees = wooded.reshape(-1, size, size)
    shadow = np.roll(trees, -1, 1) | np.roll(trees, (-1, -1), (1, 2))
    return np.where(shadow.ravel() & ~wooded, np.float32(0.72), np.float32(1.0))
