"""Layers of points with their attributes: GeoPackage, Shapefile (zipped or with its companions), GeoParquet.

Files are told by their first bytes. A Parquet file without geometries is a table like any other.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import ProjError

from sdm.errors import DataError
from sdm.formats.archives import Limits, unpack
from sdm.formats.opening import read_start

GEOPACKAGE, PARQUET, SHAPE, ZIP = b"SQLite format 3\0", b"PAR1", b"\0\0\x27\x0a", b"PK\x03\x04"
KINDS = {GEOPACKAGE: "GeoPackage", PARQUET: "GeoParquet", SHAPE: "Shapefile", ZIP: "zipped Shapefile"}
UNPACKED = Limits(entries=64)
MOST_COLUMNS, MOST_CELLS = 20_000, 400_000_000
POINT = 0  # of GEOS
_ERRORS = (DataSourceError, DataLayerError, ProjError, OSError, ValueError, RuntimeError, TypeError, MemoryError,
           pa.ArrowException)  # fmt: skip


@dataclass(frozen=True)
class PointLayer:
    """N rows: `attributes` by column, `x`, `y` float64 in the reference system `crs` (an authority's code or
    WKT, "" unknown), NaN without a geometry; both None for a table without geometries."""

    attributes: pd.DataFrame
    x: np.ndarray | None
    y: np.ndarray | None
    crs: str


def layer_kind(path: Path) -> str | None:
    """What kind of layer `path` is, a value of KINDS; None for anything else, a table in text among them."""
    start = read_start(path, len(GEOPACKAGE))
    kind = next((name for magic, name in KINDS.items() if start.startswith(magic)), None)
    return None if kind == KINDS[ZIP] and not _shapes(path) else kind


def read_points(path: Path) -> PointLayer:
    """The points of the only layer of `path`.

    DataError for a damaged file, several layers, geometries that are no points, and too much of anything.
    """
    kind = layer_kind(path)
    try:
        if kind == KINDS[PARQUET]:
            return _parquet(path)
        if kind == KINDS[ZIP]:
            with tempfile.TemporaryDirectory() as folder:
                unpack(path, Path(folder) / "unpacked", limits=UNPACKED)
                shapes = _only(path, sorted((Path(folder) / "unpacked").rglob("*.[sS][hH][pP]")))
                return _layer(shapes, path)
        return _layer(path, path)
    except _ERRORS as problem:
        raise DataError("not a readable layer of points", where=path, expected=kind, got=problem) from None


def _shapes(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return []
    return [name for name in names if name.lower().endswith(".shp") and not name.startswith("__MACOSX/")]


def _only(path: Path, shapes: list[Path]) -> Path:
    own = [shape for shape in shapes if "__MACOSX" not in shape.parts]
    if len(own) != 1:
        names = ", ".join(shape.name for shape in own[:8])
        raise DataError("no single Shapefile in the archive", where=path, expected="one .shp", got=names or "none")
    if read_start(own[0], len(SHAPE)) != SHAPE:  # GDAL would open whatever it is, also what points at other files
        raise DataError("no Shapefile in the archive", where=path, got=own[0].name)
    return own[0]


def _layer(path: Path, told: Path) -> PointLayer:
    """The only layer with points of a file of GDAL's; `told` is its name in errors."""
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path) if kind}
    points = [name for name, kind in layers.items() if kind.startswith(("Point", "Unknown"))]
    if len(points) != 1:
        _refuse(path, told, layers, points)
    info = pyogrio.read_info(path, layer=points[0])
    if len(info["fields"]) > MOST_COLUMNS:
        raise DataError("too many columns", where=told, expected=MOST_COLUMNS, got=len(info["fields"]))
    return _points(pyogrio.read_dataframe(path, layer=points[0], force_2d=True, on_invalid="ignore"), told)


def _refuse(path: Path, told: Path, layers: dict[str, str], points: list[str]) -> None:
    if not points:
        got = ", ".join(f"{name} ({kind})" for name, kind in layers.items()) or "no layer with geometries"
        remedy = "Records are points: the middle of an area is no place where a species was seen."
        raise DataError("no layer of points", where=told, got=got, remedy=remedy)
    systems = {name: pyogrio.read_info(path, layer=name)["crs"] or "no reference system" for name in points}
    raise DataError(
        "several layers of points", where=told, expected="one",
        got=", ".join(f"{name} ({str(crs)[:20]})" for name, crs in systems.items()),
        remedy="Save the layer of the records in a file of its own.",
    )  # fmt: skip


def _points(frame: gpd.GeoDataFrame, told: Path) -> PointLayer:
    geometry = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    kinds = shapely.get_type_id(geometry)
    if (kinds[there] != POINT).any():
        names = sorted(set(frame.geometry.geom_type[there]) - {"Point"})
        raise DataError("geometries that are no points", where=told, expected="points", got=", ".join(names))
    crs = _name(frame.crs) if frame.crs is not None else ""
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return PointLayer(attributes, shapely.get_x(geometry), shapely.get_y(geometry), crs)


def _name(crs: CRS) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.to_wkt())


def _parquet(path: Path) -> PointLayer:
    with pq.ParquetFile(path) as file:
        columns, metadata = len(file.schema_arrow.names), file.schema_arrow.metadata or {}
        if columns > MOST_COLUMNS:
            raise DataError("too many columns", where=path, expected=MOST_COLUMNS, got=columns)
        if columns * file.metadata.num_rows > MOST_CELLS:  # a few bytes may stand for any number of equal cells
            raise DataError("too many cells", where=path, expected=f"at most {MOST_CELLS:,}",
                            got=f"{file.metadata.num_rows:,} rows of {columns:,} columns")  # fmt: skip
        if b"geo" not in metadata:
            return PointLayer(file.read().to_pandas(), None, None, "")
    if not isinstance(json.loads(metadata[b"geo"]), dict):
        raise ValueError("its description of geometries is no JSON object")
    return _points(gpd.read_parquet(path), path)
