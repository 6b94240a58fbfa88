"""From the rasters and polygons of sites to a data set, and to a store with its scenes and its report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.store import write_store
from sdm.errors import DataError
from sdm.geo.regions import country, in_europe
from sdm.jobs import Report, no_report
from sdm.modalities.raster_bands import family_of, raster_modality_name
from sdm.rasters.group_splits import BLOCK_METRES, all_splits, block_side, polygon_blocks
from sdm.rasters.labelling import Labelling, labelling_of
from sdm.rasters.lime import UNIT, lime_values, main_type_split
from sdm.rasters.polygons import plain_codes, read_layer
from sdm.rasters.raster_reader import RasterReader
from sdm.rasters.report import ImportReport, SiteReport, write_report
from sdm.rasters.scene_files import SceneFiles, SceneLayer, write_scene_files
from sdm.rasters.shown_scenes import shown_layer
from sdm.rasters.site import SiteSamples, site_samples
from sdm.rasters.sources import ImportOptions, SiteFiles

CACHE_BYTES = 128 << 20  # of blocks of rasters; GDAL takes a twentieth of the machine's memory otherwise
FEWEST = 3  # samples of a class: one for training, validation and test each


@dataclass(frozen=True)
class Imported:
    """A data set whose arrays are read from the rasters, how it came about, and what is shown of its sites."""

    dataset: Dataset
    report: ImportReport
    scenes: tuple[SceneFiles, ...]


def import_polygons(
    sites: Sequence[SiteFiles], out: Path, options: ImportOptions | None = None, report: Report = no_report
) -> ImportReport:
    """Write the data set of `sites` as a store in `out`, with its scenes and its report beside.

    The store is there when it is whole; nothing is left of an import that failed or was cancelled.
    """
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES):
        imported = build_dataset(sites, out.name, options or ImportOptions(), report)

        def beside(folder: Path) -> None:
            write_scene_files(folder, imported.scenes)
            write_report(folder, imported.report)

        write_store(imported.dataset, out, report, beside=beside)
    return imported.report


def build_dataset(
    sites: Sequence[SiteFiles], name: str, options: ImportOptions, report: Report = no_report
) -> Imported:
    """The data set `name` of `sites`. What cannot be used is left out and reported.

    DataError where nothing is left.
    """
    level = "name" if options.target == "lime" else options.level
    labelling = labelling_of(_codes(sites), level)
    read, failed = _read_sites(sites, options, labelling, report)
    table = pd.concat([_rows(number, site) for number, site in enumerate(read)], ignore_index=True)
    table, left_out = _chosen(table, options)
    if not len(table):
        got = "; ".join(f"{site.site.name}: {site.report.inside} wholly in a polygon" for site in read)
        raise DataError(
            "no sample is left", where=name, got=got, remedy="See the limits of the import in docs/data.md."
        )
    place = table["metres_x"].to_numpy(), table["metres_y"].to_numpy(), table["source"].to_numpy(str)
    block_m = options.block_m or block_side(*place, BLOCK_METRES, float(table["area_m2"].max()) ** 0.5)
    table["block"] = polygon_blocks(*place, table["polygon"].to_numpy(), block_m)
    targets = _targets(table, labelling, options)
    data = _dataset(name, table, read, targets, options)
    counts = table["source"].value_counts()
    reports = tuple(replace(site.report, samples=int(counts.get(site.site.name, 0))) for site in read)
    made = _report(data, table, reports, failed, replace(left_out, block_m=block_m))
    return Imported(data, made, _scenes(read, data.modalities))


def _codes(sites: Sequence[SiteFiles]) -> set[str]:
    """Every code of the polygons that can be read."""
    codes: set[str] = set()
    for site in sites:
        for path in site.polygons.values():
            try:
                codes |= set(plain_codes(read_layer(path, [site.code], geometry=False)["code"]))
            except DataError:  # it is reported with its site
                continue
    return codes


def _read_sites(
    sites: Sequence[SiteFiles], options: ImportOptions, labelling: Labelling, report: Report
) -> tuple[list[SiteSamples], dict[str, str]]:
    """The sites that can be used, all with the bands of the first, and why others cannot."""
    read: list[SiteSamples] = []
    failed: dict[str, str] = {}
    last: DataError | None = None
    for site in sites:
        bands = read[0].bands if read else (None,) * len(site.layers)
        try:
            if len(site.layers) != len(bands):
                raise DataError(
                    "other inputs than the first site", where=site.name, expected=len(bands), got=len(site.layers)
                )
            read.append(site_samples(site, bands, options, labelling.read, report))
            failed |= read[-1].failed
        except DataError as problem:
            failed[site.name], last = str(problem), problem
    if not read:
        raise last or DataError("there are no sites", expected="rasters and polygons of one at least")
    return read, failed


def _rows(number: int, site: SiteSamples) -> pd.DataFrame:
    samples = site.samples
    return pd.DataFrame({
        "source": site.site.name, "lon": site.lon, "lat": site.lat,
        "year": pd.array([site.site.year] * len(samples), "Int32"), "area_m2": site.area_m2,
        "polygon": first_number(site)[samples.polygon], "x": site.x, "y": site.y, "code": site.name.astype(str),
        "site": number, "row": samples.row, "column": samples.column, "digest": samples.digest,
        "steps": site.steps, "metres_x": site.metres[0], "metres_y": site.metres[1],
    })  # fmt: skip


def first_number(site: SiteSamples) -> np.ndarray:
    """The numbers of the polygons that label the site."""
    return next(iter(site.mappings.values())).table["polygon"].to_numpy(np.int64)


@dataclass(frozen=True)
class _LeftOut:
    """Samples of classes with too few, those without a number, those beyond the limit; side of a block."""

    too_few: dict[str, int]
    unlabelled: int
    over_limit: int
    block_m: float = float("nan")


def _chosen(table: pd.DataFrame, options: ImportOptions) -> tuple[pd.DataFrame, _LeftOut]:
    """The samples that are used, with the number they are labelled with where that is lime."""
    unlabelled, too_few = 0, {}
    if options.target == "lime":
        table["lime"] = lime_values(table["code"], table["steps"])
        known = table["lime"].notna()
        unlabelled, table = int((~known).sum()), table[known]
    else:
        counts = table["code"].value_counts().sort_index()
        too_few = {str(code): int(count) for code, count in counts.items() if count < FEWEST}
        table = table[~table["code"].isin(list(too_few))]
    before = len(table)
    if options.most is not None:
        drawn = table.sample(frac=1, random_state=options.seed).groupby("code").head(options.most)
        table = table.loc[np.sort(drawn.index)]
    return table.reset_index(drop=True), _LeftOut(too_few, unlabelled, before - len(table))


def _targets(table: pd.DataFrame, labelling: Labelling, options: ImportOptions) -> Targets:
    known = np.ones(len(table), bool)
    if options.target == "lime":
        empty = pd.DataFrame({"class_id": pd.Series(dtype=np.int64), "name": pd.Series(dtype=object)})
        return Targets(TargetKind.REGRESSION, empty, table["lime"].to_numpy(np.float32), known, unit=UNIT)
    classes = labelling.classes(table["code"].unique())
    position = pd.Series(np.arange(len(classes)), index=classes["name"])
    values = position.loc[table["code"]].to_numpy(np.int64)
    return Targets(TargetKind.MULTICLASS, classes, values, known, labelling.hierarchy)


def _dataset(
    name: str, table: pd.DataFrame, read: Sequence[SiteSamples], targets: Targets, options: ImportOptions
) -> Dataset:
    modalities = modality_names(read[0], options.image)
    files = {modality: [site.layers[i] for site in read] for i, modality in enumerate(modalities)}
    place = tuple(table[column].to_numpy(np.int64) for column in ("site", "row", "column"))
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    sites = table[["source", "lon", "lat", "year", "area_m2", "polygon", "block", "x", "y", "code"]].copy()
    sites.insert(1, "survey_id", np.arange(1, len(sites) + 1))
    sites["country"] = np.where(in_europe(lon, lat), country(lon, lat), "")
    sites["region"] = ""
    splits = all_splits(sites, table["code"].to_numpy(str), options.seed)
    if options.target == "lime":
        sites["main_type"] = table["code"].str.split("-").str[0]
        splits["split_main_type"] = main_type_split(sites["main_type"], options.seed)
    return Dataset(
        name, options.title or name, pd.concat([sites, splits], axis=1), targets, modalities,
        RasterReader(files, (place[0], place[1], place[2]), options.image),
        _fingerprint(table, modalities, splits), simulated=options.simulated, world_version=options.world_version,
    )  # fmt: skip


def modality_names(site: SiteSamples, image: int | None) -> tuple[str, ...]:
    """What the inputs of each layer are called."""
    family = "image" if image else "pixel"
    return tuple(raster_modality_name(family, bands, image) for bands in site.bands)  # type: ignore[arg-type]


def _fingerprint(table: pd.DataFrame, modalities: Sequence[str], splits: pd.DataFrame) -> str:
    """A hash of samples, labels, values and splits."""
    digest = hashlib.sha256("\n".join((*modalities, *table["source"].unique(), *table["code"])).encode())
    for column in ("site", "row", "column", "polygon", "digest"):
        digest.update(table[column].to_numpy().tobytes())
    for scheme, split in splits.items():
        digest.update("\n".join((str(scheme), *split)).encode())
    return digest.hexdigest()[:16]


def _report(
    data: Dataset, table: pd.DataFrame, sites: tuple[SiteReport, ...], failed: dict[str, str], left_out: _LeftOut
) -> ImportReport:
    classes = table["code"].value_counts()
    return ImportReport(
        data.name, family_of(data.modalities[0]) or "", data.modalities, sites, failed,
        {str(code): int(count) for code, count in classes.items()}, left_out.too_few, left_out.unlabelled,
        left_out.over_limit, {scheme: data.splits(scheme) for scheme in data.schemes}, left_out.block_m,
    )  # fmt: skip


def _scenes(read: Sequence[SiteSamples], modalities: Sequence[str]) -> tuple[SceneFiles, ...]:
    return tuple(
        SceneFiles(
            site.site.name, site.site.title,
            tuple(
                SceneLayer(layer.name, layer.title, modality, files)
                for layer, modality, files in zip(site.site.layers, modalities, site.layers, strict=True)
            )
            + tuple(map(shown_layer, site.site.shown)),
            {mapper: polygons.table for mapper, polygons in site.mappings.items()},
        )
        for site in read
    )  # fmt: skip
