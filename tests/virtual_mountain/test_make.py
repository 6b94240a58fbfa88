"""The data set that the importer makes of a small mountain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.jobs import Cancelled
from sdm.rasters.scenes import read_scenes
from sdm.virtual_mountain.features import FEATURES
from sdm.virtual_mountain.make import DATASET, make_mountain
from sdm.virtual_mountain.parameters import LABELLED, UNSEEN, VERSION, Mountain, classes


def test_the_data_set_holds_the_labelled_series(made: tuple[Path, ...], small: Mountain) -> None:
    dataset = open_dataset(made[1])
    assert (dataset.name, dataset.simulated, dataset.world_version) == (DATASET, True, VERSION)
    assert "simulated" in dataset.title
    assert set(dataset.targets.classes["name"]) == set(classes())
    assert set(dataset.sites["source"]) == {LABELLED.name}
    assert len(dataset) == pytest.approx(small.series, abs=40)
    assert dataset.sites["point"].nunique() == pytest.approx(small.points, abs=10)
    assert {"random", "point", "block"} <= set(dataset.schemes)
    (modality,) = dataset.modalities
    values = dataset.reader.read(modality, np.arange(20))
    assert values.shape == (20, len(FEATURES), 12)
    assert np.isfinite(values[:, :, 0]).any(axis=1).all()


def test_the_unseen_site_is_a_scene_of_all_its_tiles(made: tuple[Path, ...], small: Mountain) -> None:
    (scene,) = read_scenes(made[1])
    assert scene.source == UNSEEN.name
    (layer,) = scene.layers
    assert (made[1] / layer.files[0]).exists()
    assert len(list(made[0].glob("*_patch_?_?.csv.gz"))) == small.tiles**2


@pytest.mark.parametrize("at", ["Beishan: files", "files"])
def test_nothing_is_left_of_work_that_was_stopped(at: str, tmp_path: Path, tiny: Mountain) -> None:
    def stop(_done: int, _total: int, what: str) -> None:
        if what == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_mountain(tmp_path, stop, mountain=tiny)
    assert not list(tmp_path.iterdir())


def test_a_mountain_that_is_there_is_not_overwritten(made: tuple[Path, ...]) -> None:
    with pytest.raises(DataError, match="already"):
        make_mountain(made[0].parent)
