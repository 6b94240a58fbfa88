"""Rasters and polygons of unknown origin: stored under names of our own, looked into, and imported.

Nothing that a browser sends becomes a path: files are told by their first bytes and numbered.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyogrio

from sdm.errors import DataError
from sdm.formats.archives import Limits, unpack
from sdm.rasters.labelling import labelling_of
from sdm.rasters.polygons import Polygons, plain_codes, read_layer, read_polygons
from sdm.rasters.stack import RasterStack

MOST_FILES, MOST_BYTES = 8, 200_000_000  # per upload of one kind, per file
UNPACKED = Limits(entries=64, bytes=2 * MOST_BYTES)
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
LIKELY = re.compile(r"code|kode|type|class|klasse|nin", re.IGNORECASE)


class Sent(NamedTuple):
    """A file as sent: its name, shown but never used as a path, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Upload:
    """Stored files: rasters in order, and mapper (by the file's name, as text) -> polygons."""

    folder: Path
    rasters: tuple[Path, ...]
    polygons: dict[str, Path]


@dataclass(frozen=True)
class Preview:
    """What was read: bands, size in pixels, reference system, and each mapper's polygons."""

    bands: tuple[str, ...]
    width: int
    height: int
    crs: str
    polygons: dict[str, Polygons]


def plain_name(text: str, otherwise: str) -> str:
    """`text` as a short name of letters, digits and hyphens, fit for a folder; `otherwise` where nothing is left.

    >>> plain_name("../My coast (2024).tif", "own"), plain_name("…", "own")
    ('my-coast-2024-tif', 'own')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or otherwise


def store_upload(folder: Path, rasters: Sequence[Sent], polygons: Sequence[Sent]) -> Upload:
    """Write the files into the new `folder`; DataError for what is neither, with nothing left behind."""
    folder.mkdir(parents=True)
    try:
        for kind, files in (("raster", rasters), ("polygons", polygons)):
            _check(kind, files)
        tiffs = tuple(_raster(folder / f"raster-{i}.tif", sent) for i, sent in enumerate(rasters, 1))
        mappers: dict[str, Path] = {}
        for i, sent in enumerate(polygons, 1):
            name = re.sub(r"[^\w .-]+", " ", Path(sent.name).stem).strip()[:40] or f"mapper {i}"
            mappers[name if name not in mappers else f"{name} {i}"] = _polygons(folder, i, sent)
        return Upload(folder, tiffs, mappers)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def code_columns(path: Path) -> list[str]:
    """The columns of a file of polygons, the one that most likely holds the code first."""
    try:
        names = [str(name) for name in pyogrio.read_info(path)["fields"]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as problem:
        raise DataError("not readable polygons", got=problem) from None
    return sorted(names, key=lambda name: (not LIKELY.search(name), names.index(name)))


def preview(upload: Upload, code: str) -> Preview:
    """What an import would read of an upload; DataError where it cannot."""
    codes = {text for path in upload.polygons.values() for text in _codes(path, code)}
    labelling = labelling_of(codes, "name")
    with RasterStack(upload.rasters) as stack:
        read = {
            name: read_polygons(path, (code,), stack, labelling.read) for name, path in upload.polygons.items()
        }
        return Preview(stack.names, stack.width, stack.height, str(stack.crs), read)


def _codes(path: Path, code: str) -> set[str]:
    return set(plain_codes(read_layer(path, [code], geometry=False)["code"]))


def _check(kind: str, files: Sequence[Sent]) -> None:
    if not 0 < len(files) <= MOST_FILES:
        raise DataError(f"{kind}: too many files or none", expected=f"1 to {MOST_FILES}", got=len(files))
    for sent in files:
        if len(sent.content) > MOST_BYTES:
            size, most = len(sent.content) // 1_000_000, MOST_BYTES // 1_000_000
            remedy = "Cut it to the area of the polygons, or import it with `python -m sdm polygons`."
            raise DataError(
                "the file is too large", where=sent.name, expected=f"{most} MB", got=f"{size} MB", remedy=remedy
            )


def _raster(path: Path, sent: Sent) -> Path:
    if not sent.content.startswith(TIFF):
        raise DataError("not a GeoTIFF", where=sent.name, expected="a file that begins as TIFF files do")
    path.write_bytes(sent.content)
    return path


def _polygons(folder: Path, number: int, sent: Sent) -> Path:
    """The file of polygons, out of its archive where it came in one."""
    content = sent.content
    if content.startswith(b"PK\x03\x04"):
        return _shapefile(folder, number, sent)
    suffix = ".gpkg" if content.startswith(b"SQLite format 3\0") else ".geojson"
    if suffix == ".geojson" and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise DataError("no polygons", where=sent.name, expected="GeoPackage, GeoJSON or a zipped Shapefile")
    path = folder / f"polygons-{number}{suffix}"
    path.write_bytes(content)
    return path


def _shapefile(folder: Path, number: int, sent: Sent) -> Path:
    archive, unpacked = folder / f"archive-{number}.zip", folder / f"unpacked-{number}"
    archive.write_bytes(sent.content)
    unpack(archive, unpacked, limits=UNPACKED)
    shapes = sorted(path for path in unpacked.rglob("*") if path.suffix.lower() == ".shp")
    if len(shapes) != 1:
        raise DataError(
            "no single Shapefile", where=sent.name, expected="one .shp in the archive", got=len(shapes)
        )
    place = folder / f"polygons-{number}"
    place.mkdir()
    for path in shapes[0].parent.iterdir():
        if path.stem == shapes[0].stem and path.suffix.lower() in SHAPE_PARTS:
            path.rename(place / f"polygons{path.suffix.lower()}")
    shutil.rmtree(unpacked)
    archive.unlink()
    return place / "polygons.shp"
