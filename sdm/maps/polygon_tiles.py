"""Mapped polygons as map tiles: filled with the colour of their class, outlined."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError
from rasterio.features import rasterize
from rasterio.transform import from_origin

from sdm.errors import DataError
from sdm.geo.mercator import TILE_PIXELS, Tile, project
from sdm.maps.raster_tiles import HALF_M

FILL, EDGE, DARKER = 150, 235, 0.55  # opacity of 255 inside and on the outline, which is darker by this factor
_ERRORS = (DataSourceError, DataLayerError, ProjError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class PolygonTiles:
    """Polygons in metres of Web Mercator with the class code of each, ready to draw."""

    shapes: np.ndarray
    codes: np.ndarray  # str (n,): names of classes
    numbers: np.ndarray  # int (n,): which polygon, as in the table of sites
    tree: shapely.STRtree

    @staticmethod
    def read(path: Path) -> PolygonTiles:
        """From a file with the column `code`; DataError where it cannot be read."""
        try:
            table = pyogrio.read_dataframe(path, columns=["code", "polygon"])
            if (
                not isinstance(table, gpd.GeoDataFrame)
                or table.crs is None
                or not {"code", "polygon"} <= set(table)
            ):
                raise ValueError("no polygons with the columns “code” and “polygon” and a reference system")
            table = table.to_crs(3857)
        except _ERRORS as problem:
            raise DataError("the polygons cannot be read", where=path, got=problem) from None
        table = table[~(table.geometry.is_empty | table.geometry.isna())]
        shapes = table.geometry.to_numpy()
        codes, numbers = table["code"].to_numpy(str), table["polygon"].to_numpy(np.int64)
        return PolygonTiles(shapes, codes, numbers, shapely.STRtree(shapes))

    def code_at(self, lon: float, lat: float) -> str | None:
        """The class of the polygon at a place, the first where several overlap; None outside of all."""
        x, y = project(np.array([lon]), np.array([lat]))
        point = shapely.Point((2 * float(x[0]) - 1) * HALF_M, (1 - 2 * float(y[0])) * HALF_M)
        inside = np.sort(self.tree.query(point, predicate="intersects"))
        return str(self.codes[inside[0]]) if inside.size else None

    def draw(self, tile: Tile, palette: dict[str, tuple[int, int, int]]) -> np.ndarray | None:
        """uint8 (256, 256, 4), each polygon in the colour of its class; None where there is none in the tile.

        Classes without a colour in `palette` are left out.
        """
        pixel = 2 * HALF_M / 2**tile.zoom / TILE_PIXELS
        west, north = tile.x * TILE_PIXELS * pixel - HALF_M, HALF_M - tile.y * TILE_PIXELS * pixel
        frame = shapely.box(
            west - pixel, north - (TILE_PIXELS + 1) * pixel, west + (TILE_PIXELS + 1) * pixel, north + pixel
        )
        near = np.sort(self.tree.query(frame, predicate="intersects"))
        near = near[np.isin(self.codes[near], list(palette))]
        if not near.size:
            return None
        side = TILE_PIXELS + 2  # a pixel more around, so that outlines join
        shapes = shapely.simplify(self.shapes[near], pixel / 2)
        number = rasterize(
            zip(shapes, range(1, len(near) + 1), strict=True), out_shape=(side, side), dtype="int32",
            transform=from_origin(west - pixel, north + pixel, pixel, pixel),
        )  # fmt: skip
        fill = np.array([(0, 0, 0, 0), *((*palette[self.codes[i]], FILL) for i in near)], np.uint8)
        edge = (fill * [DARKER, DARKER, DARKER, 1]).astype(np.uint8)
        edge[1:, 3] = EDGE
        inner = number[1:-1, 1:-1]
        return np.where(_outline(number)[..., None], edge[inner], fill[inner])


def _outline(number: np.ndarray) -> np.ndarray:
    """bool (256, 256): pixels of a polygon beside another one or none, so that an outline is one pixel wide."""
    inner = number[1:-1, 1:-1]
    beside = [number[1:-1, 2:], number[2:, 1:-1]]
    rim = [number[1:-1, :-2], number[:-2, 1:-1]]
    other = np.any([one != inner for one in beside] + [one == 0 for one in rim], axis=0)
    return np.asarray(other & (inner > 0))
