"""What a run predicts all over the virtual Europe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sdm.data.dataset import SITE_COLUMNS
from sdm.data.open import open_dataset
from sdm.data.survey import NOT_SIMULATED
from sdm.errors import DataError, RunError
from sdm.evaluation.run_model import open_model
from sdm.inference.grid import REMEDY, grid_file, open_grid, predict_grid
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.jobs import Cancelled, no_report
from sdm.modalities import Modality
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from sdm.virtual_europe.grid import YEAR, SimulatedGrid, land_grid
from sdm.virtual_europe.simulated_survey import simulated_dossier
from sdm.virtual_europe.simulators import simulator_of

STEP = 6.0


@pytest.fixture(scope="module")
def run(tiny_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("grid") / "run"
    train(open_dataset(tiny_tree), path, TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    return Run.open(path)


@pytest.fixture(scope="module")
def grid() -> SimulatedGrid:
    return land_grid(0, STEP)


def test_a_cell_is_the_survey_simulated_at_its_centre(
    run: Run, tiny_tree: Path, grid: SimulatedGrid, tmp_path: Path
) -> None:
    predict_grid(run, grid, tmp_path / "map.npy", no_report)
    found = open_grid(tmp_path / "map.npy", run.card.width, len(grid))
    for cell in (0, len(grid) // 2):
        lon, lat = float(grid.places.lon[cell]), float(grid.places.lat[cell])
        shown = simulated_dossier(open_dataset(tiny_tree), lon, lat, YEAR)
        site = {name: getattr(shown, name) for name in SITE_COLUMNS}
        request = Request(site, {"landsat": shown.values["landsat"]})
        expected = LoadedModel(open_model(run), run.card.statistics).predict([request], torch.device("cpu"))[0]
        assert np.allclose(found[:, cell], expected, atol=2e-3)


def test_progress_is_told_and_may_stop_the_work(run: Run, grid: SimulatedGrid, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    predict_grid(run, grid, tmp_path / "map.npy", lambda done, total, _what: told.append((done, total)))
    assert told[-1] == (len(grid), len(grid))

    def unwanted(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        predict_grid(run, grid, tmp_path / "stopped.npy", unwanted)
    assert not (tmp_path / "stopped.npy").exists()


def test_the_file_is_of_these_weights_this_world_and_this_grid(
    run: Run, grid: SimulatedGrid, tmp_path: Path
) -> None:
    base = grid_file(tmp_path, run, grid, 0, "1")
    assert base == grid_file(tmp_path, run, grid, 0, "1")
    others = {
        grid_file(tmp_path, run, grid, 1, "1"),
        grid_file(tmp_path, run, grid, 0, "2"),
        grid_file(tmp_path, run, land_grid(0, 8.0), 0, "1"),
    }
    assert len(others | {base}) == 4


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.npy"
    path.write_bytes(content)
    with pytest.raises(RunError, match=REMEDY):
        open_grid(path, 3, 4)


def test_a_file_of_another_shape_or_with_objects_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.npy"
    np.save(path, np.zeros((4, 3), np.float16))
    with pytest.raises(RunError, match="not a predicted map"):
        open_grid(path, 3, 4)
    np.save(path, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(RunError, match="not a readable array"):
        open_grid(path, 3, 4)


def test_an_input_that_is_not_simulated_is_told(
    run: Run, tiny_tree: Path, grid: SimulatedGrid, added: Modality
) -> None:
    inputs = {**run.card.inputs, added.name: "standardise"}
    wanting = Run(run.path, run.config)
    vars(wanting)["card"] = replace(run.card, inputs=inputs)
    with pytest.raises(RunError, match=added.title):
        grid_file(tiny_tree.parent, wanting, grid, 0, "1")
    shown = simulated_dossier(open_dataset(tiny_tree), 10.2, 51.3, YEAR)
    assert shown.values[added.name] is None and shown.notes[added.name] == NOT_SIMULATED
    with pytest.raises(DataError, match="not simulated"):
        simulator_of(added.name)
