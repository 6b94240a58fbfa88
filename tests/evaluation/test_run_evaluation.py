"""Evaluation: known targets only, metrics of the kind, decoders from validation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import ArrayReader
from sdm.data.targets import target_matrix
from sdm.errors import RunError, UnknownNameError
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import predict_with
from sdm.models.contract import Baseline
from sdm.models.preparation import fit_statistics
from sdm.models.registry import build
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions, recipe
from sdm.training import Runtime, train
from tests.datasets import DATASETS, multilabel


def fitted(kind: str) -> tuple[Baseline, object]:
    dataset = DATASETS[kind]()
    rows = dataset.rows("train")
    statistics = fit_statistics(dataset, rows, ())
    baseline = build("nearest-surveys", dataset.targets.kind, dataset.targets.width)
    assert isinstance(baseline, Baseline)
    baseline.fit(dataset, rows, statistics)
    return baseline, statistics


@pytest.mark.parametrize("kind", DATASETS)
def test_every_metric_of_the_kind_and_no_other(kind: str) -> None:
    dataset = DATASETS[kind]()
    found = predict_with(*fitted(kind), dataset, dataset.rows("validation"))  # type: ignore[arg-type]
    scores, _ = score(found, dataset, dataset.targets.kind, parse_decoder("top-k:3"))
    expected = {name for name, metric in METRICS.items() if dataset.targets.kind in metric.kinds}
    assert {name for name in scores if "/" not in name} == expected
    headline = scores[{"multilabel": "samples-f1", "multiclass": "accuracy", "regression": "rmse"}[kind]]
    assert headline.low is not None
    assert headline.high is not None
    assert headline.low <= headline.value <= headline.high


def test_unknown_targets_do_not_count() -> None:
    dataset = multilabel()
    found = predict_with(*fitted("multilabel"), dataset, np.arange(9, 14))  # type: ignore[arg-type]
    assert found.known.tolist() == [True, True, False, True, True]
    scores, _ = score(found, dataset, dataset.targets.kind, parse_decoder("top-k:3"))
    known = np.flatnonzero(found.known)
    truth = target_matrix(dataset.targets)[9:14][known]
    sets = parse_decoder("top-k:3").decode(found.probabilities[known])
    assert scores["samples-f1"] == METRICS["samples-f1"].score(truth, sets, found.blocks[known])
    assert scores["samples-f1"].defined == 4


def test_a_split_without_any_known_target_has_no_scores_but_predictions(tmp_path: Path) -> None:
    """As in the competition: the test surveys' species are not there."""
    dataset = multilabel()
    known = np.arange(20) < 15
    hidden = dataclasses.replace(dataset, targets=dataclasses.replace(dataset.targets, known=known))
    run = train(hidden, tmp_path / "run", recipe("country-frequency"), Runtime("cpu"))
    assert evaluate(run, hidden, "test_near") == {}
    assert set(run.card.scores) == {"validation"}
    assert len(run.predictions("test_near")) == 3
    assert run.predictions("test_near").scores is None
    assert evaluate(run, dataset, "test_near")["samples-f1"].defined == 3  # once the truth is there
    with pytest.raises(UnknownNameError, match="test_near"):
        evaluate(run, dataset, "test")


def test_a_run_without_weights_keeps_what_it_was_ranked_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the tops of its probabilities were kept, classes are ranked by what was known before."""
    monkeypatch.setattr("sdm.runs.predictions.TOP", 3)
    whole = train(multilabel(), tmp_path / "whole", recipe("nearest-surveys"), Runtime("cpu"))
    monkeypatch.setattr("sdm.runs.predictions.MOST_DENSE", 5)
    run = train(multilabel(), tmp_path / "run", recipe("nearest-surveys"), Runtime("cpu"))
    assert run.predictions("validation").truncated
    dataclasses.replace(run.card, weights=None).write(run.path / "card.json")
    (run.path / "table.npz").unlink()
    before = (run.path / "predictions" / "validation.npz").read_bytes()
    again = remeasure(Run.open(run.path), multilabel(), ["validation"])
    assert again.card.scores["validation"]["auc"] == whole.card.scores["validation"]["auc"]
    assert (run.path / "predictions" / "validation.npz").read_bytes() == before
    stored = run.predictions("validation")
    dataclasses.replace(stored, scores=None).write(run.path / "predictions" / "validation.npz")
    scores = evaluate(again, multilabel(), "validation")
    assert "auc" not in scores
    assert {"samples-f1", "recall-at-30"} <= scores.keys()


def test_scores_of_other_data_are_not_recorded(tmp_path: Path) -> None:
    """Other labels, and other values under the same labels; the card stays as it was."""
    run = train(multilabel(), tmp_path / "run", TrainingOptions("landsat-mlp", epochs=1), Runtime("cpu"))
    before = (run.path / "card.json").read_bytes()
    shifted = {"landsat": multilabel().reader.read("landsat", np.arange(20)) + 1}
    others = {
        "survey ids, classes or labels": dataclasses.replace(multilabel(), fingerprint="other"),
        "values of Landsat": dataclasses.replace(
            multilabel(), reader=ArrayReader(shifted), modalities=("landsat",)
        ),
    }
    for what, other in others.items():
        with pytest.raises(RunError, match=f"trained on other data: {what}"):
            remeasure(run, other, ["validation"])
    assert (run.path / "card.json").read_bytes() == before
    remeasure(run, multilabel(), ["validation"])
