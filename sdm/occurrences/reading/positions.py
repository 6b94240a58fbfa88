"""Reference systems of tables, and longitudes and latitudes of positions in any of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from sdm.errors import DataError
from sdm.formats.table import Kind
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.cells import as_numbers, as_text
from sdm.occurrences.report import Tally

DEGREES = "EPSG:4326"
FITTING = 0.95  # share of positions on the globe of which a table is taken for one of degrees


@lru_cache(maxsize=64)
def reference_system(crs: str) -> CRS:
    """The reference system that `crs` names; DataError for one PROJ does not know."""
    try:
        return CRS.from_user_input(crs)
    except CRSError as problem:
        raise DataError(
            "no reference system", expected="EPSG:2056 or the like, or a PROJ string", got=f"{crs}: {problem}"
        ) from None


def is_geographic(crs: str) -> bool:
    """Whether positions in `crs` are degrees; one that is not known ("") is not.

    >>> is_geographic("EPSG:4258"), is_geographic("EPSG:2056"), is_geographic("")
    (True, False, False)
    """
    return bool(crs) and reference_system(crs).is_geographic


def system_of(columns: TableColumns, options: ImportOptions, tally: Tally) -> str:
    """The reference system of a table's positions: of its layer, that of the options, one its own cells name,
    degrees where its columns are called so or, which is reported, where its values could be degrees; "" where it
    is not known.

    DataError where its cells name several.
    """
    if columns.from_geometry and columns.source.crs:
        return columns.source.crs
    if options.crs:
        reference_system(options.crs)
        return options.crs
    if not {"x", "y"} <= columns.roles.keys():
        return ""
    if told := _told(columns) or (DEGREES if columns.in_degrees else ""):
        return told
    if not _fits_degrees(columns):
        return ""
    names = f"{columns.roles['x']}, {columns.roles['y']}"
    tally.add("taken_for_degrees", columns.path.name, 1, [names])
    return DEGREES


def _fits_degrees(columns: TableColumns) -> bool:
    """Whether nearly all positions could be longitudes and latitudes, in either order."""
    names = [columns.roles[role] for role in "xy"]
    frame, comma = columns.source.read(dict.fromkeys(names, Kind.CELL)), columns.source.decimal_comma
    cells = [as_numbers(frame[name], name, columns.path.name, comma, Tally()) for name in names]
    if any(isinstance(column, pd.Categorical) for column in cells):
        return False
    sizes = np.abs(np.column_stack(cells))
    sizes = np.sort(sizes[np.isfinite(sizes).all(axis=1)], axis=1)
    return bool(len(sizes)) and float(((sizes[:, 0] <= 90) & (sizes[:, 1] <= 180)).mean()) >= FITTING


def _told(columns: TableColumns) -> str:
    """The reference system that a column names, "" without one; degrees of any datum are taken for those of
    GPS."""
    if "crs" not in columns.roles:
        return ""
    name = columns.roles["crs"]
    words = as_text(columns.source.read({name: Kind.TEXT})[name]).categories
    known = {str(word): crs for word in words if (crs := _parsed(str(word))) is not None}
    planes = sorted({word for word, crs in known.items() if not crs.is_geographic})
    degrees = sorted(known.keys() - set(planes))
    if len(planes) > 1 or (planes and degrees):
        raise DataError(
            "positions in several reference systems", where=columns.path, expected=f"one in column {name}",
            got=", ".join([*planes, *degrees]), remedy="Save the rows of each system in a file of their own.",
        )  # fmt: skip
    return _code(planes[0]) if planes else DEGREES if degrees else ""


def _parsed(word: str) -> CRS | None:
    try:
        return CRS.from_user_input(_code(word)) if word else None
    except CRSError:
        return None


def _code(word: str) -> str:
    return f"EPSG:{word}" if word.isdigit() else word


def one_system(systems: Sequence[tuple[Path, str]]) -> None:
    """DataError where the reference systems of some tables are known and those of others are not."""
    unknown = [path.name for path, crs in systems if not crs]
    known = [f"{path.name}: {crs[:40]}" for path, crs in systems if crs]
    if unknown and known:
        raise DataError(
            "positions in several reference systems", where=", ".join(unknown), expected="one that is named",
            got=", ".join(known), remedy="Name that of tables in text with --crs.",
        )  # fmt: skip


def transformed(x: np.ndarray, y: np.ndarray, crs: str, to: str) -> tuple[np.ndarray, np.ndarray]:
    """Positions in `crs` in the reference system `to`; NaN beyond what either covers."""
    if crs == to:
        return x, y
    transformer = _transformer(crs, to)
    east, north = transformer.transform(x, y)
    good = np.isfinite(east) & np.isfinite(north)
    return np.where(good, east, np.nan), np.where(good, north, np.nan)


def in_degrees(x: np.ndarray, y: np.ndarray, crs: str) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of positions in `crs`; NaN where it is not known, and beyond what it covers."""
    if not crs:
        return np.full(len(x), np.nan), np.full(len(x), np.nan)
    if crs == DEGREES:
        return x.copy(), y.copy()
    lon, lat = transformed(x, y, crs, DEGREES)
    on_globe = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return np.where(on_globe, lon, np.nan), np.where(on_globe, lat, np.nan)


@lru_cache(maxsize=64)
def _transformer(crs: str, to: str) -> Transformer:
    return Transformer.from_crs(reference_system(crs), reference_system(to), always_xy=True)
