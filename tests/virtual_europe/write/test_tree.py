"""Trees have the real names and quirks, nest, and do not depend on how they were written."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.check import check
from sdm.data.open import open_dataset
from sdm.data.worlds import VERSION
from sdm.errors import DataError, UnknownNameError
from sdm.files import read_json
from sdm.modalities import MODALITIES
from sdm.virtual_europe.simulate import simulate
from sdm.virtual_europe.simulators import simulated_modalities
from sdm.virtual_europe.truth import truth_folder
from sdm.virtual_europe.write import SIZES, Size, write_tree

SMALL = Size(train=14, near=3, far=3, po=12, images=14, po_images=4, species=394, block=5)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "small", SMALL)


def labels(tree: Path) -> set[tuple[int, float]]:
    rows = pd.read_csv(tree / "GLC25_PA_metadata_train.csv").dropna(subset=["speciesId"])
    return set(zip(rows["surveyId"], rows["speciesId"], strict=True))


def test_check_finds_it_usable(tiny_tree: Path) -> None:
    report = check(tiny_tree, every=True)
    assert report.usable


def test_dataset_opens(tiny_tree: Path) -> None:
    data = open_dataset(tiny_tree)
    assert data.simulated
    assert data.world_version == VERSION
    assert len(data) == 80 + 24 + 200
    rows = np.flatnonzero((data.sites["source"] == "PA-train").to_numpy())
    assert data.modalities == simulated_modalities()
    for name in data.modalities:
        assert data.reader.available(name)[rows].all()
        assert data.reader.read(name, rows[:3]).shape == (3, *MODALITIES[name].shape)


@pytest.mark.usefixtures("small")
def test_a_table_cut_between_two_lines_is_refused(tmp_path: Path) -> None:
    write_tree(tmp_path / "tree", "small", workers=1)
    for name in ("GLC25_PA_metadata_train.csv", "EnvironmentalValues/Elevation/GLC25-PA-train-elevation.csv"):
        table = tmp_path / "tree" / name
        whole = table.read_bytes()
        table.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
        with pytest.raises(DataError, match=table.name):
            open_dataset(tmp_path / "tree")
        assert not check(tmp_path / "tree").usable
        table.write_bytes(whole)
    assert open_dataset(tmp_path / "tree").simulated


def test_names_of_files(tiny_tree: Path) -> None:
    assert (tiny_tree / "GLC25_P0_metadata_train.csv").exists()
    assert (tiny_tree / "SatelitePatches/PA-train/42/6/642.tiff").exists()
    cubes = tiny_tree / "SateliteTimeSeries-Landsat" / "cubes"
    assert (cubes / "PA-train/GLC25-PA-train-landsat-time-series_642_cube.pt").exists()
    assert len(list((cubes / "PA-test").glob("GLC25-PA-test-landsat_time_series_*_cube.pt"))) == 24
    assert len(list((cubes / "PO-train").glob("*/*/*.pt"))) >= 19
    assert len(list((tiny_tree / "SateliteTimeSeries-Landsat/values/PA-test").glob("*.csv"))) == 6
    assert len(list(tiny_tree.glob("EnvironmentalValues/*/*.csv"))) == 15


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return next(csv.reader(lines))


def test_metadata_columns(tiny_tree: Path) -> None:
    site = ["lon", "lat", "year", "geoUncertaintyInM", "areaInM2", "region", "country"]
    assert header(tiny_tree / "GLC25_PA_metadata_train.csv") == [*site, "speciesId", "surveyId"]
    assert header(tiny_tree / "GLC25_PA_metadata_test.csv") == [*site, "surveyId"]
    assert header(tiny_tree / "GLC25_P0_metadata_train.csv") == [
        "publisher", "year", "month", "day", "lat", "lon", "geoUncertaintyInM", "taxonRank", "date", "dayOfYear",
        "speciesId", "surveyId",
    ]  # fmt: skip


def test_quirks(tiny_tree: Path) -> None:
    land = pd.read_csv(tiny_tree / "EnvironmentalValues/LandCover/GLC25-PA-test-landcover.csv")
    test = pd.read_csv(tiny_tree / "GLC25_PA_metadata_test.csv")
    train = pd.read_csv(tiny_tree / "GLC25_PA_metadata_train.csv")
    assert land.columns[0] == "Unnamed: 0"
    assert test["surveyId"].is_monotonic_increasing
    assert land["surveyId"].tolist() != test["surveyId"].tolist()
    assert sorted(land["surveyId"]) == test["surveyId"].tolist()
    assert train.duplicated(["surveyId", "speciesId"]).any()
    assert train["speciesId"].isna().any()
    assert train["areaInM2"].isna().any() or np.isinf(train["areaInM2"]).any()
    assert not train["surveyId"].is_monotonic_increasing


def test_tree_holds_what_simulate_says(tiny_tree: Path) -> None:
    data = open_dataset(tiny_tree)
    row = int(np.flatnonzero((data.sites["survey_id"] == 642).to_numpy())[0])
    site = data.sites.iloc[row]
    survey = simulate(site["lon"], site["lat"], int(site["year"]), seed=0)
    for name, stored in survey.arrays.items():
        expected = np.where(stored == -1, np.nan, stored) if name == "patch" else stored
        np.testing.assert_allclose(data.reader.read(name, np.array([row]))[0], expected, rtol=1e-4, err_msg=name)


def test_values_agree_with_cubes(tiny_tree: Path) -> None:
    data = open_dataset(tiny_tree)
    row = int(np.flatnonzero((data.sites["survey_id"] == 642).to_numpy())[0])
    folder = tiny_tree / "SateliteTimeSeries-Landsat/values/PA-train"
    nir = pd.read_csv(folder / "GLC25-PA-train-landsat-time-series-nir.csv").set_index("surveyId").loc[642]
    cube = data.reader.read("landsat", np.array([row]))[0]
    np.testing.assert_allclose(nir["2007_3"], cube[3, 2, 7])
    monthly = pd.read_csv(tiny_tree / "BioclimTimeSeries/values/GLC25-PA-train-bioclimatic_monthly.csv")
    climate = data.reader.read("climate", np.array([row]))[0]
    assert monthly.set_index("surveyId").loc[642, "Bio-tas_07_2003"] == climate[1, 3, 6]


@pytest.mark.usefixtures("small")
def test_sizes_nest(tiny_tree: Path, tmp_path: Path) -> None:
    write_tree(tmp_path / "small", "small", seed=0, workers=1)
    few, many = labels(tmp_path / "small"), labels(tiny_tree)
    ids = {survey for survey, _ in few}
    assert len(ids) == SMALL.train
    assert few == {(survey, species) for survey, species in many if survey in ids}


@pytest.mark.usefixtures("small")
def test_fingerprint_is_stable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fingerprint(name: str, seed: int, workers: int, block: int, images: int | None) -> object:
        monkeypatch.setitem(SIZES, "small", Size(**{**vars(SMALL), "block": block}))
        write_tree(tmp_path / name, "small", seed, images, workers=workers)
        return read_json(tmp_path / name / "world.json")["fingerprint"]

    first = fingerprint("a", 0, 1, 5, None)
    assert fingerprint("b", 0, 1, 3, 0) == first
    assert fingerprint("c", 1, 1, 5, 0) != first


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_several_processes_write_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "small", Size(**{**vars(SMALL), "block": 1}))
    for name, workers in (("one", 1), ("two", 2)):
        write_tree(tmp_path / name, "small", seed=0, workers=workers)
    files = {p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file()}
    assert files == {p.relative_to(tmp_path / "two") for p in (tmp_path / "two").rglob("*") if p.is_file()}
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.usefixtures("small")
def test_images_limits_files_and_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    write_tree(tmp_path / "few", "small", images=2, report=lambda *step: seen.append(step), workers=1)
    assert len(list((tmp_path / "few/SatelitePatches/PA-train").rglob("*.tiff"))) == 2
    assert (
        len(pd.read_csv(tmp_path / "few/EnvironmentalValues/Elevation/GLC25-PA-train-elevation.csv"))
        == SMALL.train
    )
    total = SMALL.train + SMALL.near + SMALL.far + SMALL.po
    assert seen[-1] == (total, total, "tables")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="expected tiny, demo, medium, full"):
        write_tree(tmp_path / "x", "huge")
    with pytest.raises(DataError, match="cannot be negative"):
        write_tree(tmp_path / "x", "tiny", images=-1)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    with pytest.raises(DataError, match="something is there already"):
        write_tree(tmp_path / "taken", "tiny")
    (tmp_path / "mine-truth").mkdir()
    with pytest.raises(DataError, match="something else is already there"):
        write_tree(tmp_path / "mine", "tiny")


@pytest.mark.usefixtures("small")
def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no space")

    monkeypatch.setattr("sdm.virtual_europe.write.tree.join_parts", fail)
    with pytest.raises(RuntimeError):
        write_tree(tmp_path / "broken", "small", workers=1)
    assert list(tmp_path.iterdir()) == []
    assert not truth_folder(tmp_path / "broken").exists()
