"""Joins the table rows of all blocks into the tables of the tree."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv

from sdm.modalities import LANDSAT
from sdm.modalities.layouts import METADATA, PA_TEST, PA_TRAIN
from sdm.virtual_europe.write.published_names import ENVIRONMENT_FOLDERS, LANDSAT_STEMS

EDITION = 2025  # whose layout the virtual Europe has
_METADATA = {table.source: table.name for table in METADATA if table.edition == EDITION}
SUBMISSION = "GLC25_SAMPLE_SUBMISSION.csv"


def join_parts(tree: Path, parts: Path) -> None:
    """Write every table below `tree` from the rows in `parts`."""
    for source, name in _METADATA.items():
        _join(parts, source, "metadata", tree / name)
        for table, folder in ENVIRONMENT_FOLDERS.items():
            _join(parts, source, table, tree / "EnvironmentalValues" / folder / f"GLC25-{source}-{table}.csv")
    for source in (PA_TRAIN, PA_TEST):
        for band in LANDSAT.channels:
            name = f"{LANDSAT_STEMS[source]}-{band}.csv"
            target = tree / "SateliteTimeSeries-Landsat" / "values" / source / name
            _join(parts, source, f"landsat-{band}", target)
        target = tree / "BioclimTimeSeries" / "values" / f"GLC25-{source}-bioclimatic_monthly.csv"
        _join(parts, source, "climate", target)
    _sort_test(tree / _METADATA[PA_TEST])
    _number_rows(tree / "EnvironmentalValues" / "LandCover" / "GLC25-PA-test-landcover.csv")
    _sample_submission(tree)


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


def _sample_submission(tree: Path) -> None:
    ids = csv.read_csv(tree / _METADATA[PA_TEST])["surveyId"]
    recorded = csv.read_csv(tree / _METADATA[PA_TRAIN])["speciesId"].cast(pa.int64())
    answer = " ".join(str(species) for species in sorted(recorded.unique().drop_null().to_pylist())[:5])
    columns = {"surveyId": ids, "predictions": pa.array([answer] * len(ids))}
    csv.write_csv(pa.table(columns), tree / SUBMISSION, csv.WriteOptions(quoting_style="none"))
