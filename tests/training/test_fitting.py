"""Models of records that are fitted in one go tell how far they are, in their own parts, and stop between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sdm.cli import main
from sdm.data.dataset import Dataset
from sdm.data.store import write_store
from sdm.number_format import duration, percent
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions
from sdm.runs import Run, TrainingOptions
from sdm.runs.folder import CARD, FITTING
from sdm.runs.training_options import completed
from sdm.training import Runtime, TrainingProgress, jobs, train
from sdm.training.fitting import fitting_progress
from sdm.ui.components.trainings import progress_sentence, stopped_sentence
from tests.models.presence_only.fitting import QUICK
from tests.occurrences.tables import SPECIES, tables

MODELS = ("poisson-ensemble", "balanced-forest", "presence-blend", "maxent")
PARTS = {"poisson-ensemble": 100, "balanced-forest": SPECIES * 15, "presence-blend": 100 + SPECIES * 15,
         "maxent": SPECIES}  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    files = tables(100).write(tmp_path_factory.mktemp("tables"))
    return build_dataset(files, "records", ImportOptions(categories=("soil",), folds=3))[0]


def options(name: str, data: Dataset) -> TrainingOptions:
    return completed(TrainingOptions(name, dict(QUICK[name])), data)


@pytest.mark.parametrize("name", MODELS)
def test_every_part_is_told_and_the_folder_keeps_the_last(name: str, data: Dataset, tmp_path: Path) -> None:
    if name == "maxent":
        pytest.importorskip("elapid")
    heard: list[TrainingProgress] = []
    kept: list[TrainingProgress | None] = []

    def hear(progress: TrainingProgress) -> None:
        heard.append(progress)
        kept.append(jobs.progress(Run.open(tmp_path / "run")))

    run = train(data, tmp_path / "run", options(name, data), Runtime("cpu", hear))
    done = [progress.done for progress in heard]
    assert run.finished and not (run.path / FITTING).exists()
    assert done == sorted(done) and done[-1] == PARTS[name] and {p.total for p in heard} == {PARTS[name]}
    assert all(progress.what and progress.loss is None for progress in heard)
    last = kept[-1]
    assert last is not None and (last.done, last.total) == (PARTS[name], PARTS[name])
    if name == "presence-blend":
        first, end = heard[0].what, heard[-1].what
        assert (first, end) == ("networks: step 1 of 100", f"forests: species {SPECIES} of {SPECIES}")
        return
    silent = train(data, tmp_path / "silent", options(name, data), Runtime("cpu"))
    mine, theirs = run.predictions("validation"), silent.predictions("validation")
    np.testing.assert_array_equal(mine.rows(np.arange(5)), theirs.rows(np.arange(5)))


@pytest.mark.parametrize("name", ["poisson-ensemble", "balanced-forest", "presence-blend"])
def test_it_stops_between_parts_and_begins_anew(name: str, data: Dataset, tmp_path: Path) -> None:
    heard: list[TrainingProgress] = []
    stopping = Runtime("cpu", heard.append, lambda: len(heard) >= 7)
    run = train(data, tmp_path / "run", options(name, data), stopping)
    assert len(heard) == 7 and not run.finished and not (run.path / CARD).exists()
    assert not (run.path / FITTING).exists() and jobs.progress(run).total == 0
    assert train(data, tmp_path / "run", options(name, data), Runtime("cpu")).finished


def test_stopped_before_the_first_part(data: Dataset, tmp_path: Path) -> None:
    run = train(data, tmp_path / "run", options("balanced-forest", data), Runtime("cpu", should_stop=lambda: True))
    assert not run.finished
    assert progress_sentence(jobs.progress(run)).startswith("Getting ready")


def test_in_words() -> None:
    progress = TrainingProgress(60, 120, "species 4 of 8", 30.0, (60, 30.0))
    assert progress_sentence(progress) == (
        f"Species 4 of 8 · {percent(0.5)} · {duration(30)} gone, about {duration(30)} left"
    )
    assert progress_sentence(replace(progress, done=120)).startswith("Trained. Predicting")
    assert "anew" in stopped_sentence("balanced-forest") and "step" in stopped_sentence("landsat-mlp")


def test_nothing_is_told_of_a_folder_without(tmp_path: Path) -> None:
    assert fitting_progress(tmp_path) is None


def test_the_command_prints_tenths(data: Dataset, tmp_path: Path) -> None:
    write_store(data, tmp_path / "data")
    words = ["train", "balanced-forest", "--data", str(tmp_path / "data"), "--run", str(tmp_path / "run"),
             "--model-config", '{"trees": 5}', "--device", "cpu"]  # fmt: skip
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert f"100 %  species {SPECIES} of {SPECIES}" in done.output and "50 %  species" in done.output
