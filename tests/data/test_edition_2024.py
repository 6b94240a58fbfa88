"""The tree of GeoLifeCLEF 2024 reads like that of 2025."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdm.data.check import check
from sdm.data.open import open_dataset
from sdm.data.store import open_store, write_store
from sdm.data.tree import open_tree
from sdm.errors import DataError, NotDownloadedError
from sdm.formats.jpeg import STORED, read_jpeg_pair
from sdm.modalities import ENVIRONMENT
from sdm.modalities.layouts import nest
from tests.data import trees, trees_2024
from tests.data.trees_2024 import LEVELS, patch_paths

TEST_ROW, SURVEYS = 2, 5


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return trees_2024.write_tree(tmp_path / "glc24")


def test_everything_is_found(tree: Path) -> None:
    data = open_tree(tree)
    assert data.title == "GeoLifeCLEF 2024"
    assert data.sites["source"].value_counts().to_dict() == {"PA-train": 2, "PO-train": 2, "PA-test": 1}
    assert data.modalities == ("patch", "landsat", "climate", "environment", "wide_patch")
    for modality in data.modalities:
        assert data.reader.available(modality).all(), modality
    values = data.reader.read("patch", np.arange(SURVEYS))
    assert values.shape == (SURVEYS, 4, 64, 64)
    np.testing.assert_allclose(values.mean(axis=(2, 3)), STORED[[LEVELS] * SURVEYS], atol=60)
    for row, survey_id in enumerate(data.sites["survey_id"]):
        np.testing.assert_array_equal(data.reader.read("landsat", np.array([row]))[0], trees.landsat(survey_id))
        np.testing.assert_array_equal(data.reader.read("climate", np.array([row]))[0], trees.climate(survey_id))
    environment = data.reader.read("environment", np.arange(SURVEYS))
    known = np.isfinite(environment).all(axis=0)
    assert known.sum() == 20 and (environment[:, ENVIRONMENT.channels.index("Elevation")] == 321).all()


def test_it_is_checked_packed_and_read_back(tree: Path, tmp_path: Path) -> None:
    assert not [finding for finding in check(tree).findings if finding.level == "wrong"]
    write_store(open_dataset(tree), tmp_path / "store")
    stored = open_store(tmp_path / "store")
    np.testing.assert_array_equal(
        stored.reader.read("patch", np.arange(SURVEYS)), open_tree(tree).reader.read("patch", np.arange(SURVEYS))
    )


@pytest.mark.parametrize("absent", [0, 1])
def test_bands_of_a_missing_picture_are_nan(tree: Path, absent: int) -> None:
    whole = open_tree(tree).reader.read("patch", np.array([TEST_ROW]))
    patch_paths(tree, "PA-test", 5)[absent].unlink()
    data = open_tree(tree)
    values = data.reader.read("patch", np.array([TEST_ROW]))
    assert data.available("patch").all()
    without = [[0, 1, 2], [3]][absent]
    assert np.isnan(values[:, without]).all()
    np.testing.assert_array_equal(np.delete(values, without, axis=1), np.delete(whole, without, axis=1))
    findings = [f for f in check(tree).findings if f.subject == "PA-test patch files"]
    assert [(f.level, f.count, f.of) for f in findings] == [("missing", 0, 1)]


def test_other_files_are_told(tree: Path, tmp_path: Path) -> None:
    colour, infrared = patch_paths(tree, "PA-test", 5)
    with pytest.raises(DataError, match="got RGB"):
        read_jpeg_pair(colour, colour, 64)
    with pytest.raises(NotDownloadedError):
        read_jpeg_pair(tmp_path / "none.jpeg", infrared, 64)
    colour.write_bytes(b"no picture")
    with pytest.raises(DataError, match="readable JPEG"):
        read_jpeg_pair(colour, infrared, 64)
    Image.new("RGB", (64, 64)).save(tmp_path / "small.jpeg")
    with pytest.raises(DataError, match="64 x 64"):
        read_jpeg_pair(tmp_path / "small.jpeg", infrared, 64)
    whole = patch_paths(tree, "PA-train", 212)[0]
    whole.write_bytes(whole.read_bytes()[:200])
    with pytest.raises(DataError):
        read_jpeg_pair(*patch_paths(tree, "PA-train", 212), 64)


def test_the_names_that_code_for_presence_only_records_reads(tmp_path: Path) -> None:
    """Folders and files with hyphens, tables in PA-train-landsat_time_series/ and Climate/Monthly/, and cubes of
    presence-only records nested by id."""
    tree = trees_2024.write_tree(tmp_path / "glc24")
    shutil.rmtree(tree / trees_2024.CUBES)
    trees_2024.write_series_tables(tree)
    by_tables = open_tree(tree)
    rows = np.arange(SURVEYS)
    expected = {name: by_tables.reader.read(name, rows) for name in ("landsat", "climate")}
    shutil.rmtree(tree / "PA-train-landsat_time_series")
    shutil.rmtree(tree / trees_2024.RASTERS / "Climate" / "Monthly")
    for source, surveys in trees_2024.SURVEYS.items():
        for survey_id in surveys:
            nested = nest(survey_id) if source == "PO-train" else ""
            for series, values in (("landsat", trees.landsat), ("bioclimatic", trees.climate)):
                name = f"GLC24-{source}-{series}-{'time-series' if series == 'landsat' else 'monthly'}"
                trees.write_cube(tree / name / nested / f"{name}_{survey_id}_cube.pt", values(survey_id))
    by_cubes = open_tree(tree)
    for name, values in expected.items():
        assert by_cubes.available(name).all()
        np.testing.assert_allclose(by_cubes.reader.read(name, rows), values, rtol=1e-4)
        np.testing.assert_array_equal(np.isnan(values), np.isnan(by_cubes.reader.read(name, rows)))
    for row in by_cubes.rows("po"):
        assert np.isfinite(by_cubes.reader.read("patch", np.array([row]))).all()
