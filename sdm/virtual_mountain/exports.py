"""A site's images as rows of an Earth Engine export: month after month, pixels with values or masked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from pyproj import Transformer

from sdm.geo.random_fields import generator
from sdm.virtual_mountain.features import FEATURES, MASKED, features, masked
from sdm.virtual_mountain.land import Land
from sdm.virtual_mountain.scenes import Scene

_DIGITS = 8  # of longitude and latitude: a millimetre
_TILES = ("T51TXG", "T51TYG")  # of the satellite
_EDGE_BANDS = ("B1", "B9")  # bands whose detectors end earlier:
_EDGE_MONTH, _EDGE_SHARE = 6, 0.04  # masked in the west of the site in one month
COLUMNS = tuple(sorted(FEATURES))
POSITION = ("longitude", "latitude")


@dataclass(frozen=True)
class Rows:
    """Rows of one image on one of the satellite's tiles: `pixel`, position among those exported; features."""

    day: date
    tile: str
    pixel: np.ndarray
    values: dict[str, np.ndarray]


def image_rows(land: Land, scene: Scene, pixels: np.ndarray) -> Iterator[Rows]:
    """The rows of `pixels` (flat positions on the lattice), and again those that a second tile shows too."""
    clear = scene.clear.ravel()[pixels]
    shown = np.flatnonzero(clear | scene.image.written)
    yield Rows(scene.image.day, _TILES[0], shown, _values(land, scene, pixels[shown], clear[shown]))
    again = shown[pixels[shown] % land.side >= round((1 - land.site.twice) * land.side)]
    if len(again):
        rng = generator(land.seed, land.site.name, f"second tile {scene.image.day:%m-%d}")
        values = _values(land, scene, pixels[again], clear[again], rng)
        yield Rows(scene.image.day, _TILES[1], again, values)


def _values(
    land: Land, scene: Scene, pixels: np.ndarray, clear: np.ndarray, resampled: np.random.Generator | None = None
) -> dict[str, np.ndarray]:
    at = pixels[clear]
    reflectance = scene.reflectance.reshape(len(scene.reflectance), -1)[:, at]
    if resampled is not None:
        noise = resampled.standard_normal(reflectance.shape, dtype=np.float32)
        reflectance = reflectance * (1 + land.mountain.resampled_noise * noise)
    seen = features(reflectance, scene.aot.ravel()[at], scene.wvp.ravel()[at])
    if scene.image.day.month == _EDGE_MONTH:
        edge = at % land.side < _EDGE_SHARE * land.side
        seen |= {band: np.where(edge, MASKED, seen[band]) for band in _EDGE_BANDS}
    result = masked(len(pixels))
    for name, column in seen.items():
        result[name][clear] = column
    return result


def labelled_table(parts: list[Rows], lon: np.ndarray, lat: np.ndarray, labels: np.ndarray) -> pa.Table:
    """The 24 columns of a labelled export; position and class of the exported pixels."""
    pixel = np.concatenate([part.pixel for part in parts])
    columns = _features(parts) | {"Class": _text(labels, pixel), "image_date": _dates(parts)}
    columns = {name: columns[name] for name in sorted(columns)}
    return pa.table(columns | {"longitude": lon[pixel], "latitude": lat[pixel]})


def raw_table(parts: list[Rows], lon: np.ndarray, lat: np.ndarray, patch: str) -> pa.Table:
    """An export as it comes: index of the sample, features, date, month, patch, and the position as GeoJSON."""
    pixel = np.concatenate([part.pixel for part in parts])
    points = np.array([
        f'{{"geodesic":false,"type":"Point","coordinates":[{east},{north}]}}'
        for east, north in zip(lon.tolist(), lat.tolist(), strict=True)
    ])  # fmt: skip
    months = np.concatenate([np.full(len(part.pixel), part.day.month, np.int32) for part in parts])
    ends = {
        "image_date": _dates(parts),
        "month": months,
        "patch_id": _text(np.array([patch]), np.zeros_like(pixel)),
    }
    return pa.table({"system:index": _indices(parts), **_features(parts), **ends, ".geo": _text(points, pixel)})


def _features(parts: list[Rows]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part.values[name] for part in parts]) for name in COLUMNS}


def _text(texts: np.ndarray, number: np.ndarray) -> pa.Array:
    return pa.array(texts.astype(object)).take(pa.array(number))


def _dates(parts: list[Rows]) -> pa.Array:
    texts = np.array([part.day.isoformat() for part in parts])
    return _text(texts, np.repeat(np.arange(len(parts)), [len(part.pixel) for part in parts]))


def _indices(parts: list[Rows]) -> pa.ChunkedArray:
    """Number of the image, identifier of the image, number of the pixel in it."""
    texts = []
    for i, part in enumerate(parts, start=1):
        image = f"{i}_{part.day:%Y%m%d}T022639_{part.day:%Y%m%d}T023106_{part.tile}"
        texts.append(pc.binary_join_element_wise(image, pa.array(part.pixel).cast(pa.string()), "_"))
    return pa.chunked_array(texts, pa.string())


def lon_lat(land: Land, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of the centres of `pixels`, flat positions on the lattice."""
    row, column = np.divmod(pixels, land.side)
    x = land.site.left + (column + 0.5) * land.mountain.pixel_m
    y = land.site.top - (row + 0.5) * land.mountain.pixel_m
    lon, lat = Transformer.from_crs(land.mountain.crs, 4326, always_xy=True).transform(x, y)
    return np.round(lon, _DIGITS), np.round(lat, _DIGITS)


def write_csv(table: pa.Table, path: Path) -> None:
    """Write the table as CSV, compressed where the name ends in .gz; equal tables become equal files."""
    options = pa_csv.WriteOptions(quoting_style="needed", quoting_header="none")
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", compresslevel=2, fileobj=file, mtime=0) as packed:
                pa_csv.write_csv(table, packed, options)
        else:
            pa_csv.write_csv(table, file, options)
