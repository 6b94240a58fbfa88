"""What an export carries along, so that its map can be made again elsewhere: records, run, data that are small."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.overview import split_of
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.data.targets import target_matrix
from sdm.evaluation.run_model import open_member
from sdm.exports.subject import Subject
from sdm.formats.spreadsheet import to_csv
from sdm.runs import Run
from sdm.runs.folder import CARD, CONFIG

RECORDS_FILE, RUN_FOLDER, DATA_FOLDER = "records.csv", "run", "data"
MOST_BYTES = 32 * 2**20  # of a data set that is carried along
DATA_FILES = ("*.json", "*.parquet", "*.npy", "*.npz", "*.tif")
COLUMNS = ("survey_id", "lon", "lat", "x", "y", "year")


def records_table(subject: Subject) -> pd.DataFrame | None:
    """A row per record of every species, plot with a species, and background site, as imported: source, species,
    survey_id, positions, year and split; None for data that were not made of tables."""
    data = subject.dataset
    here = np.flatnonzero(data.sites["source"].isin([RECORDS, BACKGROUND, PLOTS]).to_numpy())
    if not here.size:
        return None
    place, species = csr_matrix(target_matrix(data.targets))[here].nonzero()
    empty = np.setdiff1d(np.arange(len(here)), place)
    at = np.concatenate([place, empty])
    names = data.targets.classes["name"].astype(str).to_numpy(object)
    told = np.concatenate([names[species], np.full(len(empty), "", object)])
    order = np.argsort(at, kind="stable")
    rows = here[at[order]]
    sites = data.sites.iloc[rows].reset_index(drop=True)
    table = pd.DataFrame({"source": sites["source"].astype(str), "species": told[order]})
    split = split_of(data, subject.run.card.scheme)[rows]
    return table.assign(**{name: sites[name] for name in COLUMNS if name in sites}, split=split)


def write_carried(subject: Subject, folder: Path) -> None:
    """Write the records as a table, the run with the members it asks, and the data set where it is small."""
    table = records_table(subject)
    if table is not None:
        (folder / RECORDS_FILE).write_bytes(to_csv(table))
        _copy_data(subject, folder / DATA_FOLDER)
    if subject.run.card.predicts:
        _copy_run(subject.run, folder / RUN_FOLDER)


def _copy_run(run: Run, home: Path) -> None:
    """What is needed to ask the run; members lie beside it, as where it was made."""
    there = home / run.name
    if there.exists():
        return
    there.mkdir(parents=True)
    weights = [run.card.weights.file] if run.card.weights is not None else []
    for name in (CONFIG, CARD, *weights):
        shutil.copyfile(run.path / name, there / name)
    for member in run.card.members:
        _copy_run(open_member(run.path, member), home)


def _copy_data(subject: Subject, home: Path) -> None:
    place = subject.dataset.place
    if place is None or not place.is_dir():
        return
    files = [path for pattern in DATA_FILES for path in sorted(place.glob(pattern)) if path.is_file()]
    if sum(path.stat().st_size for path in files) > MOST_BYTES:
        return
    (home / place.name).mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, home / place.name / path.name)
