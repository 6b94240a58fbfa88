"""Maps learnt from records against either background, held against the truth of the virtual Europe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.record_types import presence_only
from sdm.errors import DataError
from sdm.inference import background_maps
from sdm.inference.background_maps import KINDS, agreement, background_file, fit_backgrounds, open_backgrounds
from sdm.jobs import Cancelled
from sdm.virtual_europe import grid as simulated
from sdm.virtual_europe.description import World, world_of
from sdm.virtual_europe.effort import effort
from sdm.virtual_europe.grid import SimulatedGrid, land_grid
from tests.datasets import multilabel

STEP = 4.0


@pytest.fixture(autouse=True)
def of_few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_maps, "FEWEST_RECORDS", 4)


@pytest.fixture(scope="module")
def europe(tiny_tree: Path) -> Dataset:
    return open_dataset(tiny_tree)


@pytest.fixture(scope="module")
def grid() -> SimulatedGrid:
    return land_grid(0, STEP)


@pytest.fixture(scope="module")
def world(europe: Dataset) -> World:
    found = world_of(europe)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def file(europe: Dataset, world: World, grid: SimulatedGrid, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("backgrounds") / "maps.npy"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background_maps, "NETWORKS", 1)
        patch.setattr(background_maps, "RANDOM_SITES", 1_000)
        fit_backgrounds(europe, world, grid, out)
    return out


def test_intensities_are_relative_to_their_mean(file: Path, europe: Dataset, grid: SimulatedGrid) -> None:
    values = np.asarray(open_backgrounds(file, europe, grid)[:])
    assert values.shape == (len(KINDS), europe.targets.width, len(grid))
    np.testing.assert_allclose(values.mean(axis=2), 1, rtol=1e-4)
    assert (values >= 0).all() and np.ptp(values, axis=2).min() > 0


def test_the_target_group_takes_the_search_effort_out(
    file: Path, europe: Dataset, world: World, grid: SimulatedGrid
) -> None:
    agreed = agreement(open_backgrounds(file, europe, grid), europe, world, grid)
    random, target = np.median(agreed.effort, axis=1)
    assert len(agreed.species) >= 10
    assert target < random - 0.1


def test_agreement_is_spearmans(file: Path, europe: Dataset, world: World, grid: SimulatedGrid) -> None:
    values = open_backgrounds(file, europe, grid)
    agreed = agreement(values, europe, world, grid)
    column = int(agreed.species[0])
    true = simulated.true_probability(grid, int(europe.targets.class_ids[column]), world.species)
    found = agreed.of(column)
    assert found is not None and true is not None
    for place in range(len(KINDS)):
        assert found[0][place] == pytest.approx(spearmanr(values[place][column], true).statistic, abs=1e-3)
        assert found[1][place] == pytest.approx(spearmanr(values[place][column], effort(grid.places)).statistic)
    assert agreed.own[0] == pytest.approx(spearmanr(true, effort(grid.places)).statistic, abs=1e-3)
    assert agreed.of(-1) is None


def test_it_can_be_stopped_and_leaves_nothing(
    europe: Dataset, world: World, grid: SimulatedGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_maps, "RANDOM_SITES", 50)

    def stop(done: int, *_: object) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        fit_backgrounds(europe, world, grid, tmp_path / "maps.npy", stop)
    assert list(tmp_path.iterdir()) == []


def test_without_records_there_is_nothing_to_learn(world: World, grid: SimulatedGrid, tmp_path: Path) -> None:
    data = multilabel()
    assert not background_maps.possible(data)
    assert not presence_only(data).any()
    with pytest.raises(DataError, match="environment"):
        fit_backgrounds(data, world, grid, tmp_path / "maps.npy")


def test_other_data_have_another_file_and_another_file_is_refused(
    europe: Dataset, world: World, grid: SimulatedGrid, tmp_path: Path
) -> None:
    other = replace(europe, fingerprint="f" * 16)
    assert background_file(tmp_path, europe, world, grid) != background_file(tmp_path, other, world, grid)
    np.save(tmp_path / "maps.npy", np.zeros(3))
    with pytest.raises(DataError, match="maps of backgrounds"):
        open_backgrounds(tmp_path / "maps.npy", europe, grid)
