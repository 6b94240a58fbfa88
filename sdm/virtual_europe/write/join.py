"""Joins the table rows of all blocks into the tables of the tree."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv

from sdm.modalities import LANDSAT
from sdm.modalities.layouts import PA_TEST, PA_TRAIN, SOURCES
from sdm.virtual_europe.write.editions import Edition, folder


def join_parts(tree: Path, parts: Path, named: Edition) -> None:
    """Write every table below `tree` from the rows in `parts`."""
    for source in SOURCES:
        _join(parts, source, "metadata", tree / named.metadata(source))
        for table in named.environment:
            _join(parts, source, table, tree / named.environment_table(source, table))
    for source in (PA_TRAIN, PA_TEST):
        values = tree / folder(named.landsat_values, source)
        # Tables of 2024 have underscores throughout; in 2025 those of training have the hyphens of its cubes.
        stem = named.landsat_stem(source if named.year == 2025 else PA_TEST).replace(PA_TEST, source)
        for band in LANDSAT.channels:
            _join(parts, source, f"landsat-{band}", values / f"{stem}-{band}.csv")
        climate = tree / folder(named.climate_values, source)
        _join(parts, source, "climate", climate / f"{named.climate_stem(source)}.csv")
    _sort_test(tree / named.metadata(PA_TEST))
    _number_rows(tree / named.environment_table(PA_TEST, "landcover"))
    _sample_submission(tree, named)


def _join(parts: Path, source: str, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as sink:
        sink.write((parts / f"{source}.{name}.header").read_bytes())
        for part in sorted(parts.glob(f"{source}.{name}.*.csv")):
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, sink)


def _sort_test(path: Path) -> None:
    csv.write_csv(csv.read_csv(path).sort_by("surveyId"), path, csv.WriteOptions(quoting_style="none"))


def _number_rows(path: Path) -> None:
    """Give a table the leading column of row numbers that a careless export leaves."""
    rows = csv.read_csv(path)
    numbered = rows.add_column(0, "Unnamed: 0", pa.array(range(len(rows))))
    csv.write_csv(numbered, path, csv.WriteOptions(quoting_style="none"))


def _sample_submission(tree: Path, named: Edition) -> None:
    ids = csv.read_csv(tree / named.metadata(PA_TEST))["surveyId"]
    recorded = csv.read_csv(tree / named.metadata(PA_TRAIN))["speciesId"].cast(pa.int64())
    answer = " ".join(str(species) for species in sorted(recorded.unique().drop_null().to_pylist())[:5])
    columns = {"surveyId": ids, "predictions": pa.array([answer] * len(ids))}
    csv.write_csv(pa.table(columns), tree / named.submission, csv.WriteOptions(quoting_style="none"))
