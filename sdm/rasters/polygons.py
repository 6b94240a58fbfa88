"""One mapper's polygons, brought to a raster: repaired, in its reference system, what is left out counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError
from rasterio import Affine

from sdm.errors import DataError
from sdm.rasters.stack import RasterStack

POLYGON_TYPES = (3, 6)  # of GEOS: polygon, multi-polygon
PRECISION = 1e6  # parts of a pixel: edges that differ by less are the same
EMPTY, NOT_A_POLYGON, OUTSIDE, REPEATED = "empty", "not a polygon", "outside the raster", "drawn twice"
_ERRORS = (DataSourceError, DataLayerError, ProjError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Polygons:
    """The usable polygons of one file, in the raster's reference system.

    `table`: GeoDataFrame with `code` (class name), `polygon` (number from 1) and `geometry`, as they were mapped.
    `read`: how many there were. `left_out`: how many were not usable, by reason; `unread`: how many by code that
    names no class; `repaired`: geometries that were invalid.
    """

    table: gpd.GeoDataFrame
    read: int
    left_out: dict[str, int]
    unread: dict[str, int]
    repaired: int

    def on_grid(self, transform: Affine) -> tuple[np.ndarray, np.ndarray]:
        """In pixels (column, row) of a grid: the polygons without what overlaps, and what each pair shares."""
        inverse = ~transform
        geometries = shapely.transform(self.table.geometry.to_numpy(), lambda points: _rounded(points, inverse))
        geometries = areas(shapely.make_valid(geometries))
        overlaps = _overlaps(geometries)
        if len(overlaps):
            common = shapely.union_all(overlaps)
            touched = shapely.intersects(geometries, common)
            geometries[touched] = areas(shapely.difference(geometries[touched], common))
        return geometries, overlaps


def read_polygons(
    path: Path, columns: Sequence[str], stack: RasterStack, read_code: Callable[[str], tuple[str, str]]
) -> Polygons:
    """The polygons in `path` (Shapefile, GeoPackage, GeoJSON) whose codes stand in the first of `columns`.

    The second, where there is one, holds steps of lime richness. `read_code` gives the class of a code, or "" and
    why there is none. DataError where the file cannot be read, has no such column, or no reference system.
    """
    frame = read_layer(path, columns)
    if frame.crs is None:
        remedy = "Add the .prj file of the Shapefile, or set the reference system of the layer in a GIS."
        raise DataError("the polygons have no reference system (CRS)", where=path, remedy=remedy)
    codes = plain_codes(frame["code"])
    read = {code: read_code(code) for code in set(codes)}
    names = np.array([read[code][0] for code in codes], object)
    reason = np.array([read[code][1] for code in codes], object)
    unread = pd.Series(codes)[(reason != "") & (codes != "")].value_counts()
    geometry, repaired = _repaired(frame.geometry.to_numpy(), reason)
    geometry = _projected(geometry, frame, stack, path)
    reason[(reason == "") & ~_inside(geometry, stack)] = OUTSIDE
    keys = pd.Series(names + " " + shapely.to_wkb(geometry, hex=True), dtype=object)
    reason[(reason == "") & keys.where(reason == "").duplicated().to_numpy()] = REPEATED
    usable = reason == ""
    table = gpd.GeoDataFrame(
        {"code": names[usable], "polygon": np.arange(1, usable.sum() + 1)},
        geometry=geometry[usable],
        crs=stack.crs,
    )
    if len(columns) > 1:
        table["lime"] = plain_codes(frame[columns[1]])[usable]
    left_out = {str(text): int(count) for text, count in Counter(reason[~usable]).most_common()}
    return Polygons(table, len(frame), left_out, {str(k): int(v) for k, v in unread.items()}, repaired)


def plain_codes(codes: pd.Series) -> np.ndarray:
    """Text of each, "" where there is none; a code read as a number has no decimals."""
    plain = codes.astype(object).where(codes.notna(), "")
    texts = [f"{code:g}" if isinstance(code, float) else str(code).strip() for code in plain]
    return np.array(texts, object)


def areas(geometries: np.ndarray) -> np.ndarray:
    """The polygons among the parts of each geometry: repairs and differences leave lines and points too."""
    mixed = ~np.isin(shapely.get_type_id(geometries), POLYGON_TYPES)
    geometries = geometries.copy()
    for i in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapely.get_parts(geometries[i]))
        polygons = parts[np.isin(shapely.get_type_id(parts), POLYGON_TYPES)]
        geometries[i] = shapely.union_all(polygons) if len(polygons) else shapely.Polygon()
    return geometries


def read_layer(path: Path, wanted: Sequence[str], *, geometry: bool = True) -> gpd.GeoDataFrame:
    """The layer of `path` that has the columns `wanted`, the first of them called `code`; in two dimensions."""
    if not path.is_file():
        raise DataError("there is no such file", where=path)
    try:
        columns = {str(name): _columns(path, str(name)) for name, kind in pyogrio.list_layers(path) if kind}
        layers = [name for name, found in columns.items() if set(wanted) <= set(found)]
        if len(layers) != 1:
            got = "; ".join(f"{name}: {', '.join(found)}" for name, found in columns.items())
            which = "several layers have" if layers else "no layer has"
            what = f"{which} the column {' and '.join(wanted)}"
            raise DataError(what, where=path, got=got or "no layer with geometries")
        frame = pyogrio.read_dataframe(
            path, layer=layers[0], columns=list(wanted), read_geometry=geometry, force_2d=True, on_invalid="ignore"
        )
    except _ERRORS as problem:
        raise DataError("not readable polygons", where=path, got=problem) from None
    if not len(frame):
        raise DataError("there are no polygons", where=path)
    return frame.rename(columns={wanted[0]: "code"}).reset_index(drop=True)


def _columns(path: Path, layer: str) -> list[str]:
    return [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]


def _repaired(geometry: np.ndarray, reason: np.ndarray) -> tuple[np.ndarray, int]:
    """Valid polygons, and how many were not; what is none gets its reason."""
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    other = ~empty & ~np.isin(shapely.get_type_id(geometry), POLYGON_TYPES)
    geometry = np.where(empty | other, shapely.Polygon(), geometry)
    invalid = ~shapely.is_valid(geometry)
    geometry[invalid] = areas(shapely.make_valid(geometry[invalid]))
    fallen = invalid & shapely.is_empty(geometry)
    reason[(reason == "") & other] = NOT_A_POLYGON
    reason[(reason == "") & (empty | fallen)] = EMPTY
    return geometry, int((invalid & ~fallen).sum())


def _projected(geometry: np.ndarray, frame: gpd.GeoDataFrame, stack: RasterStack, path: Path) -> np.ndarray:
    """The geometries in the raster's reference system; empty where one has no place in it."""
    try:
        moved = gpd.GeoSeries(geometry, crs=frame.crs).to_crs(stack.crs).to_numpy()
    except _ERRORS as problem:
        raise DataError("the polygons cannot be brought to the raster", where=path, got=problem) from None
    lost = ~np.isfinite(shapely.bounds(moved)).all(axis=1)
    return np.where(lost, shapely.Polygon(), shapely.normalize(shapely.make_valid(moved)))


def _inside(geometry: np.ndarray, stack: RasterStack) -> np.ndarray:
    """bool per geometry: whether it meets the raster."""
    corners = [(0, 0), (stack.width, 0), (stack.width, stack.height), (0, stack.height)]
    return shapely.intersects(geometry, shapely.Polygon([stack.transform * corner for corner in corners]))


def _overlaps(geometries: np.ndarray) -> np.ndarray:
    """Geometries of what two polygons share, more than an edge."""
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    pairs = one < other
    common = areas(shapely.intersection(geometries[one[pairs]], geometries[other[pairs]]))
    return common[shapely.area(common) > 1 / PRECISION]


def _rounded(points: np.ndarray, inverse: Affine) -> np.ndarray:
    columns, rows = (
        inverse.a * points[:, 0] + inverse.b * points[:, 1] + inverse.c,
        (inverse.d * points[:, 0] + inverse.e * points[:, 1] + inverse.f),
    )
    return np.round(np.stack([columns, rows], axis=1) * PRECISION) / PRECISION
