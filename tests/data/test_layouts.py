"""Trees as people have them read like the tree as it is published, and what is not read is named."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sdm.__main__ import main
from sdm.data.check import check
from sdm.data.check_finding import Finding
from sdm.data.dataset import Dataset
from sdm.data.find_tree import find_tree
from sdm.data.open import open_dataset
from sdm.data.store import list_tree
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.formats.archives import unpack
from tests.data import trees, trees_2024
from tests.data.tree_variants import VARIANTS_2024, VARIANTS_2025, compressed, deeper, move


def assert_same(found: Dataset, expected: Dataset) -> None:
    pd.testing.assert_frame_equal(found.sites, expected.sites)
    assert found.fingerprint == expected.fingerprint and found.modalities == expected.modalities
    rows = np.arange(len(expected))
    for name in expected.modalities:
        np.testing.assert_array_equal(found.available(name), expected.available(name))
        np.testing.assert_array_equal(found.reader.read(name, rows), expected.reader.read(name, rows))


def findings(tree: Path) -> dict[str, Finding]:
    return {finding.subject: finding for finding in check(tree).findings}


@pytest.fixture(scope="module")
def subjects(tree: Path) -> set[str]:
    """What a check of the published tree reports on."""
    return set(findings(tree))


@pytest.mark.parametrize("variant", VARIANTS_2025)
def test_a_variant_of_2025_reads_like_the_published_tree(
    own_tree: Path, dataset: Dataset, subjects: set[str], variant: str
) -> None:
    VARIANTS_2025[variant](own_tree)
    assert_same(open_tree(own_tree), dataset)
    report = check(own_tree)
    assert report.usable
    assert {finding.subject for finding in report.findings} <= subjects, "nothing is wrong, lacking or left unread"


@pytest.fixture(scope="module")
def published_2024(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return open_tree(trees_2024.write_tree(tmp_path_factory.mktemp("2024") / "own"))


@pytest.mark.parametrize("variant", VARIANTS_2024)
def test_a_variant_of_2024_reads_like_the_published_tree(
    tmp_path: Path, published_2024: Dataset, variant: str
) -> None:
    tree = trees_2024.write_tree(tmp_path / "own")
    VARIANTS_2024[variant](tree)
    assert_same(open_tree(tree), published_2024)
    assert not [finding for finding in check(tree).findings if finding.level == "wrong"]


def test_each_survey_comes_from_its_cube_or_else_from_the_tables(own_tree: Path) -> None:
    trees.write_values(own_tree, "PA-train")
    changed = trees.landsat(1) / 2
    trees.write_cube(trees.landsat_path(own_tree, "PA-train", 1), changed)
    trees.landsat_path(own_tree, "PA-train", 642).unlink()
    data = open_tree(own_tree)
    rows = np.array([data.row_of(k, "PA-train") for k in (642, 1, 9999, 642)])
    values = data.reader.read("landsat", rows)
    np.testing.assert_array_equal(values[[0, 3]], [trees.landsat(642)] * 2)
    np.testing.assert_array_equal(values[1], changed)
    assert np.isnan(values[2]).all()
    assert data.available("landsat")[rows].tolist() == [True, True, False, True]


def test_one_cube_hides_no_table(own_tree: Path, dataset: Dataset) -> None:
    trees.write_values(own_tree, "PA-train")
    for survey_id in (1, 642, 3256, 3018575):
        trees.landsat_path(own_tree, "PA-train", survey_id).unlink()
    assert_same(open_tree(own_tree), dataset)


def test_the_folder_above_names_the_one_tree_in_it(own_tree: Path, dataset: Dataset) -> None:
    assert_same(open_dataset(own_tree.parent), dataset)
    assert open_dataset(own_tree.parent).place == own_tree
    assert find_tree(own_tree.parent).root == own_tree
    assert list_tree(own_tree) == list_tree(own_tree.parent)
    trees_2024.write_tree(own_tree.parent / "glc24")
    with pytest.raises(DataError, match="several") as caught:
        open_dataset(own_tree.parent)
    assert "glc24, own" in str(caught.value) and str(own_tree.parent / "glc24") in str(caught.value.remedy)


def test_a_folder_of_the_tree_names_the_tree(own_tree: Path) -> None:
    with pytest.raises(DataError, match="no metadata table") as caught:
        open_dataset(own_tree / "SatelitePatches")
    assert str(own_tree) in str(caught.value.remedy)


def test_of_two_editions_in_one_folder_the_newer_is_opened_and_the_other_named(
    own_tree: Path, dataset: Dataset
) -> None:
    trees_2024.write_tree(own_tree.parent / "other")
    for path in list((own_tree.parent / "other").iterdir()):
        path.rename(own_tree / path.name)
    assert_same(open_tree(own_tree), dataset)
    assert findings(own_tree)["tables of GeoLifeCLEF 2024"].count == 3


def test_an_archive_is_named_with_the_command_that_unpacks_it(
    own_tree: Path, dataset: Dataset, tmp_path: Path
) -> None:
    folder, archive = own_tree / "SatelitePatches", own_tree / "SatelitePatches.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.rglob("*.tiff"):
            file.write(path, path.relative_to(own_tree))
    assert "archives that are not unpacked" not in findings(own_tree), "its folder is there"
    folder.rename(tmp_path / "away")
    finding = findings(own_tree)["archives that are not unpacked"]
    assert finding.count == 1 and f"unpack {archive} {folder}" in finding.detail
    unpack(archive, folder)
    assert_same(open_tree(own_tree), dataset)


def test_a_folder_with_nothing_but_an_archive_names_the_command(tmp_path: Path) -> None:
    archive = tmp_path / "geolifeclef 2025.zip"
    archive.write_bytes(b"PK\5\6" + bytes(18))
    for place in (tmp_path, archive):
        with pytest.raises(DataError) as caught:
            open_dataset(place)
        assert f"unpack '{archive}' '{archive.with_suffix('')}'" in str(caught.value.remedy)


def test_what_is_not_read_is_named(own_tree: Path) -> None:
    (own_tree / "7001.tiff").write_bytes(b"x")
    (own_tree / "bands_of_77_cube.pt").write_bytes(b"x")
    (own_tree / "GLC25-PA-train-snow.csv").write_text("surveyId\n1\n")
    (own_tree / "GLC24-PA-train-landsat_time_series_1_cube.pt").write_bytes(b"x")  # without metadata of 2024
    move(own_tree / "7001.tiff", own_tree / "pa_train_patches_rgb" / "7001.jpeg")
    (own_tree / "7001.tiff").write_bytes(b"x")
    (own_tree / "notes2.txt").write_text("x")
    compressed("gz")(own_tree)
    soil = own_tree / "EnvironmentalValues/SoilGrids/GLC25-PA-train-soilgrids.csv"
    soil.write_bytes(gzip.decompress(soil.with_name(f"{soil.name}.gz").read_bytes()))
    found = findings(own_tree)
    unknown, twice = found["files of no known layout"], found["tables that occur twice"]
    assert unknown.count == 5 and "GLC25-PA-train-snow.csv.gz" in unknown.detail and "{id}.tiff" in unknown.detail
    assert twice.count == 1 and f"{soil.name}.gz" in twice.detail


def test_a_folder_in_the_place_of_a_table_is_no_table(own_tree: Path) -> None:
    (own_tree / "GLC25_PA_metadata_test.csv").unlink()
    (own_tree / "GLC25_PA_metadata_test.csv").mkdir()
    assert findings(own_tree)["PA-test metadata"].level == "missing"


def test_what_is_downloaded_later_is_found(own_tree: Path) -> None:
    (own_tree / "SatelitePatches").rename(own_tree.parent / "away")
    assert "patch" not in open_tree(own_tree).modalities
    (own_tree.parent / "away").rename(own_tree / "SatelitePatches")
    assert "patch" in open_tree(own_tree).modalities


def test_the_command_checks_a_variant(own_tree: Path) -> None:
    deeper(own_tree)
    result = CliRunner().invoke(main, ["check", str(own_tree)])
    assert result.exit_code == 0 and "usable" in result.output
