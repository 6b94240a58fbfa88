"""From consensus points and ground photographs to a data set: random crops, labelled by ecosystem type."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.store import write_store
from sdm.errors import DataError
from sdm.formats.photograph import photograph_size, read_photograph
from sdm.geo.hashing import combine, stream, uniform
from sdm.geo.regions import country, in_europe
from sdm.jobs import Report, no_report
from sdm.modalities.raster_bands import PHOTO_BANDS, raster_modality_name
from sdm.rasters.ecosystem_types import HIERARCHY, class_table
from sdm.rasters.group_splits import all_splits, polygon_blocks
from sdm.rasters.photo_points import PhotoPoints, photo_file, read_points
from sdm.rasters.photo_report import PhotoReport, photo_report, write_photo_report
from sdm.rasters.positions import plane_metres
from sdm.rasters.scene_files import write_scene_files
from sdm.rasters.shown_scenes import shown_site
from sdm.rasters.sources import SiteFiles

CROP = 224
MODALITY = raster_modality_name("photo", PHOTO_BANDS, CROP)
BLOCK_METRES = 200.0


@dataclass(frozen=True)
class PhotoOptions:
    """`crops` of each photograph; `code`: column of types, `crs`: of x and y, where the table does not tell.

    `sites`: rasters and polygons round the points, to be looked at.
    """

    crops: int = 4
    code: str | None = None
    crs: str | None = None
    title: str = ""
    seed: int = 0
    simulated: bool = False
    world_version: str | None = None
    sites: tuple[SiteFiles, ...] = ()


class PhotoReader:
    """Crops (row i: file, top, left) of photographs; each file is decoded once for rows that stand together."""

    def __init__(self, files: list[Path], top: np.ndarray, left: np.ndarray) -> None:
        self._files, self._top, self._left = files, top, left

    def available(self, modality: str) -> np.ndarray:
        return np.full(len(self._files), modality == MODALITY)

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:  # noqa: ARG002  # it has one
        values = np.empty((len(rows), len(PHOTO_BANDS), CROP, CROP), np.float32)
        last, pixels = None, np.empty(0)
        for i, row in enumerate(rows.tolist()):
            if self._files[row] != last:
                last, pixels = self._files[row], read_photograph(self._files[row])
            top, left = self._top[row], self._left[row]
            values[i] = pixels[:, top : top + CROP, left : left + CROP]
        return values


def import_photos(
    table: Path, photos: Path, out: Path, options: PhotoOptions | None = None, report: Report = no_report
) -> PhotoReport:
    """Write the crops of the photographs in `photos`, of the points in `table`, as the data set `out`.

    What cannot be used is left out and reported, in a file beside the data set too; DataError where nothing is
    left.
    """
    chosen = options or PhotoOptions()
    data, made = build_photos(read_points(table, chosen.code, chosen.crs), photos, out.name, chosen, report)
    scenes = tuple(map(shown_site, chosen.sites))

    def beside(folder: Path) -> None:
        if scenes:
            write_scene_files(folder, scenes)
        write_photo_report(folder, made)

    write_store(data, out, report, beside=beside)
    return made


def build_photos(
    points: PhotoPoints, photos: Path, name: str, options: PhotoOptions, report: Report = no_report
) -> tuple[Dataset, PhotoReport]:
    """The data set `name`, whose crops are read from the photographs, and how it came about."""
    found, left_out = _usable(points.table, photos, report)
    if not len(found):
        reasons = ", ".join(f"{why}: {len(who)}" for why, who in (points.left_out | left_out).items())
        raise DataError("no photograph can be used", where=photos, got=reasons or "no point")
    crops = found.loc[found.index.repeat(options.crops)].reset_index(drop=True)
    crops["number"] = crops.groupby(["point", "photo"]).cumcount()
    top, left = _corners(crops, options.seed)
    sites = _sites(crops)
    classes = class_table(crops["code"])
    values = pd.Index(classes["name"]).get_indexer(crops["code"])
    splits = all_splits(sites, crops["code"].to_numpy(str), options.seed)
    splits = splits.rename(columns={"split_polygon": "split_point"})
    data = Dataset(
        name, options.title or name, pd.concat([sites, splits], axis=1),
        Targets(TargetKind.MULTICLASS, classes, values.astype(np.int64), np.ones(len(crops), bool), HIERARCHY),
        (MODALITY,), PhotoReader(crops["path"].tolist(), top, left), _fingerprint(crops, top, left),
        simulated=options.simulated, world_version=options.world_version,
    )  # fmt: skip
    return data, photo_report(data, points, found, left_out)


def _usable(table: pd.DataFrame, photos: Path, report: Report) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """The rows whose photograph can be cropped, with path, size and hash of the file; reason -> others."""
    rows, left_out = [], dict[str, list[str]]()
    seen: dict[str, str] = {}
    for i, row in enumerate(table.itertuples(index=False)):
        report(i, len(table), "photographs")
        try:
            path = photo_file(photos, str(row.photo))
            height, width = photograph_size(path)
            if min(height, width) < CROP:
                raise DataError(f"smaller than {CROP} x {CROP} pixels", where=path, got=f"{width} x {height}")
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            if digest in seen:
                raise DataError("the same photograph as another")
        except DataError as problem:
            left_out.setdefault(problem.what, []).append(f"{row.point!s} ({row.photo!s})")
            continue
        seen[digest] = str(row.point)
        rows.append((path, height, width, digest, i))
    found = pd.DataFrame(rows, columns=["path", "height", "width", "digest", "row"])
    return pd.concat([table.iloc[found["row"]].reset_index(drop=True), found], axis=1), left_out


def _corners(crops: pd.DataFrame, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Upper and left edge of each crop, a function of seed, photograph and number alone."""
    photograph = np.array([stream(digest) for digest in crops["digest"]], np.int64)
    key = combine(seed, photograph, crops["number"].to_numpy(np.int64))
    room = (crops["height"] - CROP + 1).to_numpy(), (crops["width"] - CROP + 1).to_numpy()
    top, left = (np.floor(uniform(key, edge) * size) for edge, size in zip(("top", "left"), room, strict=True))
    return top.astype(np.int64), left.astype(np.int64)


def _sites(crops: pd.DataFrame) -> pd.DataFrame:
    """The table of sites: a row per crop; `polygon` is the number of its point."""
    lon, lat = crops["lon"].to_numpy(float), crops["lat"].to_numpy(float)
    metres = plane_metres(lon, lat)
    source = crops["site"].to_numpy(str)
    x, y = (crops[axis].where(crops[axis].notna(), other) for axis, other in zip("xy", metres, strict=True))
    point = pd.factorize(crops["point"], sort=True)[0] + 1
    return pd.DataFrame({
        "source": source, "survey_id": np.arange(1, len(crops) + 1), "lon": lon, "lat": lat,
        "year": crops["year"].astype("Int32"), "area_m2": np.nan,
        "country": np.where(in_europe(lon, lat), country(lon, lat), ""), "region": "",
        "polygon": point, "block": polygon_blocks(*metres, source, point, BLOCK_METRES),
        "x": x, "y": y, "point": crops["point"].astype(str), "photograph": crops["photo"].astype(str),
    })  # fmt: skip


def _fingerprint(crops: pd.DataFrame, top: np.ndarray, left: np.ndarray) -> str:
    """A hash of photographs, types and places of the crops."""
    digest = hashlib.sha256(MODALITY.encode())
    for column in (crops["digest"], crops["code"], crops["point"], pd.Series(top), pd.Series(left)):
        digest.update("\n".join(column.astype(str)).encode())
    return digest.hexdigest()[:16]
