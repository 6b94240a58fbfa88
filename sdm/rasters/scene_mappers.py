"""The mappers of one scene of a data set, ready to be compared pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from rasterio.errors import RasterioError

from sdm.errors import DataError
from sdm.rasters.mapped_types import Grid, Mappings
from sdm.rasters.scenes import Scene


def scene_mappings(folder: Path, scene: Scene) -> tuple[dict[str, gpd.GeoDataFrame], Grid]:
    """Mapper -> polygons, and the grid of the scene's first layer; DataError where a file cannot be read."""
    if not scene.layers or not scene.layers[0].files:
        raise DataError("the scene has no raster", where=scene.title)
    raster = folder / scene.layers[0].files[0]
    try:
        with rasterio.open(raster) as file:
            grid, crs = Grid(file.transform, file.width, file.height), file.crs
        tables = {mapping.mapper: gpd.read_file(folder / mapping.file) for mapping in scene.mappings}
    except (RasterioError, OSError, RuntimeError) as problem:
        raise DataError("a file of the scene cannot be read", where=scene.title, got=problem) from None
    mappings = {}
    for mapper, table in tables.items():
        if "code" not in table:
            raise DataError(
                "the polygons have no codes", where=f"{scene.title}, {mapper}", expected="a column code"
            )
        mappings[mapper] = table if crs is None or table.crs is None else table.to_crs(crs)
    return mappings, grid


def common_part(mappings: Mappings, grid: Grid) -> Grid:
    """The part of `grid` in which polygons lie, of whole pixels."""
    boxes = [table.total_bounds for table in mappings.values() if len(table)]
    if not boxes:
        return grid
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = [~grid.transform * corner for corner in ((west, north), (east, south), (west, south), (east, north))]
    columns, rows = [x for x, _ in corners], [y for _, y in corners]
    left, top = max(int(min(columns)), 0), max(int(min(rows)), 0)
    right, bottom = min(int(max(columns)) + 1, grid.width), min(int(max(rows)) + 1, grid.height)
    moved = grid.transform * grid.transform.translation(left, top)
    return Grid(moved, max(right - left, 1), max(bottom - top, 1))


def types_table(distinct: np.ndarray) -> pd.DataFrame:
    """Pixels by number of types, of `distinct_types`: columns types ("1", "2", "3 or more") and pixels."""
    counts = [int((distinct == 1).sum()), int((distinct == 2).sum()), int((distinct > 2).sum())]
    return pd.DataFrame({"types": ["1", "2", "3 or more"], "pixels": counts})
