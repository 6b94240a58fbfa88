"""The tree of GeoLifeCLEF 2024 reads like that of 2025."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from sdm.data.check import check
from sdm.data.open import open_dataset
from sdm.data.store import open_store, write_store
from sdm.data.tree import open_tree
from sdm.errors import DataError, NotDownloadedError
from sdm.formats.jpeg import STORED, read_jpeg_pair
from sdm.modalities import CLIMATE, ENVIRONMENT, LANDSAT
from sdm.modalities.layouts import nest

SURVEYS = {"train": {212: [3, 42], 3018575: [42]}, "test": {5: None}}
LEVELS = (30, 60, 20, 140)  # red, green, blue, near infrared of every survey's picture

CLIMATE_LEVELS = torch.tensor([8000.0, 2830, 2900, 2760]).reshape(4, 1, 1)  # rain, then mean, highest, lowest


def patch_paths(root: Path, split: str, survey_id: int) -> tuple[Path, Path]:
    def path(kind: str) -> Path:
        top = root / f"PA_{split.capitalize()}_SatellitePatches_{kind.upper()}" / f"pa_{split}_patches_{kind}"
        return top / nest(survey_id) / f"{survey_id}.jpeg"

    return path("rgb"), path("nir")


def write_patch(root: Path, split: str, survey_id: int) -> None:
    colour, infrared = patch_paths(root, split, survey_id)
    for path, picture in (
        (colour, Image.new("RGB", (128, 128), LEVELS[:3])),
        (infrared, Image.new("L", (128, 128), LEVELS[3])),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, quality=100, subsampling=0)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "glc24"
    root.mkdir()
    for split, surveys in SURVEYS.items():
        rows = [(survey, species) for survey, found in surveys.items() for species in found or [None]]
        table = pd.DataFrame(rows, columns=["surveyId", "speciesId"]).assign(
            lon=9.5, lat=56.2, year=2019, areaInM2=100.0, country="Denmark", region="CONTINENTAL"
        )
        table = table if split == "train" else table.drop(columns="speciesId")
        table.to_csv(root / f"GLC24_PA_metadata_{split}.csv", index=False)
        cubes = root / "TimeSeries-Cubes/TimeSeries-Cubes"
        stems = {"train": "landsat-time-series", "test": "landsat_time_series"}
        for survey in surveys:
            write_patch(root, split, survey)
            for folder, stem, shape, level in (
                ("landsat_time_series", stems[split], LANDSAT.shape, torch.tensor(40.0)),
                ("bioclimatic_monthly", "bioclimatic_monthly", CLIMATE.shape, CLIMATE_LEVELS),
            ):
                path = cubes / f"GLC24-PA-{split}-{folder}" / f"GLC24-PA-{split}-{stem}_{survey}_cube.pt"
                path.parent.mkdir(parents=True, exist_ok=True)
                torch.save(level.expand(shape).clone(), path)
        elevation = root / "EnvironmentalRasters/EnvironmentalRasters/Elevation"
        elevation.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"surveyId": list(surveys), "Elevation": 321.0}).to_csv(
            elevation / f"GLC24-PA-{split}-elevation.csv", index=False
        )
    return root


def test_everything_is_found(tree: Path) -> None:
    data = open_tree(tree)
    assert data.title == "GeoLifeCLEF 2024"
    assert len(data.sites) == 3
    for modality in data.modalities:
        assert data.reader.available(modality).all(), modality
    values = data.reader.read("patch", np.arange(3))
    assert values.shape == (3, 4, 64, 64)
    np.testing.assert_allclose(values[0].mean(axis=(1, 2)), STORED[list(LEVELS)], atol=60)
    assert float(data.reader.read("landsat", np.array([2]))[0, 0, 0, 0]) == 40
    elevation = ENVIRONMENT.channels.index("Elevation")
    environment = data.reader.read("environment", np.array([0]))[0]
    assert environment[elevation] == 321
    assert np.isnan(np.delete(environment, elevation)).all()


def test_it_is_checked_packed_and_read_back(tree: Path, tmp_path: Path) -> None:
    assert not [finding for finding in check(tree).findings if finding.level == "wrong"]
    write_store(open_dataset(tree), tmp_path / "store")
    stored = open_store(tmp_path / "store")
    np.testing.assert_array_equal(
        stored.reader.read("patch", np.arange(3)), open_tree(tree).reader.read("patch", np.arange(3))
    )


def test_a_missing_near_infrared_is_nan(tree: Path) -> None:
    whole = open_tree(tree).reader.read("patch", np.array([2]))
    patch_paths(tree, "test", 5)[1].unlink()
    data = open_tree(tree)
    values = data.reader.read("patch", np.array([2]))
    assert data.available("patch").all()
    assert np.isnan(values[:, 3]).all()
    np.testing.assert_array_equal(values[:, :3], whole[:, :3])


def test_other_files_are_told(tree: Path, tmp_path: Path) -> None:
    colour, infrared = patch_paths(tree, "test", 5)
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
    whole = patch_paths(tree, "train", 212)[0]
    whole.write_bytes(whole.read_bytes()[:200])
    with pytest.raises(DataError):
        read_jpeg_pair(*patch_paths(tree, "train", 212), 64)
