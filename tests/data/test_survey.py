"""A dossier tells all there is of a survey, whatever is missing or damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.patch_position import lies_elsewhere
from sdm.data.store import pack
from sdm.data.survey import NOT_DOWNLOADED, dossier
from sdm.data.survey_summary import facts, to_json, to_text
from sdm.data.tree import expected_modalities, open_tree
from sdm.modalities import CLIMATE
from tests.data import trees
from tests.datasets import DATASETS


def test_a_whole_survey(dataset: Dataset) -> None:
    found = dossier(dataset, dataset.row_of(1, "PA-train"))
    assert (found.survey_id, found.source, found.lon, found.lat, found.year) == (
        1,
        "PA-train",
        10.033,
        57.121,
        2018,
    )
    assert (found.area_m2, found.country, found.region) == (400, "Denmark", "CONTINENTAL")
    assert [entry.class_id for entry in found.recorded] == [10, 20] and found.known
    assert found.recorded[0].name == "Planta numero10"
    assert set(found.values) == set(expected_modalities(dataset))
    assert set(found.notes) == set(found.values) - set(dataset.modalities)
    np.testing.assert_array_equal(found.values["landsat"], trees.landsat(1))
    assert found.checks["patch position"].startswith("agrees")
    assert found.patch_offset_m is not None and not lies_elsewhere(found.patch_offset_m)
    assert found.checks["climate order"].startswith("agrees")
    assert found.split["random"] in ("train", "validation")


def test_a_survey_without_files(dataset: Dataset) -> None:
    found = dossier(dataset, dataset.row_of(400124, "PO-train"))
    assert found.notes == dict.fromkeys(expected_modalities(dataset), NOT_DOWNLOADED)
    assert all(values is None for values in found.values.values())
    assert (found.country, found.area_m2, found.known, found.recorded, found.checks) == (None, None, False, (), {})


@pytest.mark.parametrize("packed", [False, True], ids=["tree", "store"])
def test_damage_is_a_note_and_the_rest_goes_on(own_tree: Path, tmp_path: Path, packed: bool) -> None:
    path = own_tree / "SatelitePatches/PA-train/1/1.tiff"
    path.write_bytes(path.read_bytes()[:900])
    dataset = open_dataset(pack(own_tree, tmp_path / "s").place) if packed else open_tree(own_tree)
    found = dossier(dataset, dataset.row_of(1, "PA-train"))
    assert set(found.notes) - {"patch"} == set(found.values) - set(dataset.modalities)
    assert str(path) in found.notes["patch"]
    assert found.values["climate"] is not None and "patch position" not in found.checks


def test_a_file_newer_than_the_store(own_tree: Path, tmp_path: Path) -> None:
    dataset = open_dataset(pack(own_tree, tmp_path / "s").place)
    trees.write_cube(trees.landsat_path(own_tree, "PA-train", 9999), trees.landsat(9999))
    assert "pack" in dossier(dataset, dataset.row_of(9999, "PA-train")).notes["landsat"]


def test_a_store_whose_tree_is_gone(own_tree: Path, tmp_path: Path) -> None:
    place = pack(own_tree, tmp_path / "s").place
    own_tree.rename(tmp_path / "elsewhere")
    dataset = open_dataset(place)
    whole, bare = (dossier(dataset, dataset.row_of(k, "PA-train")) for k in (1, 9999))
    assert whole.values["patch"] is not None and "patch position" not in whole.checks
    assert bare.notes == dict.fromkeys(expected_modalities(dataset), NOT_DOWNLOADED)


def test_a_patch_that_is_not_where_it_should_be(own_tree: Path) -> None:
    trees.write_patch(own_tree / "SatelitePatches/PA-train/1/1.tiff", trees.patch(1), 12.0, 57.121)
    dataset = open_tree(own_tree)
    moved = dossier(dataset, dataset.row_of(1, "PA-train"))
    assert moved.checks["patch position"].startswith("DISAGREES")
    assert lies_elsewhere(moved.patch_offset_m) and to_json(moved)["patch_offset_m"] == moved.patch_offset_m
    assert "it shows another place" in to_text(moved)


def test_channels_in_another_order() -> None:
    values = trees.climate(1)
    rule = CLIMATE.channel_order
    assert rule is not None
    assert rule.holds(values) is True
    assert rule.holds(values[[0, 2, 1, 3]]) is False
    assert rule.holds(np.full_like(values, np.nan)) is None


def test_all_missing_is_not_the_same_as_not_downloaded(own_tree: Path) -> None:
    trees.write_cube(trees.landsat_path(own_tree, "PA-train", 1), np.full((6, 4, 21), np.nan, np.float32))
    dataset = open_tree(own_tree)
    assert "missing" in dossier(dataset, dataset.row_of(1, "PA-train")).notes["landsat"]


@pytest.mark.parametrize("kind", DATASETS)
def test_every_kind_of_target(kind: str) -> None:
    dataset = DATASETS[kind]()
    found = dossier(dataset, 5)
    if kind == "regression":
        assert found.target == pytest.approx(float(dataset.targets.values[5])) and found.unit == "lime 1..9"
    else:
        assert found.recorded and found.target is None
    assert not dossier(dataset, 11).known and not dossier(dataset, 11).recorded


def test_facts_in_true_units(dataset: Dataset) -> None:
    found = facts(dossier(dataset, dataset.row_of(1, "PA-train")))
    told = {name: {fact.name: fact.value for fact in entries} for name, entries in found.items()}
    patch = np.where(trees.patch(1) == -1, np.nan, trees.patch(1)).astype(float)
    assert told["patch"]["red"] == pytest.approx(np.nanmean(patch[0]) / 10_000, rel=1e-4)
    assert told["patch"]["NDVI"] == pytest.approx(
        np.nanmean((patch[3] - patch[0]) / (patch[3] + patch[0])), rel=1e-4
    )
    assert told["patch"]["valid"] == pytest.approx(100 * (1 - 6 / 4096))
    climate = trees.climate(1).astype(float)
    assert told["climate"]["precipitation a year"] == pytest.approx(climate[0].sum(axis=1).mean() / 100, rel=1e-4)
    assert told["climate"]["mean temperature 2000-2018"] == pytest.approx(
        climate[1].mean() / 10 - 273.15, abs=0.01
    )
    assert told["landsat"]["last year"] == 2017 and told["landsat"]["quarters seen of 84"] == 72
    assert told["environment"]["Soilgrid-phh2o"] == pytest.approx(trees.environment(1)[38] / 10, abs=1e-3)


def test_text_and_json(dataset: Dataset) -> None:
    found = dossier(dataset, dataset.row_of(3256, "PA-train"))
    text = to_text(found)
    assert "survey 3256, PA-train" in text and "Netherlands" in text and "precipitation a year" in text
    assert len(text.splitlines()) == 8 + len(expected_modalities(dataset)), (
        "a name with a line break stays on its line"
    )
    value = json.loads(json.dumps(to_json(found), allow_nan=False))
    assert value["recorded"] == [{"class_id": 30, "name": trees.HOSTILE}]
    assert {entry["name"] for entry in value["modalities"]["patch"]} >= {"red", "NDVI"}
    assert "simulated" in to_text(replace(found, simulated=True))
    assert "2.23000° W" in to_text(replace(found, lon=-2.23))


@pytest.mark.parametrize("row", range(12))
def test_every_survey_has_text_and_json(dataset: Dataset, row: int) -> None:
    found = dossier(dataset, row)
    assert str(found.survey_id) in to_text(found)
    json.dumps(to_json(found), allow_nan=False)


@pytest.mark.real
def test_the_real_survey(real_tree: Path) -> None:
    dataset = open_tree(real_tree)
    found = dossier(dataset, dataset.row_of(5000108))
    assert found.notes == {"environment": NOT_DOWNLOADED}
    assert found.checks["patch position"] == "agrees: its centre lies 5 m from the survey"
    told = {fact.name: fact.value for fact in facts(found)["climate"]}
    assert told["mean temperature 2000-2018"] == pytest.approx(10.1, abs=0.1)  # English Midlands
    assert told["precipitation a year"] == pytest.approx(741, abs=1)
