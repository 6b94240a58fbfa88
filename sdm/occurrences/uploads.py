"""Tables, layers and rasters of unknown origin: told by their first bytes, stored under names of our own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sdm.errors import DataError
from sdm.formats.archives import ZIP_MAGIC
from sdm.formats.compressed import GZIP_MAGIC
from sdm.formats.points import GEOPACKAGE, PARQUET
from sdm.occurrences.options import OccurrenceFiles
from sdm.rasters.uploads import TIFF, Sent
from sdm.series.uploads import stored_name

MOST_BYTES, MOST_RASTERS = 500_000_000, 16  # of a file
TABLES = ("records", "background", "plots", "plot_predictors")
START = 1 << 16  # bytes that are looked at: text has no zero byte
ENDINGS = {GEOPACKAGE: ".gpkg", PARQUET: ".parquet", GZIP_MAGIC: ".csv.gz", **dict.fromkeys(ZIP_MAGIC, ".zip")}


def store_occurrences(folder: Path, tables: Mapping[str, Sent], rasters: Sequence[Sent] = ()) -> OccurrenceFiles:
    """Write the files into the new `folder`; `tables` by the names of TABLES, "records" among them.

    DataError for what is none of the kinds that are read, with nothing left behind.
    """
    for sent in (*tables.values(), *rasters):
        _require_size(sent)
    if len(rasters) > MOST_RASTERS:
        raise DataError("too many rasters", expected=f"at most {MOST_RASTERS}", got=len(rasters))
    folder.mkdir(parents=True)
    try:
        stored = {name: _table(folder, name, tables[name]) for name in TABLES if name in tables}
        return OccurrenceFiles(**stored, rasters=tuple(_raster(folder, sent) for sent in rasters))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _require_size(sent: Sent) -> None:
    if len(sent.content) > MOST_BYTES:
        raise DataError(
            "the file is too large", where=sent.name, expected=f"{MOST_BYTES // 1_000_000} MB",
            got=f"{len(sent.content) // 1_000_000} MB", remedy="Import it with `python -m sdm occurrences`.",
        )  # fmt: skip


def _table(folder: Path, name: str, sent: Sent) -> Path:
    ending = next((ending for magic, ending in ENDINGS.items() if sent.content.startswith(magic)), ".csv")
    if ending == ".csv" and (not sent.content or b"\0" in sent.content[:START]):
        raise DataError(
            "not a table of records", where=sent.name, got="an empty file" if not sent.content else "bytes",
            expected="CSV, GeoPackage, a zipped Shapefile or GeoParquet",
        )  # fmt: skip
    path = folder / f"{name.replace('_', '-')}{ending}"
    path.write_bytes(sent.content)
    return path


def _raster(folder: Path, sent: Sent) -> Path:
    """Its own name, as far as it is plain, for it may name its predictor."""
    if not sent.content.startswith(TIFF):
        raise DataError("not a GeoTIFF", where=sent.name, expected="a file that begins as TIFF files do")
    stem = Path(stored_name(sent.name)).stem
    path = folder / f"{stem}.tif"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.tif"
    path.write_bytes(sent.content)
    return path
