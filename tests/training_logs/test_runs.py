"""Best points, places on the axis, and differences of configuration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.errors import UnknownNameError
from sdm.training_logs.catalogue import configuration_difference
from sdm.training_logs.logged_scalars import best_points
from sdm.training_logs.table import COLUMNS, empty_table, positions


def curve(run: str, series: str, values: list[float], epochs: list[float] | None = None) -> pd.DataFrame:
    steps = np.arange(1.0, len(values) + 1)
    made = {"run": run, "series": series, "step": 10 * steps, "epoch": steps if epochs is None else epochs}
    return pd.DataFrame(made | {"seconds": 2 * steps, "value": values}, columns=list(COLUMNS))


def test_the_first_of_the_best_values():
    table = pd.concat(
        [
            curve("a", "val_loss", [3, 1, np.nan, 1, -np.inf]),
            curve("a", "samples_f1", [0.1, 0.3, 0.2]),
            curve("b", "val_loss", [np.nan, np.nan]),
        ]
    )
    best = best_points(table).set_index(["run", "series"])
    assert best.loc[("a", "val_loss"), ["value", "step", "epoch", "seconds"]].tolist() == [1, 20, 2, 4]
    assert best.loc[("a", "val_loss"), ["epochs_to_best", "epochs", "total_seconds"]].tolist() == [2, 5, 10]
    assert best.loc[("a", "samples_f1"), ["value", "epoch", "lower_is_better"]].tolist() == [0.3, 2, False]
    assert np.isnan(best.loc[("b", "val_loss"), "value"])
    assert best.loc[("b", "val_loss"), "epochs"] == 2


def test_epochs_to_best_count_epochs_not_numbers():
    best = best_points(curve("a", "loss", [9, 8, 7], [10, 20, 30]))
    assert best["epochs_to_best"].item() == 3


def test_best_of_a_log_without_epochs():
    best = best_points(curve("a", "loss", [2, 1, 3], [np.nan] * 3)).iloc[0]
    assert best["value"] == 1
    assert np.isnan([best["epoch"], best["epochs"], best["epochs_to_best"]]).all()


@pytest.mark.parametrize("name", ["lr", "batch_lr", "lr-AdamW/pg1", "learning_rate"])
def test_a_learning_rate_has_no_best(name: str):
    best = best_points(curve("a", name, [0.1, 0.2])).iloc[0]
    assert np.isnan([best["value"], best["epoch"], best["epochs_to_best"]]).all()
    assert best["epochs"] == 2


def test_best_of_nothing():
    assert best_points(empty_table()).empty


def test_batches_are_spread_over_their_epoch():
    table = curve("a", "batch_loss", [1.0] * 6, [1, 1, 1, 1, 2, 2])
    assert positions(table, "epoch").tolist() == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5]
    assert positions(table, "seconds").tolist() == table["seconds"].tolist()


def test_epochs_stand_at_their_end_and_unknown_ones_nowhere():
    table = curve("a", "val_loss", [1.0, 1.0, 1.0], [1, np.nan, 2])
    assert positions(table, "epoch").tolist() == pytest.approx([1, np.nan, 2], nan_ok=True)
    assert positions(empty_table(), "epoch").empty


def test_an_unknown_axis_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="epoch, step, seconds"):
        positions(empty_table(), "miles")


def test_only_what_differs_in_any_number_of_runs():
    difference = configuration_difference(
        {
            "a": {"lr": 0.1, "model": {"name": "mlp", "width": [1, 2]}, "seed": 0},
            "b": {"lr": 0.1, "model": {"name": "cnn"}, "seed": 0, "note": "x"},
            "c": {"lr": 0.10, "model": {"name": "mlp", "width": [1, 2]}, "seed": None},
        }
    )
    assert difference.to_dict("index") == {
        "model.name": {"a": "mlp", "b": "cnn", "c": "mlp"},
        "model.width": {"a": "[1, 2]", "b": "–", "c": "[1, 2]"},
        "seed": {"a": "0", "b": "0", "c": "null"},
        "note": {"a": "–", "b": "x", "c": "–"},
    }


def test_one_run_differs_in_nothing_but_can_be_shown_whole():
    assert configuration_difference({"a": {"lr": 0.1}}).empty
    assert configuration_difference({}).empty
    assert configuration_difference({"a": {"x": {}}}, only_different=False).loc["x", "a"] == "{}"
