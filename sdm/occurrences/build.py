"""From tables of occurrences to a data set of records, background sites and plots, and a store with its report."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.data.store import write_store
from sdm.formats.table import whole
from sdm.geo.regions import country, in_europe
from sdm.jobs import Report, no_report
from sdm.occurrences.cleaning.filters import Cleaning
from sdm.occurrences.environment.rasters import RasterEnvironment
from sdm.occurrences.folds import record_folds, split_columns
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.parts import Parts, environment_of, open_tables, read_parts
from sdm.occurrences.positions import in_degrees
from sdm.occurrences.predictor_grid import write_predictor_grid
from sdm.occurrences.predictors import Predictors, gathered, whole_input
from sdm.occurrences.reader import Rows
from sdm.occurrences.records import NO_GROUP
from sdm.occurrences.report import OccurrenceImport, Tally, write_report
from sdm.occurrences.study_area import study_area


def import_occurrences(
    files: OccurrenceFiles, out: Path, options: ImportOptions | None = None, report: Report = no_report
) -> OccurrenceImport:
    """Write the tables of `files` as the data set `out`, with its report beside; return the report.

    What cannot be used is left out and reported. With rasters their grid is written, too. DataError where
    nothing is left, or a column is not there.
    """
    options = options or ImportOptions()
    data, made, parts = _built(files, out.name, options, report)

    def beside(folder: Path) -> None:
        write_report(folder, made)
        if isinstance(parts.environment, RasterEnvironment):
            report(0, 0, "grid of predictors")
            area = study_area(parts.records.rows, options.margin)
            write_predictor_grid(folder, parts.environment, made.predictors, area)

    write_store(data, out, report, beside=beside)
    return made


def build_dataset(files: OccurrenceFiles, name: str, options: ImportOptions) -> tuple[Dataset, OccurrenceImport]:
    """The data set `name` of the tables, and what became of them."""
    data, made, _ = _built(files, name, options, no_report)
    return data, made


def _built(
    files: OccurrenceFiles, name: str, options: ImportOptions, report: Report
) -> tuple[Dataset, OccurrenceImport, Parts]:
    tally = Tally()
    report(0, 0, "reading")
    tables = open_tables(files, options)
    environment = environment_of(tables, files, options, tally)
    parts = read_parts(tables, environment, options, tally)
    report(0, 0, "sites")
    predictors = (
        whole_input(parts.rows, environment.modality)
        if environment.modality is not None
        else gathered(parts.rows, environment.codes, tally)
    )
    sites, block = _sites(parts, options)
    data = _dataset(name, sites, parts, predictors, options)
    return data, _report(data, parts, predictors, block, tally), parts


def _sites(parts: Parts, options: ImportOptions) -> tuple[pd.DataFrame, float]:
    """The table of sites with its splits, and the side of a block."""
    rows = parts.rows
    x, y, year = (np.concatenate([getattr(part, name) for part in rows]) for name in ("x", "y", "year"))
    lon, lat = in_degrees(x, y, parts.records.rows.crs)
    source = np.repeat([part.table for part in rows], [len(part) for part in rows])
    numbers = np.concatenate([_ids(part) for part in rows])
    inside = np.isfinite(lon) & np.isfinite(lat)
    inside[inside] = in_europe(lon[inside], lat[inside])
    names = np.full(len(x), "", object)
    names[inside] = country(lon[inside], lat[inside])
    sites = pd.DataFrame({
        "source": source, "survey_id": numbers, "lon": lon, "lat": lat,
        "year": pd.array(np.where(np.isfinite(year), year, -1).astype(np.int64), "Int32"), "area_m2": np.nan,
        "country": names.astype(str), "region": "", "x": x, "y": y,
    })  # fmt: skip
    sites.loc[~np.isfinite(year), "year"] = pd.NA
    fold, block = record_folds(parts.records.rows, options)
    return pd.concat([sites, split_columns(source, fold, options.folds)], axis=1), block


def _ids(rows: Rows) -> np.ndarray:
    """int64 (N,): the data's own ids where they are different whole numbers, else 1 to N."""
    own = np.full(len(rows), np.nan) if rows.ids is None else rows.ids
    if isinstance(own, pd.Categorical):
        own = pd.to_numeric(own.categories.to_series(), errors="coerce").to_numpy(np.float64)[own.codes]
    if whole(own).all() and len(np.unique(own)) == len(own):
        return own.astype(np.int64)
    return np.arange(1, len(rows) + 1)


def _dataset(
    name: str, sites: pd.DataFrame, parts: Parts, predictors: Predictors, options: ImportOptions
) -> Dataset:
    species, groups = parts.records.species, parts.records.groups
    classes = pd.DataFrame({"class_id": np.arange(1, len(species) + 1), "name": species})
    if set(groups) != {NO_GROUP}:
        classes["group"] = groups
    known = (sites["source"] != BACKGROUND).to_numpy()
    modality = predictors.modality
    arrays = {modality: predictors.values} if modality else {}
    return Dataset(
        name, options.title or name, sites, Targets(TargetKind.MULTILABEL, classes, parts.recorded, known),
        tuple(arrays), ArrayReader(arrays), _fingerprint(sites, parts, predictors), simulated=options.simulated,
    )  # fmt: skip


def _fingerprint(sites: pd.DataFrame, parts: Parts, predictors: Predictors) -> str:
    """A hash of places, species, records, predictors and splits."""
    texts = [predictors.modality or "", *parts.records.species, *parts.records.groups]
    texts += [text for column in sites.filter(like="split_") for text in sites[column]]
    digest = hashlib.sha256("\n".join([*texts, *sites["source"]]).encode())
    matrix = parts.recorded
    for values in (sites["x"], sites["y"], matrix.indptr, matrix.indices, predictors.values):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def _report(data: Dataset, parts: Parts, predictors: Predictors, block: float, tally: Tally) -> OccurrenceImport:
    groups = pd.Series(parts.records.groups).value_counts().sort_index()
    counts = data.sites["source"].value_counts()
    return OccurrenceImport(
        data.name, {name: int(counts[name]) for name in (RECORDS, BACKGROUND, PLOTS) if name in counts},
        int(parts.records.recorded.nnz), len(parts.records.species),
        {} if set(groups.index) == {NO_GROUP} else {str(k) or "no group": int(v) for k, v in groups.items()},
        (*predictors.numbers, *predictors.codes), predictors.codes, predictors.levels,
        bool(np.isfinite(data.sites["lon"]).any()), block,
        {scheme: data.splits(scheme) for scheme in data.schemes}, tuple(tally.found), parts.environment.sentence,
        parts.drawn, _filters(parts.cleaning),
    )  # fmt: skip


def _filters(cleaning: Cleaning) -> dict[str, dict[str, int]]:
    taken = cleaning.taken()
    return {name: {"alone": count, "taken": taken[name]} for name, count in cleaning.alone.items()}
