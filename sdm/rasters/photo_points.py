"""The table of consensus points: where each lies, its ecosystem type, and the files of its ground photographs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from pyproj import Transformer
from pyproj.exceptions import ProjError

from sdm.errors import DataError
from sdm.formats.table import Kind, read_header, read_table
from sdm.rasters.ecosystem_types import PROBLEMS, parse_codes

# What a column may be called, in any case; the first that is there counts.
COLUMNS = {
    "point": ("point_id", "point", "id", "punkt", "punkt_id"),
    "code": ("code", "kode", "ground_type", "nin", "nin_code"),
    "photo": ("photo", "photos", "photograph", "photographs", "file", "files", "image", "bilde"),
    "site": ("site", "source", "locality", "lokalitet"),
    "crs": ("crs", "epsg"),
    "date": ("date", "year", "dato"),
    "x": ("x", "east", "easting"), "y": ("y", "north", "northing"),
    "lon": ("lon", "longitude", "decimallongitude"), "lat": ("lat", "latitude", "decimallatitude"),
}  # fmt: skip
NUMBERS = ("x", "y", "lon", "lat")
NO_POSITION, TWO_TYPES = "no position", "two types for one point"


@dataclass(frozen=True)
class PhotoPoints:
    """One row per photograph of a usable point, and the points left out: reason -> names.

    `table`: point (text), site, code, lon, lat, x and y as written, year, photo (as written).
    """

    table: pd.DataFrame
    points: int
    left_out: dict[str, list[str]]


def read_points(path: Path, code: str | None = None, crs: str | None = None) -> PhotoPoints:
    """The points of the table in `path`; photographs of one point stand in one cell (; or |) or in several rows.

    Positions are lon and lat, or x and y in the reference system of a column crs, or `crs`. `code` names the
    column of types where it is called otherwise. DataError where a needed column lacks.
    """
    raw = _read(path, code)
    raw["point"] = raw["point"].fillna("").str.strip()
    raw = raw[raw["point"] != ""].reset_index(drop=True)
    points = int(raw["point"].nunique())
    parsed = parse_codes(raw["code"])
    raw["code"] = parsed["code"]
    _place(raw, crs, path)
    reason = parsed["problem"].map(PROBLEMS).fillna("").to_numpy(object)
    reason[(reason == "") & raw[["lon", "lat"]].isna().any(axis=1).to_numpy()] = NO_POSITION
    types = raw.groupby("point")["code"].transform("nunique").to_numpy()
    reason[(reason == "") & (types > 1)] = TWO_TYPES
    left_out = {
        str(why): sorted(raw.loc[reason == why, "point"].unique()) for why in pd.unique(reason) if why
    }  # fmt: skip
    usable = raw[reason == ""].copy()
    usable["photo"] = [re.split(r"\s*[;|]\s*", text) for text in usable["photo"].fillna("").str.strip()]
    rows = usable.explode("photo").drop_duplicates(["point", "photo"]).reset_index(drop=True)
    return PhotoPoints(rows, points, left_out)


def photo_file(folder: Path, name: str) -> Path:
    """The file `name` below `folder`, or below it without the folders of its name.

    DataError for a name that leads out of `folder`, or that is no file there.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if not name or parts.is_absolute() or ".." in parts.parts or "\0" in name or re.match(r"^[A-Za-z]:", name):
        raise DataError("not the name of a photograph", got=name or "nothing", expected="a file in the folder")
    root = folder.resolve()
    for path in (folder / parts, folder / parts.name):
        if path.is_file() and root in path.resolve().parents:
            return path
    raise DataError("no such photograph", where=folder, got=name)


def _read(path: Path, code: str | None) -> pd.DataFrame:
    """The known columns under their own names; what is not there is missing."""
    header, _ = read_header(path)
    lower = {name.lower(): name for name in reversed(header)}
    found = {key: lower[name] for key, names in COLUMNS.items() for name in reversed(names) if name in lower}
    if code is not None:
        found["code"] = code
    absent = [key for key in ("point", "code", "photo") if key not in found]
    if absent or not ({"lon", "lat"} <= found.keys() or {"x", "y"} <= found.keys()):
        lacking = "; ".join(f"{key}: {' or '.join(COLUMNS[key])}" for key in absent) or "lon and lat, or x and y"
        raise DataError("not a table of consensus points", where=path, expected=lacking, got=", ".join(header))
    kinds = {name: Kind.NUMBER if key in NUMBERS else Kind.TEXT for key, name in found.items()}
    table = read_table(path, kinds)
    columns = {key: table[name] for key, name in found.items()}
    texts = {key: column.astype("string") for key, column in columns.items() if key not in NUMBERS}
    raw = pd.DataFrame(columns | texts)
    for key in COLUMNS.keys() - found.keys():
        raw[key] = np.nan if key in NUMBERS else pd.Series(pd.NA, raw.index, dtype="string")
    raw["site"] = raw["site"].fillna("points")
    raw["year"] = pd.to_numeric(raw["date"].str.extract(r"((?:19|20)\d\d)")[0], errors="coerce")
    return raw


def _place(raw: pd.DataFrame, crs: str | None, path: Path) -> None:
    """Fill lon and lat from x and y, by reference system; all missing where they are no degrees."""
    own = raw["crs"].fillna(crs or "").str.strip()
    for system in sorted(set(own) - {""}):
        rows = (own == system) & raw[["x", "y"]].notna().all(axis=1)
        text = f"EPSG:{system}" if system.isdigit() else system
        try:
            transformer = Transformer.from_crs(text, 4326, always_xy=True)
        except ProjError:
            raise DataError("no known reference system", where=path, got=system, expected="EPSG:25832") from None
        lon, lat = transformer.transform(raw.loc[rows, "x"].to_numpy(), raw.loc[rows, "y"].to_numpy())
        raw.loc[rows, "lon"] = raw.loc[rows, "lon"].fillna(pd.Series(lon, raw.index[rows]))
        raw.loc[rows, "lat"] = raw.loc[rows, "lat"].fillna(pd.Series(lat, raw.index[rows]))
    inside = raw["lon"].between(-180, 180) & raw["lat"].between(-90, 90)
    raw.loc[~inside, ["lon", "lat"]] = np.nan


def names(left_out: Sequence[str], most: int = 5) -> str:
    """The first `most` of a list, and how many more.

    >>> names(["1", "2", "3"], 2)
    '1, 2 and 1 more'
    """
    rest = len(left_out) - most
    return ", ".join(left_out[:most]) + (f" and {rest} more" if rest > 0 else "")
