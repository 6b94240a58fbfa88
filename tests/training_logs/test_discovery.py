"""Logs below a folder, the group of a series, the points of the study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.training_logs.catalogue import DEEPEST, find_logs
from sdm.training_logs.logged_scalars import Group, group_of
from sdm.training_logs.lstm_study import study_points, study_rate
from sdm.training_logs.read import read_log
from sdm.training_logs.table import COLUMNS, empty_table


def put(path: Path, text: str = "epoch,loss\n1,0.5\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_every_kind_of_log_is_found_by_its_path(tmp_path: Path) -> None:
    put(tmp_path / "ours" / "history.csv")
    put(tmp_path / "ours" / "predictions" / "test.npz", "")
    put(tmp_path / "begun" / "batches.csv")
    put(tmp_path / "lightning_logs" / "version_0" / "metrics.csv")
    put(tmp_path / "board" / "events.out.tfevents.1.host.0")
    put(tmp_path / "none" / "other.csv")
    put(tmp_path / ".hidden" / "metrics.csv")
    put(tmp_path / "metrics.csv")
    found = find_logs(tmp_path)
    assert list(found) == ["begun", "board", "lightning_logs/version_0", "ours"]
    assert read_log(found["ours"]).shape[0] == 1


def test_links_and_depths_have_an_end(tmp_path: Path) -> None:
    put(tmp_path / "a" / "history.csv")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    put(tmp_path.joinpath(*"x" * (DEEPEST + 1)) / "history.csv")
    assert list(find_logs(tmp_path)) == ["a"]
    assert find_logs(tmp_path / "absent") == {}


@pytest.mark.parametrize(
    ("series", "group"),
    [
        ("train_loss", Group.LOSS), ("val/loss", Group.LOSS), ("batch_loss", Group.BATCH),
        ("train_loss_step", Group.BATCH), ("train_loss_epoch", Group.LOSS), ("lr", Group.RATE),
        ("batch_lr", Group.RATE), ("samples-f1", Group.SCORE), ("accuracy_step", Group.SCORE),
    ],
)  # fmt: skip
def test_groups(series: str, group: Group) -> None:
    assert group_of(series) is group


def history(run: str, series: str, epochs: int, factor: float) -> pd.DataFrame:
    epoch = np.arange(1.0, epochs + 1)
    columns = {
        "run": run,
        "series": series,
        "step": epoch,
        "epoch": epoch,
        "seconds": epoch,
        "value": factor * epoch,
    }
    return pd.DataFrame(columns)[list(COLUMNS)]


def test_points_of_the_study_are_every_tenth_epoch_by_rate() -> None:
    curves = pd.concat(
        [
            history("a", "macro-f1", 25, 0.01), history("a", "accuracy", 25, 0.02),
            history("b", "macro-f1", 10, 0.03), history("c", "macro-f1", 10, 0.01),
            history("other", "macro-f1", 10, 9.0),
        ]
    )  # fmt: skip
    points = study_points(curves, {"a": 1e-4, "b": 5e-4, "c": 5e-4})
    assert list(points.columns) == ["learning_rate", "epochs", "f1", "accuracy"]
    assert points[["learning_rate", "epochs"]].to_numpy().tolist() == [[1e-4, 10], [1e-4, 20], [5e-4, 10]]
    assert points["f1"].tolist() == pytest.approx([0.1, 0.2, 0.2])
    assert points["accuracy"].tolist() == pytest.approx([0.2, 0.4, np.nan], nan_ok=True)
    assert study_points(empty_table(), {}).empty


def test_which_runs_belong_to_the_study() -> None:
    mine = {"model": "landsat-lstm", "view": "single-label", "lr": 5e-4}
    assert study_rate({"training": mine}) == 5e-4
    for other in ({}, {"training": 3}, {"training": mine | {"view": ""}}, {"training": mine | {"lr": "fast"}}):
        assert study_rate(other) is None
