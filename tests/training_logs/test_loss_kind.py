"""Which loss a log holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.training_logs.catalogue import Log
from sdm.training_logs.loss_kind import loss_kind, loss_title, score_kind
from tests.datasets import DATASETS, multilabel

OURS = {"fingerprint": "fixture-multilabel-1"}


@pytest.mark.parametrize(
    ("training", "data", "series", "kind"),
    [
        ({"loss": "focal"}, OURS, {"samples-f1"}, "focal"),
        ({"loss": ""}, OURS, {"train_loss", "samples-f1", "macro-f1", "accuracy"}, "bce"),
        ({"loss": ""}, {"fingerprint": "x"}, {"accuracy", "macro-f1"}, "cross-entropy"),
        ({}, {}, {"rmse"}, "mse"),
        ({"loss": ""}, OURS, {"batch_loss"}, "bce"),
        ({"loss": "", "view": "single-label"}, OURS, {"batch_loss"}, "as logged in a"),
        (None, {}, {"val_loss", "accuracy"}, "as logged in a"),
    ],
)
def test_the_loss_is_set_or_told_by_the_scores(
    training: object, data: object, series: set[str], kind: str
) -> None:
    configuration = {"data": data} | ({} if training is None else {"training": training})
    assert loss_kind(Log("a/version_0", Path(), configuration), series, multilabel()) == kind


def test_a_run_just_begun_has_the_usual_loss_of_its_data() -> None:
    for name, make in DATASETS.items():
        log = Log("new", Path(), {"training": {}, "data": {"fingerprint": f"fixture-{name}-1"}})
        assert loss_kind(log, {"batch_loss"}, make()) in ("bce", "cross-entropy", "mse")
    assert loss_title("cross-entropy") == "cross-entropy"


def test_runs_of_other_data_are_told_from_those_that_do_not_say() -> None:
    assert not Log("a", Path(), {"data": OURS}).of_other(multilabel())
    assert Log("a", Path(), {"data": {"fingerprint": "x"}}).of_other(multilabel())
    assert not Log("a", Path(), {}).of_other(multilabel())


@pytest.mark.parametrize(
    ("configuration", "kind"),
    [
        ({"data": OURS, "training": {}}, "this data"),
        ({"data": OURS, "training": {"view": "single-label"}}, "this data, single-label"),
        ({"data": {"fingerprint": "elsewhere", "title": "Alps"}}, "other data: Alps (elsewh)"),
        ({}, "as logged in a"),
    ],
)
def test_scores_are_of_surveys_and_a_question(configuration: dict[str, object], kind: str) -> None:
    assert score_kind(Log("a/b", Path(), configuration), multilabel()) == kind
