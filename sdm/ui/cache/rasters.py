"""Scenes of data sets, ready to draw as tiles."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from rasterio.transform import array_bounds
from rasterio.warp import transform_bounds

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import UnknownNameError
from sdm.geo.bounds import Bounds
from sdm.geo.mercator import TILE_PIXELS, Tile
from sdm.maps.class_colours import ClassColours, class_colours, value_colours
from sdm.maps.png import encode
from sdm.maps.polygon_tiles import PolygonTiles
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import Scene, at_step, read_scenes, steps_of
from sdm.rasters.stack import RasterStack
from sdm.ui.cache import datasets
from sdm.ui.cache.memo import memo

STEP = re.compile("[0-9]{0,6}")
EMPTY = encode(np.zeros((TILE_PIXELS, TILE_PIXELS, 4), np.uint8))


@memo(8)
def scenes(data: Dataset) -> tuple[Scene, ...]:
    """The scenes of a data set, none where it has none; DataError where their list is damaged."""
    return read_scenes(data.place)


@memo(8)
def colours(data: Dataset, level: str) -> ClassColours:
    """The colours of its classes."""
    return class_colours(data.targets, level)


@memo(24)
def raster(data: Dataset, source: str, layer: str, step: int = 0) -> RasterTiles:
    """A layer of the scene `source`, of series at a date; DataError where there is none."""
    scene = next(one for one in scenes(data) if one.source == source)
    found = next(one for one in scene.layers if one.name == layer)
    return RasterTiles.build(at_step(found, step) if steps_of(found) else found, data.place)


@memo(16)
def extent_of(data: Dataset, source: str) -> Bounds:
    """The bounds of the surveys of a source, or, without any, of the scene of that source."""
    scene = next((one for one in scenes(data) if one.source == source), None)
    if scene is None or (data.sites["source"].astype(str) == source).any():
        return datasets.site_extent(data, source)
    with RasterStack.of_layer(scene.layers[0], data.place) as stack:
        edges = array_bounds(stack.height, stack.width, stack.transform)
        west, south, east, north = transform_bounds(stack.crs, 4326, *edges)
    return (south, west), (north, east)


@memo(24)
def polygons(data: Dataset, source: str, mapper: str) -> PolygonTiles:
    """The polygons of one mapper of the scene `source`."""
    scene = next(one for one in scenes(data) if one.source == source)
    mapping = next(one for one in scene.mappings if one.mapper == mapper)
    assert data.place is not None
    return PolygonTiles.read(data.place / mapping.file)


@memo(8)
def palette(data: Dataset, level: str) -> dict[str, tuple[int, int, int]]:
    """Class name -> colour at a level; of a number, by its mean over the surveys in the polygons of that class."""
    if data.targets.kind is not TargetKind.REGRESSION:
        return colours(data, level).rgb(data.targets.classes["name"].to_numpy(object))
    values = mean_values(data)
    return value_colours(values)


@memo(4)
def _mapped_values(data: Dataset) -> pd.DataFrame:
    """Class of the mapped polygons (the index): mean number of the surveys in them, and their count."""
    parts = [pd.DataFrame({"code": [], "value": []})]
    for scene in scenes(data):
        own = data.sites.loc[(data.sites["source"] == scene.source) & data.targets.known]
        if scene.mappings and "polygon" in own:
            mapped = polygons(data, scene.source, scene.mappings[0].mapper)
            code = own["polygon"].map(dict(zip(mapped.numbers.tolist(), mapped.codes.tolist(), strict=True)))
            parts.append(pd.DataFrame({"code": code, "value": np.asarray(data.targets.values)[own.index]}))
    return pd.concat(parts[1:] or parts).groupby("code")["value"].agg(["mean", "size"])


def mean_values(data: Dataset) -> dict[str, float]:
    """Class of the mapped polygons -> mean of the number known at the surveys in them."""
    return {str(code): float(value) for code, value in _mapped_values(data)["mean"].items()}


def counts(data: Dataset) -> dict[str, int]:
    """Class of the mapped polygons -> surveys in them whose number is known."""
    return {str(code): int(value) for code, value in _mapped_values(data)["size"].items()}


@memo(4096)
def raster_tile(data: Dataset, layer: str, look: str, tile: Tile) -> bytes:
    """A tile of a layer by one of its looks, of all scenes that have it; UnknownNameError where none has.

    Of series the look is one at a date: `natural@5`.
    """
    having = [scene for scene in scenes(data) if any(one.name == layer for one in scene.layers)]
    if not having:
        known = {one.name for scene in scenes(data) for one in scene.layers}
        raise UnknownNameError("unknown layer", expected=", ".join(sorted(known)) or "none", got=layer[:60])
    look, _, step = look.partition("@")
    if not STEP.fullmatch(step):
        raise UnknownNameError("unknown date", expected="its number from 1", got=step[:60])
    at = int(step or 0)
    return _together([raster(data, scene.source, layer, at).draw(tile, look) for scene in having])


@memo(4096)
def polygon_tile(data: Dataset, mapper: str, level: str, tile: Tile) -> bytes:
    """A tile of one mapper's polygons in all scenes; UnknownNameError where nobody is called so."""
    having = [scene for scene in scenes(data) if any(one.mapper == mapper for one in scene.mappings)]
    if not having:
        known = {one.mapper for scene in scenes(data) for one in scene.mappings}
        raise UnknownNameError("unknown mapper", expected=", ".join(sorted(known)) or "none", got=mapper[:60])
    colour = palette(data, level)
    return _together([polygons(data, scene.source, mapper).draw(tile, colour) for scene in having])


def _together(drawn: list[np.ndarray | None]) -> bytes:
    """PNG of pictures (256, 256, 4), the first on top where several show anything."""
    shown = [one for one in drawn if one is not None]
    if not shown:
        return EMPTY
    whole = shown[-1]
    for one in shown[-2::-1]:
        whole = np.where(one[..., 3:] > 0, one, whole)
    return encode(whole)
