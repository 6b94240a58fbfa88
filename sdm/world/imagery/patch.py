"""Sentinel-2 patches: place the covers, paint each, cast shadows, look through the sensor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdm.world.imagery.blend import overlay, visible
from sdm.world.imagery.built import draw_farmsteads, draw_roads, paint_built
from sdm.world.imagery.farmland import (
    draw_borders,
    paint_arable,
    paint_dry_grassland,
    paint_meadow,
    paint_vineyard,
)  # fmt: skip
from sdm.world.imagery.fields import SIZE
from sdm.world.imagery.layout import meander, place_covers
from sdm.world.imagery.mountain import paint_alpine, paint_rock, paint_snow
from sdm.world.imagery.openland import paint_heath, paint_sand, paint_water, paint_wetland
from sdm.world.imagery.scene import Scene, Site, set_scene, sites
from sdm.world.imagery.sensor import observe
from sdm.world.imagery.woods import paint_broadleaf, paint_conifer, paint_shrub
from sdm.world.place import COVERS, Places

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
    "water": paint_water,
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
    cover = place_covers(scene)
    image = np.empty((4, cover.size), np.float32)
    for index in np.flatnonzero(np.bincount(cover)):
        at = np.flatnonzero(cover == index)
        image[:, at] = PAINTERS[COVERS[index]](scene, at)
    land = cover != _WATER
    draw_borders(scene, image, _FARMED[cover])
    draw_farmsteads(scene, image, _FARMED[cover])
    _draw_stream(scene, image, _PASSABLE[cover])
    draw_roads(scene, image, _PASSABLE[cover])
    _cast_shadows(image, _WOODED[cover])
    image *= np.where(land, scene.shade, 1.0)
    return observe(image.reshape(4, SIZE, SIZE), scene.random)


def _draw_stream(scene: Scene, image: np.ndarray, land: np.ndarray) -> None:
    """A brook with trees along it through moist land, in place."""
    if scene.random.random() > 0.6 * scene.site.moisture:
        return
    distance = meander(scene, through_centre=False)
    for reach, colour in ((1.6, 0.85 * visible("broadleaf")), (0.7, visible("turbid water"))):
        weight = np.clip(reach - distance, 0.0, 1.0) * land * 0.85
        overlay(image, weight, colour)


def _cast_shadows(image: np.ndarray, wooded: np.ndarray) -> None:
    """Woods darken the open pixel to their north-west, away from the morning sun, in place."""
    trees = wooded.reshape(SIZE, SIZE)
    shadow = np.zeros_like(trees)
    shadow[:-1] = trees[1:]
    shadow[:-1, :-1] |= trees[1:, 1:]
    image *= np.where(shadow.ravel() & ~wooded, np.float32(0.72), np.float32(1.0))
