"""What is taken away of a species: every file says the same as the program, and the script makes the map again."""

from __future__ import annotations

import io
import re
import runpy
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from click.testing import CliRunner
from PIL import Image, ImageColor

from sdm.cli import main
from sdm.data.record_types import RECORDS
from sdm.errors import DataError, RunError, UnknownNameError
from sdm.exports import bundle, carried, figure_page, map_sheet, odmap, raster_file, reproduction, site_table
from sdm.exports.subject import Subject, find_species, subject_of
from sdm.files import PROJECT
from sdm.inference.species_map import species_model
from sdm.jobs import Cancelled
from sdm.runs import Run
from tests.hostile import NAMES
from tests.inference.gridded import COLUMNS, ROWS, values

FILES = {
    "about.txt", "figures.html", "map.png", "odmap.csv", "odmap.md", "predictions.csv", "reproduce.py",
    "species.tif", "records.csv", "run/forest/card.json", "run/forest/config.json", "run/forest/table.npz",
}  # fmt: skip
DATA_FILES = {
    "classes.parquet", "manifest.json", "occurrences.json", "predictors.tif", "predictors-wet-road--soil-0000.npy",
    "rows.npz", "sites.parquet", "targets.npz",
}  # fmt: skip
FILES |= {f"data/wet/{name}" for name in DATA_FILES}


@pytest.fixture(scope="module")
def written(data, run, tmp_path_factory: pytest.TempPathFactory) -> Path:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("out") / "export"
    assert set(bundle.write_export(subject_of(data, run, "3"), folder)) == FILES
    return folder


def test_the_map_is_cloud_optimised_and_says_what_it_is(written: Path, subject: Subject) -> None:
    with rasterio.open(written / raster_file.FILE) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1) and np.isnan(file.nodata) and file.dtypes == ("float32",)
        assert file.descriptions == ("Relative intensity of Planta c",)
        assert file.units == (subject.meaning.unit,)
        tags, pixels = file.tags(), file.read(1)
    assert (
        tags["RUN_DIGEST"] == subject.run.card.digest and tags["DATA_FINGERPRINT"] == subject.dataset.fingerprint
    )
    assert "no probability" in tags["NOTE"]
    assert np.isnan(pixels[:10]).all()
    row, column = 200, 100
    asked = species_model(subject.run, subject.class_id).predict(values()[:, row, column][None])
    assert pixels[row, column] == pytest.approx(float(asked[0]))


def refusal(script: Path, *words: Path | str) -> str:
    """How the script ends, in a process that has loaded the program already; nothing where it makes the map."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(script), *map(str, words)])
        try:
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as end:
            return str(end.code)
    return ""


def by_itself(*words: Path | str, cwd: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Python with `words`, in a process that knows nothing but `path`."""
    env = {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "PATH": ""}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)


def require_same_map(found: Path, expected: Path) -> None:
    with rasterio.open(found) as again, rasterio.open(expected) as first:
        np.testing.assert_array_equal(again.read(1), first.read(1))
        assert again.tags() == first.tags() and again.transform == first.transform


def test_the_script_makes_the_same_map_again(written: Path, subject: Subject, tmp_path: Path) -> None:
    assert subject.dataset.place is not None
    words = (subject.dataset.place, subject.run.path, tmp_path / "again.tif")
    assert refusal(written / reproduction.FILE, *words) == ""
    require_same_map(tmp_path / "again.tif", written / raster_file.FILE)


@pytest.mark.process
def test_the_export_is_enough_to_make_the_map_again(written: Path, tmp_path: Path) -> None:
    words = (written / reproduction.FILE, written / "data" / "wet", "again.tif")
    done = by_itself(*words, cwd=tmp_path, path=str(PROJECT))
    assert done.returncode == 0, done.stderr
    require_same_map(tmp_path / "again.tif", written / raster_file.FILE)


def test_the_script_says_in_one_line_what_it_needs(written: Path, tmp_path: Path) -> None:
    alone = by_itself("-S", "-I", written / reproduction.FILE, cwd=tmp_path, path="")
    assert alone.returncode == 1
    for said in (refusal(written / reproduction.FILE), alone.stderr):
        assert len(said.strip().splitlines()) == 1 and "python reproduce.py DATA [RUN] OUT.tif" in said
    assert "Species from space" in alone.stderr and "pip install -r requirements.txt" in alone.stderr


def test_it_is_told_where_data_and_run_are(written: Path) -> None:
    about = (written / bundle.ABOUT).read_text()
    assert "DATA: data/wet in this export" in about and "RUN: run/forest in this export" in about
    assert "a day after the last visit unless kept: press Keep it" in about and str(PROJECT) not in about


def test_the_records_are_those_of_the_data(written: Path, subject: Subject) -> None:
    table = pd.read_csv(written / carried.RECORDS_FILE)
    records = table[table["source"] == RECORDS]
    known = subject.dataset.sites["source"] == RECORDS
    assert len(records) == int(subject.dataset.targets.values[np.flatnonzero(known)].sum())
    assert (records["species"] == subject.name).sum() == int(subject.recorded[np.flatnonzero(known)].sum())
    assert table.loc[table["source"] == "background", "species"].isna().all()
    assert set(table["source"]) == {"records", "background", "plots"}


def test_large_data_are_not_carried(subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried, "MOST_BYTES", 10)
    carried.write_carried(subject, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"run", "records.csv"}


def test_the_picture_has_words_records_and_grey_where_nothing_is(written: Path) -> None:
    sheet = np.asarray(Image.open(written / figure_page.PICTURE))
    assert max(sheet.shape) >= 1200
    for colour in (map_sheet.RECORD, map_sheet.NOTHING):
        assert (sheet == ImageColor.getrgb(colour)).all(axis=-1).any()
    assert (sheet[: map_sheet.HEAD - 2] < 100).any()


def test_the_coast_is_drawn_where_land_begins() -> None:
    cell = Affine(0.02, 0, 7.0, 0, -0.02, 54.5)  # the North Sea and its German coast
    found = map_sheet.coast((100, 150), cell, "EPSG:4326")
    assert 50 < found.sum() < 3000
    assert not map_sheet.coast((10, 10), Affine(0.02, 0, 10, 0, -0.02, 48), "EPSG:4326").any()
    assert not map_sheet.coast((50, 50), Affine(0.1, 0, 100, 0, -0.1, 10), "EPSG:4326").any()


def test_the_script_refuses_other_data(written: Path, subject: Subject, tmp_path: Path) -> None:
    text = (written / reproduction.FILE).read_text().replace(subject.dataset.fingerprint, "0" * 16)
    (tmp_path / "other.py").write_text(text)
    assert subject.dataset.place is not None
    said = refusal(tmp_path / "other.py", subject.dataset.place, subject.run.path, tmp_path / "again.tif")
    assert "not what the map was made of: fingerprint" in said
    assert not (tmp_path / "again.tif").exists()


def test_the_table_keeps_what_was_held_out_apart(written: Path, subject: Subject) -> None:
    table = pd.read_csv(written / site_table.FILE)
    assert set(table.columns) <= set(site_table.COLUMNS) and len(table) == len(subject.dataset)
    records = table[table["source"] == RECORDS]
    assert (records["learnt_from"] == "yes").all() and records["held_out"].notna().any()
    assert (records["recorded"] == "yes").sum() == int(subject.recorded[: len(records)].sum())
    assert table.loc[table["source"] == "background", "recorded"].isna().all()
    both = records.dropna(subset=["held_out"])
    assert (both["held_out"] != both["value"]).mean() > 0.5
    assert (table["relative_intensity"].rank() - table["value"].rank()).abs().max() < 1


def test_the_protocol_is_filled_in_from_what_is_known(written: Path) -> None:
    table = pd.read_csv(written / odmap.TABLE).set_index(["section", "topic", "element"])["value"]
    assert len(table) == 84
    assert table[("Overview", "Focal Taxon", "Focal Taxon")] == "Planta c"
    assert table[("Overview", "Authorship", "Author names")] == odmap.BLANK
    assert "cross-validation by 2 folds" in table[("Data", "Data partitioning", "Validation data")]
    selection = ("Model", "Model selection - model averaging - ensembles", "Model selection")
    assert "balanced-forest was chosen" in table[selection]
    assert "AUC" in table[("Assessment", "Performance statistics", "Performance on test data")]
    assert "soil (class code)" in table[("Data", "Predictor variables", "Predictor variables")]
    assert 15 < (table == odmap.BLANK).sum() < 60
    text = (written / odmap.TEXT).read_text()
    assert all(f"## {section}" in text for section in ("Overview", "Data", "Model", "Assessment", "Prediction"))


def test_the_page_of_figures_fetches_nothing(written: Path) -> None:
    page = (written / figure_page.FILE).read_text()
    assert "partial dependence" in page and "data:image/png;base64," in page
    assert 'src="http' not in page and "cdn.plot.ly/" not in page.split("<body>")[0]
    picture = (written / figure_page.PICTURE).read_bytes()
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_means_nothing_but_itself(subject: Subject, name: str) -> None:
    classes = subject.dataset.targets.classes.copy()
    classes.loc[subject.column, "name"] = name
    targets = replace(subject.dataset.targets, classes=classes)
    hostile = Subject(replace(subject.dataset, targets=targets), subject.run, subject.class_id)
    compile(reproduction.script(hostile), "reproduce.py", "exec")
    found: dict[str, object] = {}
    constants = [line for line in reproduction.script(hostile).splitlines() if line.startswith("SPECIES = ")]
    exec(constants[0], found)
    assert found["SPECIES"] == name
    text = odmap.as_text(odmap.protocol(hostile))
    assert not {line for line in text.splitlines() if line.startswith(("<", "# ")) and "ODMAP" not in line}
    assert not re.search(r"(?<!\\)[<\[`]", text.partition("## Overview")[2])
    heading = figure_page.figure_page(replace_without_figures(hostile), None)
    assert "<script>" not in heading.partition("<body>")[2].partition("</h1>")[0]


def replace_without_figures(subject: Subject) -> Subject:
    """The same without stored predictions: its page has no figure."""
    subject.__dict__["held_out"] = {}
    return subject


def test_the_zip_holds_the_files_under_plain_names(subject: Subject) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle.zipped(subject))) as archive:
        assert set(archive.namelist()) == {f"species-3/{name}" for name in FILES}


def test_an_export_that_is_stopped_leaves_nothing(subject: Subject, tmp_path: Path) -> None:
    def stop(done: int, _total: int, _what: str) -> None:
        if done > 200:
            raise Cancelled

    with pytest.raises(Cancelled):
        bundle.write_export(subject, tmp_path / "export", stop)
    assert not list(tmp_path.iterdir())
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="something is there already"):
        bundle.write_export(subject, tmp_path / "export")


def test_species_are_found_by_name_or_id(subject: Subject, run: Run) -> None:
    assert find_species(subject.dataset, "PLANTA c ") == find_species(subject.dataset, "3") == 3
    with pytest.raises(UnknownNameError, match="Planta c"):
        find_species(subject.dataset, "Planta cc")
    with pytest.raises(RunError, match="trained on other data"):
        subject_of(replace(subject.dataset, fingerprint="another"), run, "3")


def test_the_command_writes_the_folder(subject: Subject, tmp_path: Path) -> None:
    words = ["export", str(subject.run.path), "--data", str(subject.dataset.place), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, [*words, "--species", "planta c"])
    assert done.exit_code == 0, done.output
    out = tmp_path / "out"
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == FILES
    assert figure_shape(tmp_path / "out" / raster_file.FILE) == (ROWS, COLUMNS)


def figure_shape(path: Path) -> tuple[int, int]:
    """Rows and columns of the raster."""
    with rasterio.open(path) as file:
        return int(file.height), int(file.width)
