"""What a model is known to read is what its occlusion shows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from sdm.data.dataset import ArrayReader, TargetKind
from sdm.errors import RunError
from sdm.inference import series_occlusion
from sdm.models.preparation import Batch
from sdm.models.statistics import Statistics
from tests.datasets import TREE_SERIES, monthly

INPUTS = {TREE_SERIES: "standardise"}


class Reader:
    """Says the class that stands in B8 at the second date, where it is not hidden; else the first class."""

    inputs, kind, width = INPUTS, TargetKind.MULTICLASS, 5

    def predict(self, batch: Batch) -> torch.Tensor:
        seen = batch[TREE_SERIES][:, 2, 1].round().long().clamp(0, 4)
        return torch.nn.functional.one_hot(seen, 5).float()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    statistics = Statistics({TREE_SERIES: (0.0,) * 4}, {TREE_SERIES: (1.0,) * 4}, (), ())
    card = SimpleNamespace(inputs=INPUTS, kind=TargetKind.MULTICLASS, statistics=statistics, view="", members=())
    monkeypatch.setattr(series_occlusion, "open_model", lambda _: Reader())
    return SimpleNamespace(card=card, path="run")


def test_what_the_model_reads_is_what_it_misses(run: Any) -> None:
    data = monthly()
    values = np.ones((len(data), 4, 12), np.float32)
    values[:, 2, 1] = data.targets.values
    values[:, :, 9:] = np.nan
    dates = [" ".join(f"2022-{month:02d}-05" for month in range(1 + i % 2, 10 + i % 2)) for i in range(len(data))]
    data = replace(data, reader=ArrayReader({TREE_SERIES: values}), sites=data.sites.assign(dates=dates))
    rows = np.arange(40)
    table = series_occlusion.occlusion(run, data, rows).set_index("name")
    wrong = (data.targets.values[rows] > 0).mean()  # the first class is right even when nothing is seen
    assert table.loc["B8", "accuracy"] == pytest.approx(wrong) == table.loc["B8", "probability"]
    assert table.loc["B4", "accuracy"] == table.loc["NDVI", "probability"] == 0
    assert table.loc["Feb", "accuracy"] + table.loc["Mar", "accuracy"] == pytest.approx(wrong)
    assert table.loc["Jan", "accuracy"] == table.loc["Dec", "accuracy"] == 0
    assert table["pixels"][["B2", "Jan", "Feb", "Oct", "Dec"]].tolist() == [40, 20, 40, 20, 0]
    steps = series_occlusion.occlusion(run, replace(data, sites=data.sites.drop(columns="dates")), rows)
    assert steps.loc[steps["kind"] == "step", "accuracy"].idxmax() == 5


def test_classes_of_a_coarser_level_are_compared_there(run: Any) -> None:
    """Every second class belongs to the second group, which is what the model reads in B8."""
    data = monthly()
    classes = data.targets.classes.assign(group=["b", "a", "b", "a", "b"])
    data = replace(data, targets=replace(data.targets, classes=classes, hierarchy=("group", "name")))
    values = np.ones((len(data), 4, 12), np.float32)
    values[:, 2, 1] = data.targets.values % 2
    run.card.view, rows = "level:group", np.arange(40)
    table = series_occlusion.occlusion(run, replace(data, reader=ArrayReader({TREE_SERIES: values})), rows)
    wrong = (data.targets.values[rows] % 2).mean()
    assert table.set_index("name").loc["B8", "accuracy"] == pytest.approx(wrong)


def test_other_runs_have_no_months(run: Any) -> None:
    run.card.kind = TargetKind.REGRESSION
    with pytest.raises(RunError, match="months"):
        series_occlusion.occlusion(run, monthly(), np.arange(3))
