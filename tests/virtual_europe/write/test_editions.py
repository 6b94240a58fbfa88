"""The same landscape as trees of both years: every reader gives the same surveys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.check import check
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.errors import UnknownNameError
from sdm.modalities.layouts import PA_TRAIN, PO_TRAIN
from sdm.virtual_europe.write import SIZES, Size, tree, write_tree
from sdm.virtual_europe.write.editions import edition

FEW = Size(train=10, near=3, far=3, po=12, images=10, po_images=4, species=SIZES["tiny"].species, block=16)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Dataset]:
    """The same few surveys as trees of 2025 and 2024."""
    home = tmp_path_factory.mktemp("editions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(tree.SIZES, "few", FEW)
        for year in (2025, 2024):
            write_tree(home / str(year), "few", workers=1, year=year)
    return open_dataset(home / "2025"), open_dataset(home / "2024")


def test_surveys_labels_and_species_are_the_same(both: tuple[Dataset, Dataset]) -> None:
    new, old = both
    columns = ["source", "survey_id", "lon", "lat", "year", "country"]
    assert new.sites[columns].equals(old.sites[columns])
    np.testing.assert_array_equal(new.targets.class_ids, old.targets.class_ids)
    assert (new.targets.values != old.targets.values).nnz == 0


@pytest.mark.parametrize("name", ["landsat", "climate", "environment"])
def test_series_and_predictors_are_the_same(both: tuple[Dataset, Dataset], name: str) -> None:
    rows = np.flatnonzero((both[0].sites["source"] != PO_TRAIN).to_numpy())
    np.testing.assert_array_equal(*(data.reader.read(name, rows) for data in both))


def test_the_middle_of_a_picture_is_the_patch_but_for_its_coding(both: tuple[Dataset, Dataset]) -> None:
    rows = np.flatnonzero((both[0].sites["source"] == PA_TRAIN).to_numpy())
    new, old = (data.reader.read("patch", rows) for data in both)
    seen = np.isfinite(new)
    assert np.corrcoef(new[seen], old[seen])[0, 1] > 0.98
    assert np.median(np.abs(new[seen] - old[seen])) < 60  # 8 bits and JPEG


def test_presence_only_surveys_have_files_in_nested_folders(both: tuple[Dataset, Dataset]) -> None:
    rows = np.flatnonzero((both[1].sites["source"] == PO_TRAIN).to_numpy())
    assert np.isfinite(both[1].reader.read("landsat", rows)).any(axis=(1, 2, 3)).sum() == FEW.po_images


def test_nothing_is_wrong_with_either(both: tuple[Dataset, Dataset]) -> None:
    for data in both:
        assert data.place is not None
        report = check(Path(data.place))
        assert report.usable


def test_names_of_2024(both: tuple[Dataset, Dataset]) -> None:
    place = both[1].place
    assert place is not None
    assert (place / "GLC24_PA_metadata_train.csv").is_file()
    pictures = sorted((place / "PA_Train_SatellitePatches_RGB" / "pa_train_patches_rgb").rglob("*.jpeg"))
    assert len(pictures) == FEW.images
    cubes = place / "TimeSeries-Cubes" / "TimeSeries-Cubes" / "GLC24-PA-train-landsat_time_series"
    assert all(path.name.startswith("GLC24-PA-train-landsat-time-series_") for path in cubes.iterdir())


def test_other_years_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="2024"):
        edition(2023)
