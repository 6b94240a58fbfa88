"""From tables of occurrences to a data set of records, background sites and plots, and a store with its report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.data.store import write_store
from sdm.jobs import Report, no_report
from sdm.occurrences.cleaning.filters import Cleaning
from sdm.occurrences.environment.rasters import RasterEnvironment
from sdm.occurrences.environment.surveys import SurveyEnvironment
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.parts import Parts, environment_of, open_tables, read_parts
from sdm.occurrences.predictor_grid import write_predictor_grid
from sdm.occurrences.predictors import Predictors, gathered, whole_input
from sdm.occurrences.records import NO_GROUP
from sdm.occurrences.report import OccurrenceImport, Tally, write_report
from sdm.occurrences.sites import fingerprint, site_table
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
            area = study_area(parts.records.rows, options.margin)
            write_predictor_grid(folder, parts.environment, made.predictors, area, report)

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
    report(0, 0, "tables")
    tables = open_tables(files, options, tally)
    environment = environment_of(tables, files, options, tally)
    parts = read_parts(tables, environment, options, tally, report)
    report(0, 0, "sites")
    predictors = (
        whole_input(parts.rows, environment.modality)
        if environment.modality is not None
        else gathered(parts.rows, environment.codes, tally)
    )
    sites, block = site_table(parts, options)
    data = _dataset(name, sites, parts, predictors, options)
    return data, _report(data, parts, predictors, block, tally), parts


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
        tuple(arrays), ArrayReader(arrays), fingerprint(sites, parts, predictors), simulated=options.simulated,
    )  # fmt: skip


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
        parts.environment.world if isinstance(parts.environment, SurveyEnvironment) else {},
        parts.merged,
    )  # fmt: skip


def _filters(cleaning: Cleaning) -> dict[str, dict[str, int]]:
    taken = cleaning.taken()
    return {name: {"alone": count, "taken": taken[name]} for name, count in cleaning.alone.items()}
