"""From exports of series to a data set of labelled pixels, with scenes of the unlabelled ones and a report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.store import write_store
from sdm.errors import DataError
from sdm.geo.regions import country, in_europe
from sdm.jobs import Report, no_report
from sdm.rasters.build import FEWEST
from sdm.rasters.group_splits import block_side, blocks, intersections, site_split, splits_by_group
from sdm.rasters.labelling import plain_classes
from sdm.rasters.positions import plane_metres
from sdm.rasters.scenes import write_scenes
from sdm.series.gather import DIGITS
from sdm.series.import_report import SeriesImport, write_report
from sdm.series.options import ImportOptions
from sdm.series.points import field_points
from sdm.series.reader import SeriesTable, read_series
from sdm.series.scene import Written, series_modality, write_series_scenes

BLOCK_METRES = 1000.0
PIXEL_METRES = 10.0  # the finest pixels of Sentinel-2
MOST_NAMED = 100  # classes left out
SHOWN = 2000  # pixels without a class, of an import that has no other


@dataclass(frozen=True)
class _LeftOut:
    """Pixels without a class, of classes not asked for, with too few, beyond the limit, at a place of another."""

    no_class: int
    unknown: dict[str, int]
    too_few: dict[str, int]
    over_limit: int
    repeated: int


def import_series(
    files: Sequence[Path], out: Path, options: ImportOptions | None = None, report: Report = no_report
) -> SeriesImport:
    """Write the series in `files` as the data set `out`, with scenes and report beside; returns the report.

    The labelled pixels are its rows. Files without classes become scenes; where no file has any, some of their
    pixels are rows without a target. What cannot be used is left out and reported. DataError where nothing is
    left.
    """
    chosen = options or ImportOptions()
    table = read_series(files, report, chosen.read)
    pixels, left_out = _chosen(table, chosen)
    sites, block_m = _sites(pixels, chosen)
    data = _dataset(out.name, pixels, sites, chosen)
    made: list[SeriesImport] = []

    def beside(folder: Path) -> None:
        written = write_series_scenes(folder, table.take(~table.labelled))
        write_scenes(folder, written[0])
        made.append(_report(data, table, left_out, block_m, written))
        write_report(folder, made[0])

    write_store(data, out, report, beside=beside)
    return made[0]


def _chosen(table: SeriesTable, options: ImportOptions) -> tuple[SeriesTable, _LeftOut]:
    """The pixels that become rows."""
    bare = int((table.labelled & (table.label == "")).sum())
    single = _single(table)
    names, counts = np.unique(table.label[single], return_counts=True)
    classes = dict(zip(names.tolist(), counts.tolist(), strict=True))
    unknown = {name: n for name, n in classes.items() if options.classes and name not in options.classes}
    few = {name: n for name, n in classes.items() if n < FEWEST and name not in unknown}
    usable = single[~np.isin(table.label[single], [*unknown, *few])]
    chosen = usable
    if options.most is not None and len(usable):
        drawn = pd.Series(table.label[usable], index=usable).sample(frac=1, random_state=options.seed)
        chosen = np.sort(drawn.groupby(drawn).head(options.most).index.to_numpy())
    repeated = int((table.label != "").sum()) - len(single)
    left_out = _LeftOut(bare, _largest(unknown), _largest(few), len(usable) - len(chosen), repeated)
    if len(chosen):
        return table.take(chosen), left_out
    free = np.flatnonzero(~table.labelled)
    if not len(free):
        raise DataError(
            "no labelled pixel is left", where=", ".join(file.name for file in table.report.files[:5]),
            expected=f"{FEWEST} pixels of a class at least",
            got=f"{bare} without a class, {left_out.unknown | left_out.too_few}",
        )  # fmt: skip
    return table.take(free[:: -(-len(free) // SHOWN)]), left_out


def _single(table: SeriesTable) -> np.ndarray:
    """The pixels with a class; of those at one position to 6 digits, which files may repeat, the first."""
    classed = np.flatnonzero(table.label != "")
    places = pd.DataFrame({"lon": table.lon[classed].round(DIGITS), "lat": table.lat[classed].round(DIGITS)})
    return classed[~places.duplicated().to_numpy()]


def _largest(classes: dict[str, int]) -> dict[str, int]:
    """The MOST_NAMED classes with most pixels: a column of numbers, taken for classes, has any number of them."""
    return dict(sorted(classes.items(), key=lambda item: -item[1])[:MOST_NAMED])


def _sites(pixels: SeriesTable, options: ImportOptions) -> tuple[pd.DataFrame, float]:
    """The table of sites, a row per pixel, with its splits; and the side of a block."""
    lon, lat, source = pixels.lon, pixels.lat, pixels.source
    place = *plane_metres(lon, lat), source
    block_m = options.block_m or block_side(*place, BLOCK_METRES, PIXEL_METRES)
    point = field_points(lon, lat, source, pixels.point, options.neighbours_m)
    number = np.arange(1, len(pixels) + 1)
    sites = pd.DataFrame({
        "source": source, "survey_id": number, "lon": lon, "lat": lat,
        "year": pd.array(pixels.dates[:, 0].astype("datetime64[Y]").astype(int) + 1970, "Int32"),
        "area_m2": np.nan, "country": np.where(in_europe(lon, lat), country(lon, lat), ""), "region": "",
        "point": point, "block": _blocks(*place, point, block_m), "months": pixels.months.astype(np.int64),
        "dates": _texts(pixels.dates),
    })  # fmt: skip
    if not pixels.labelled.any():
        return sites.assign(split_block=""), block_m
    groups = {"random": number, "point": point, "block": sites["block"].to_numpy()}
    splits = splits_by_group(groups, pixels.label, options.seed)
    if len(np.unique(source)) > 1:
        splits["split_site"] = site_split(source, point, pixels.label, options.seed)
    return pd.concat([sites, splits], axis=1), block_m


def _blocks(x: np.ndarray, y: np.ndarray, source: np.ndarray, point: np.ndarray, metres: float) -> np.ndarray:
    """The block of each pixel: that of the middle of its field point, which no border cuts, unless it is wider."""
    places = pd.DataFrame({"x": x, "y": y}).groupby(point)
    small = ((places.transform("max") - places.transform("min")) <= metres).all(axis=1).to_numpy()
    middle = places.transform("mean").to_numpy()
    return blocks(np.where(small, middle[:, 0], x), np.where(small, middle[:, 1], y), source, metres)


def _dataset(name: str, pixels: SeriesTable, sites: pd.DataFrame, options: ImportOptions) -> Dataset:
    known = pixels.label != ""
    classes = plain_classes(pixels.label[known] if known.any() else options.classes or ())
    values = pd.Index(classes["name"]).get_indexer(pixels.label).astype(np.int64)
    modality = series_modality(pixels.bands)
    return Dataset(
        name, options.title or name, sites, Targets(TargetKind.MULTICLASS, classes, values, known, ("name",)),
        (modality,), ArrayReader({modality: pixels.values}), _fingerprint(modality, pixels),
        simulated=options.simulated, world_version=options.world_version,
    )  # fmt: skip


def _report(
    data: Dataset, table: SeriesTable, left_out: _LeftOut, block_m: float, written: Written
) -> SeriesImport:
    point = data.sites["point"].to_numpy()
    names = data.targets.classes["name"]
    counts = np.bincount(data.targets.values[data.targets.known], minlength=len(names))
    common = {
        scheme: sum(intersections(data.sites[f"split_{scheme}"].to_numpy(str), point).values())
        for scheme in data.schemes
    }
    return SeriesImport(
        data.name, table.report, data.modalities[0], len(data),
        {name: int(count) for name, count in zip(names, counts, strict=True)},
        left_out.no_class, left_out.unknown, left_out.too_few, left_out.over_limit,
        len(np.unique(point)), int(np.bincount(point).max()), block_m,
        {scheme: data.splits(scheme) for scheme in data.schemes}, common, tuple(written[1]), written[2],
        left_out.repeated,
    )  # fmt: skip


def _texts(dates: np.ndarray) -> list[str]:
    """The dates of each pixel as one text: "2022-01-05 2022-02-14"."""
    texts = np.datetime_as_string(dates, unit="D").tolist()
    return [" ".join(text for text in row if text != "NaT") for row in texts]


def _fingerprint(modality: str, pixels: SeriesTable) -> str:
    """A hash of positions, classes and values."""
    digest = hashlib.sha256("\n".join((modality, *pixels.source, *pixels.label)).encode())
    for values in (pixels.lon, pixels.lat, pixels.values):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()
