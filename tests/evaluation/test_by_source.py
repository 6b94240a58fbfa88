"""Scores by source: the right sites are counted, and a fall is named where training never saw a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.data.dataset import TargetKind
from sdm.evaluation.by_source import by_source, falls
from sdm.evaluation.labelled_predictions import label
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.rasters.coast import coast


@pytest.mark.parametrize(
    ("kind", "model"), [(TargetKind.MULTICLASS, "pixel-mlp"), (TargetKind.REGRESSION, "lime-mlp")]
)
@pytest.mark.parametrize("scheme", ["site", "block"])
def test_each_site_is_scored_alone(tmp_path: Path, kind: TargetKind, model: str, scheme: str) -> None:
    data = coast(kind)
    train(data, tmp_path / "run", TrainingOptions(model, scheme=scheme, epochs=1), Runtime(device="cpu"))
    run = Run.open(tmp_path / "run")
    splits = {split: label(data, run.predictions(split), run.card.class_ids) for split in ("validation", "test")}
    table = by_source(data, run.card, splits)
    first = table[table["metric"] == table["metric"].iloc[0]]
    for split in splits:
        assert first.loc[first["split"] == split, "sites"].sum() == len(data.rows(split, scheme))
    fall = falls(table)
    if scheme == "site":
        assert set(first.loc[first["split"] == "test", "source"]) == {"Vega"}
        assert fall is not None
        assert (fall[0], fall[2]) == ("Landsvik", "Vega")
    else:
        assert set(first["source"]) == {"Landsvik", "Vega"}
        assert fall is None


def test_nothing_falls_in_an_empty_table(tmp_path: Path) -> None:
    data = coast()
    train(data, tmp_path / "run", TrainingOptions("pixel-mlp", epochs=1), Runtime(device="cpu"))
    assert falls(by_source(data, Run.open(tmp_path / "run").card, {})) is None
