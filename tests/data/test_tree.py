"""A tree in the real format becomes the data set it describes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sdm.data.tree as tree_module
from sdm.data import find_tree
from sdm.data.array_sources import DECODERS, decode_geotiff
from sdm.data.dataset import Dataset
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.modalities import MODALITIES, PATCH
from sdm.modalities.layouts import FileLayout
from tests.data import trees


def labels_of(dataset: Dataset, row: int) -> set[int]:
    return set(dataset.targets.class_ids[dataset.targets.values[[row]].indices].tolist())


def test_one_row_per_survey_and_source(dataset: Dataset) -> None:
    keys = list(zip(dataset.sites["source"], dataset.sites["survey_id"], strict=True))
    assert keys == [(source, k) for source in trees.SURVEYS for k in sorted(trees.SURVEYS[source])]


def test_labels_hold_every_species_once(dataset: Dataset) -> None:
    assert dataset.targets.class_ids.tolist() == trees.SPECIES
    for (source, survey_id), species in trees.LABELS.items():
        row = dataset.row_of(survey_id, source)
        assert labels_of(dataset, row) == species
        assert dataset.targets.known[row] == bool(species)
    assert set(dataset.targets.values.data.tolist()) == {1}
    assert not dataset.targets.known[dataset.rows("test_near")].any()


def test_sites_are_cleaned(dataset: Dataset) -> None:
    sites = dataset.sites.set_index(["source", "survey_id"])
    assert sites.loc[("PA-train", 1), "area_m2"] == 400
    assert sites.loc[[("PA-train", 642), ("PA-train", 3256), ("PA-test", 800001)], "area_m2"].isna().all()
    assert sites.loc[("PA-train", 9999), "country"] == "Slovakia"
    assert sites.loc[("PA-train", 5000108), "region"] == "BLACKSEA"
    assert pd.isna(sites.loc[("PO-train", 400123), "country"])
    assert sites.loc[("PO-train", 400123), "year"] == 2021
    assert sites.loc[("PA-test", 77), ["lon", "lat"]].tolist() == [7.333, 46.23]


def test_splits(dataset: Dataset) -> None:
    sites = dataset.sites.set_index(["source", "survey_id"])
    assert sites.loc[("PA-test", 2), "split_block"] == "test_near"
    assert sites.loc[("PA-test", 800001), "split_block"] == "test_near", "Slovakia is the Slovak Republic"
    assert sites.loc[("PA-test", 77), "split_block"] == "test_far"
    assert set(sites.loc["PO-train", "split_random"]) == {"po"}
    assert {"train", "validation"} <= set(sites.loc["PA-train", "split_block"])


def test_arrays_are_those_written(dataset: Dataset) -> None:
    for source, survey_id in trees.with_files():
        row = np.array([dataset.row_of(survey_id, source)])
        patch = trees.patch(survey_id).astype(np.float32)
        patch[patch == -1] = np.nan
        np.testing.assert_array_equal(dataset.reader.read("patch", row)[0], patch)
        np.testing.assert_array_equal(dataset.reader.read("landsat", row)[0], trees.landsat(survey_id))
        np.testing.assert_array_equal(dataset.reader.read("climate", row)[0], trees.climate(survey_id))


def test_environment_is_joined_by_id(dataset: Dataset) -> None:
    for source, survey_id in trees.with_files():
        if source != "PO-train":
            values = dataset.reader.read("environment", np.array([dataset.row_of(survey_id, source)]))[0]
            np.testing.assert_allclose(values, trees.environment(survey_id), rtol=1e-6)


def test_surveys_without_files_are_nan(dataset: Dataset) -> None:
    rows = np.array([dataset.row_of(survey_id, source) for source, survey_id in sorted(trees.WITHOUT_FILES)])
    for modality in dataset.modalities:
        assert np.isnan(dataset.reader.read(modality, rows)).all()
        assert not dataset.reader.available(modality)[rows].any()
    having = len(trees.with_files())
    assert [int(dataset.reader.available(m).sum()) for m in ("patch", "landsat", "climate")] == [having] * 3


def test_a_batch_keeps_the_order_asked_for(dataset: Dataset) -> None:
    rows = np.array([8, 0, 4, 0])
    together = dataset.reader.read("landsat", rows)
    for i, row in enumerate(rows):
        np.testing.assert_array_equal(together[i], dataset.reader.read("landsat", np.array([row]))[0])


def test_names_stay_data(dataset: Dataset) -> None:
    classes = dataset.targets.classes.set_index("class_id")
    assert classes.loc[30, "name"] == trees.HOSTILE
    assert classes.loc[7, "name"] == "7"
    assert classes.loc[10, ["name", "family"]].tolist() == ["Planta numero10", "Plantaceae"]


def test_without_species_table_ids_are_names(own_tree: Path) -> None:
    (own_tree / "species.csv").unlink()
    classes = open_tree(own_tree).targets.classes
    assert classes["name"].tolist() == [str(k) for k in trees.SPECIES]
    assert "family" not in classes


def test_spellings_of_folders_and_tables(tmp_path: Path, dataset: Dataset) -> None:
    other = open_tree(trees.write_tree(tmp_path, patches="SatellitePatches", presence_only="PO"))
    np.testing.assert_array_equal(other.reader.available("patch"), dataset.reader.available("patch"))
    assert other.fingerprint == dataset.fingerprint


def test_a_table_in_two_spellings_is_read_once(own_tree: Path, dataset: Dataset) -> None:
    trees.write_presence_only(own_tree / "GLC25_PO_metadata_train.csv")
    assert open_tree(own_tree).fingerprint == dataset.fingerprint


def test_another_edition_is_only_rows(own_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables, names, nesting and decoder of an edition are rows; the newest edition in a tree is taken."""
    for path in own_tree.glob("GLC25_*"):
        path.rename(own_tree / path.name.replace("GLC25", "GLC99"))
    (own_tree / "SatelitePatches").rename(own_tree / "PA_Patches")
    metadata = tuple(
        replace(row, edition=2099, name=row.name.replace("GLC25", "GLC99")) for row in find_tree.METADATA
    )
    patches = FileLayout(2099, "PA-train", ("PA_Patches/PA-train/{id}.tiff",), "halved")
    altered = replace(PATCH, layouts=(*PATCH.layouts, patches))
    monkeypatch.setattr(find_tree, "METADATA", find_tree.METADATA + metadata)
    monkeypatch.setitem(MODALITIES.listed, "patch", altered)
    monkeypatch.setitem(tree_module.EDITIONS, 2099, "GeoLifeCLEF 2099")
    monkeypatch.setitem(DECODERS, "halved", lambda paths, modality: decode_geotiff(paths, modality) / 2)
    dataset = open_tree(own_tree)
    assert dataset.title == "GeoLifeCLEF 2099" and dataset.reader.available("patch").sum() == 5
    row = np.array([dataset.row_of(3018575, "PA-train")])
    assert np.nanmax(dataset.reader.read("patch", row)) == trees.patch(3018575).max() / 2
    assert dataset.modalities == ("patch",) and not dataset.available("landsat").any()


def test_value_tables_equal_cubes(own_tree: Path) -> None:
    cubes = open_tree(own_tree)
    trees.write_values(own_tree, "PA-train")
    rows = np.flatnonzero((cubes.sites["source"] == "PA-train").to_numpy())
    expected = {name: cubes.reader.read(name, rows) for name in ("landsat", "climate")}
    have = {name: cubes.reader.available(name)[rows] for name in expected}
    (own_tree / "SateliteTimeSeries-Landsat/cubes").rename(own_tree / "landsat-away")
    (own_tree / "BioclimTimeSeries/cubes").rename(own_tree / "climate-away")
    (own_tree / "BioclimTimeSeries/cubes/PA-train").mkdir(parents=True)  # a download that stopped at once
    tables = open_tree(own_tree)
    for name, values in expected.items():
        np.testing.assert_array_equal(tables.reader.read(name, rows), values)
        np.testing.assert_array_equal(tables.reader.available(name)[rows], have[name])


def test_fingerprint_is_of_ids_species_and_labels(own_tree: Path, dataset: Dataset) -> None:
    assert open_tree(own_tree).fingerprint == dataset.fingerprint
    path = own_tree / "GLC25_PA_metadata_train.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert open_tree(own_tree).fingerprint == dataset.fingerprint, "the order of rows tells nothing"
    path.write_text(path.read_text().replace(",42,", ",43,"))
    assert open_tree(own_tree).fingerprint != dataset.fingerprint


def test_a_simulated_tree_says_so(own_tree: Path) -> None:
    world = {"simulated": True, "world_version": 3, "title": "A virtual island"}
    (own_tree / "world.json").write_text(json.dumps(world))
    dataset = open_tree(own_tree)
    assert (dataset.simulated, dataset.world_version, dataset.title) == (True, "3", "A virtual island")


def test_column_order_and_separator_tell_nothing(own_tree: Path, dataset: Dataset) -> None:
    path = own_tree / "GLC25_PA_metadata_train.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.iloc[:, ::-1].to_csv(path, sep=";", encoding="utf-8-sig", index=True)
    again = open_tree(own_tree)
    pd.testing.assert_frame_equal(again.sites, dataset.sites)
    assert again.fingerprint == dataset.fingerprint


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_no_tree_is_one_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match=r"folder|metadata"):
        open_tree(tmp_path / name)


@pytest.mark.real
def test_the_real_partial_tree(real_tree: Path) -> None:
    dataset = open_tree(real_tree)
    assert dataset.splits() == {"test": 14784}
    assert dataset.targets.width == 0 and not dataset.targets.known.any()
    assert {m: int(dataset.reader.available(m).sum()) for m in dataset.modalities} == {
        "patch": 1,
        "landsat": 1,
        "climate": 1,
    }
    row = np.array([dataset.row_of(5000108)])
    means = dataset.reader.read("patch", row).mean(axis=(0, 2, 3))
    np.testing.assert_allclose(means, [585.5, 675.9, 411.4, 3653.9], atol=0.05)
    assert "Slovak Republic" not in set(dataset.sites["country"])
