"""Sentinel-2 patches: place the covers, paint each, cast shadows, simulate the sensor."""

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
from sdm.virtual_europe.imagery.fields import SIZE
from sdm.virtual_europe.imagery.layout import Layout, place_covers
from sdm.virtual_europe.imagery.mountain import draw_snow, paint_alpine, paint_rock, paint_snow
from sdm.virtual_europe.imagery.openland import paint_heath, paint_sand, paint_wetland
from sdm.virtual_europe.imagery.scene import Scene, Site, set_scene, sites
from sdm.virtual_europe.imagery.sensor import observe
from sdm.virtual_europe.imagery.shore import draw_brook, draw_water
from sdm.virtual_europe.imagery.woods import paint_broadleaf, paint_conifer, paint_shrub
from sdm.virtual_europe.place import COVERS, Places

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


def render_patches(places: Places) -> np.ndarray:
    """Sentinel-2 patches of `places`, int16 (N, 4, 64, 64): red, green, blue, nir in reflectance x 10,000.

    Rows run from north to south at 10 m; the survey stands at row 32, column 32 on `places.centre`. A few
    patches hold missing pixels, -1. Each patch is a pure function of its own place.
    """
    patches = np.empty((len(places), 4, SIZE, SIZE), np.int16)
    for row, site in enumerate(sites(places)):
        patches[row] = _render(site)
    return patches


def _render(site: Site) -> np.ndarray:
    scene = set_scene(site)
    layout = place_covers(scene)
    cover = layout.cover
    image = _paint_covers(scene, layout)
    draw_borders(scene, image, _FARMED[cover])
    draw_farmsteads(scene, image, _FARMED[cover])
    draw_brook(scene, image, _PASSABLE[cover])
    draw_roads(scene, image, _PASSABLE[cover])
    _cast_shadows(image, _WOODED[cover])
    image *= np.where(cover == _WATER, 1.0, scene.shade)
    return observe(image.reshape(4, SIZE, SIZE), scene.yearly)


def _paint_covers(scene: Scene, layout: Layout) -> np.ndarray:
    """Every cover in its place, edges softened, (4, 4096)."""
    image = np.zeros((4, layout.cover.size), np.float32)
    for index in np.flatnonzero(np.bincount(layout.cover)):
        if index != _WATER:
            at = np.flatnonzero(layout.cover == index)
            image[:, at] = PAINTERS[COVERS[index]](scene, at)
    _soften_edges(image, layout.cover)
    if "snow and ice" in layout.inside:
        draw_snow(scene, image, layout.inside["snow and ice"])
    if "water" in layout.inside:
        draw_water(scene, image, layout.inside["water"])
    return image


def _soften_edges(image: np.ndarray, cover: np.ndarray) -> None:
    """Mixes pixels at the edge of a cover on land with their four neighbours, in place."""
    grid = cover.reshape(SIZE, SIZE)
    edge = np.zeros((SIZE, SIZE), bool)
    for unlike, here, there in (
        (grid[1:] != grid[:-1], edge[1:], edge[:-1]),
        (grid[:, 1:] != grid[:, :-1], edge[:, 1:], edge[:, :-1]),
    ):
        here |= unlike
        there |= unlike
    wet = grid == _WATER
    edge[1:-1, 1:-1] &= ~(wet[2:, 1:-1] | wet[:-2, 1:-1] | wet[1:-1, 2:] | wet[1:-1, :-2] | wet[1:-1, 1:-1])
    edge[[0, -1]] = edge[:, [0, -1]] = False
    at = np.flatnonzero(edge)
    around = sum(image.take(at + step, axis=1) for step in (-1, 1, -SIZE, SIZE))
    image[:, at] = 0.68 * image[:, at] + 0.08 * around


def _cast_shadows(image: np.ndarray, wooded: np.ndarray) -> None:
    """Woods darken the open pixel to their north-west, away from the morning sun, in place."""
    trees = wooded.reshape(SIZE, SIZE)
    shadow = np.zeros_like(trees)
    shadow[:-1] = trees[1:]
    shadow[:-1, :-1] |= trees[1:, 1:]
    image *= np.where(shadow.ravel() & ~wooded, np.float32(0.72), np.float32(1.0))
