"""Trainings beside the app: started, watched, stopped, gone on with; the folder tells all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sdm.data.store import write_store
from sdm.errors import TrainingError
from sdm.runs import DataSource, Run, RunConfig, TrainingOptions
from sdm.runs.folder import CARD, CONFIG, RESUME, free_folder
from sdm.runs.lock import holding
from sdm.training import jobs
from sdm.training.jobs import State
from sdm.training.runtime import TrainingProgress
from tests.datasets import multilabel

PATIENCE = 600.0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_store(multilabel(), tmp_path / "data").place


def asked(**settings: object) -> RunConfig:
    return RunConfig(TrainingOptions("landsat-mlp", **settings), DataSource.of(multilabel()))  # type: ignore[arg-type]


def interrupted(folder: Path, **settings: object) -> Run:
    asked(**settings).write(folder / CONFIG)
    return Run.open(folder)


@pytest.mark.process
def test_start_watch_stop_go_on(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "runs" / "mlp"
    config = asked(epochs=5000, batch_size=16)
    jobs.start(folder, config, data)
    run = Run.open(folder)
    assert jobs.state(run) is State.RUNNING
    assert [r.name for r in jobs.running(folder.parent)] == ["mlp"]
    with pytest.raises(TrainingError, match="enough is running"):
        jobs.start(folder, config, data)
    until(lambda: jobs.progress(run).total > 0)
    progress = jobs.progress(run)
    assert progress.total == 5000
    assert 0 < progress.share < 1
    assert progress.seconds_left is not None
    jobs.stop(folder)
    until(lambda: jobs.state(run) is State.INTERRUPTED)
    assert (folder / RESUME).exists()
    assert "the same command goes on" in jobs.output(folder)
    assert jobs.failure(folder) is None
    launched: list[list[str]] = []
    monkeypatch.setattr(jobs, "_launch", lambda _, words: launched.append(words))
    jobs.start(folder, run.config, data)
    assert launched == [jobs.command(folder, config, data)]


def test_one_that_has_not_begun_stops_at_once(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "mlp"
    jobs.start(folder, asked(), data)
    jobs.stop(folder)
    until(lambda: jobs.state(Run.open(folder)) is State.INTERRUPTED)
    assert jobs.progress(Run.open(folder)) == TrainingProgress(epochs=10)


def test_the_output_says_why_it_gave_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "runs" / "mlp"
    words = ["python", "-c", "import sys; sys.exit('error: absent: there is no data set')"]
    monkeypatch.setattr(jobs, "command", lambda *_: words)
    jobs.start(folder, asked(), tmp_path / "absent")
    until(lambda: jobs.state(Run.open(folder)) is State.INTERRUPTED)
    assert jobs.failure(folder) == "absent: there is no data set"


def test_a_training_of_another_process_is_seen(tmp_path: Path) -> None:
    run = interrupted(tmp_path / "a")
    assert jobs.state(run) is State.INTERRUPTED
    with holding(run.path):
        assert jobs.state(run) is State.RUNNING
    assert jobs.state(run) is State.INTERRUPTED


def test_only_so_many_at_once(tmp_path: Path) -> None:
    first, second = (interrupted(tmp_path / name) for name in "ab")
    with holding(first.path), holding(second.path), pytest.raises(TrainingError, match="at most 2 at once"):
        jobs.start(tmp_path / "c", asked(), tmp_path)
    assert not (tmp_path / "c").exists()


def test_one_from_a_file_of_weights_needs_the_command_line(tmp_path: Path) -> None:
    config = asked()
    config = replace(config, training=replace(config.training, initial_weights="imagenet.safetensors sha256:0"))
    with pytest.raises(TrainingError, match="file of weights"):
        jobs.start(tmp_path / "a", config, tmp_path)


def test_the_command_carries_every_setting(tmp_path: Path) -> None:
    words = jobs.command(tmp_path / "a b", asked(epochs=3, lr=0.002, seed=7), tmp_path / "my data")
    assert words[:5] == ["python", "-m", "sdm", "train", "landsat-mlp"]
    pairs = dict(zip(words[5::2], words[6::2], strict=True))
    assert pairs["--data"] == str(tmp_path / "my data")
    assert pairs["--run"] == str(tmp_path / "a b")
    assert (pairs["--epochs"], pairs["--lr"], pairs["--seed"]) == ("3", "0.002", "7")


def test_folders_are_numbered(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    assert free_folder([shipped, own], "mlp") == own / "mlp"
    (shipped / "mlp").mkdir(parents=True)
    (own / "mlp-2").mkdir(parents=True)
    assert free_folder([shipped, own], "mlp") == own / "mlp-3"


def test_broken_folders_are_passed_over(tmp_path: Path) -> None:
    interrupted(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / CONFIG).write_text("{")
    (tmp_path / "bad" / CARD).write_text("{")
    (tmp_path / "bad" / jobs.OUTPUT).write_text("")
    assert jobs.finished(tmp_path) == []
    assert [run.name for run in jobs.unfinished(tmp_path)] == ["good"]


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("error: the loss is nan", "the loss is nan"),
        ("Traceback …\ntorch.OutOfMemoryError: too much", "torch.OutOfMemoryError: too much"),
        ("stopped; the same command goes on with x", None),
        ("", None),
    ],
)
def test_failures_are_told_from_stops(tmp_path: Path, printed: str, why: str | None) -> None:
    (tmp_path / jobs.OUTPUT).write_text(printed)
    assert jobs.failure(tmp_path) == why


def test_the_time_left_is_by_the_pace_of_the_last_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = interrupted(tmp_path / "a", epochs=10)
    seconds = [*range(1, 11), *range(20, 120, 10)]  # ten steps an epoch; the second epoch ten times slower
    batches = pd.DataFrame({"epoch": [1] * 10 + [2] * 10, "step": range(1, 21), "loss": 0.5, "seconds": seconds})
    monkeypatch.setattr(Run, "batches", lambda _: batches)
    monkeypatch.setattr(Run, "history", lambda _: pd.DataFrame({"epoch": [1, 2], "step": [10, 20]}))
    progress = jobs.progress(run)
    assert (progress.total, progress.recent) == (100, (10, 100.0))
    assert progress.seconds_left == 800.0
