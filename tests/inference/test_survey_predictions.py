"""Many surveys at once: equal to one at a time, in tables that a competition takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.errors import DataError
from sdm.evaluation.run_model import predict_or_recall
from sdm.evaluation.submissions.read import read_sets
from sdm.inference.survey_predictions import predict_surveys
from sdm.inference.survey_requests import PredictionRequest
from sdm.jobs import Cancelled
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import DATASETS


def trained(kind: str, folder: Path) -> Run:
    train(DATASETS[kind](), folder / kind, TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    return Run.open(folder / kind)


def asked(rows: list[int]) -> PredictionRequest:
    return PredictionRequest(np.array(rows, np.int64), np.arange(2, 2 + len(rows)), np.zeros(len(rows)))


def within(done: int, total: int, _what: str) -> None:
    assert 0 <= done <= total


def test_species_are_those_of_each_survey(tmp_path: Path) -> None:
    data, run = DATASETS["multilabel"](), trained("multilabel", tmp_path)
    found = predict_surveys(run, data, asked([7, 2]), "top-k:3", within)
    alone = predict_or_recall(run, data, np.array([7])).probabilities[0]
    best = {run.card.class_ids[i] for i in np.argsort(-alone)[:3]}
    assert set(map(int, found.submission["predictions"][0].split())) == best
    assert found.submission["surveyId"].tolist() == data.sites["survey_id"].iloc[[7, 2]].tolist()
    assert found.table["probability"].iloc[0] == pytest.approx(alone.max(), abs=1e-4)
    path = tmp_path / "submission.csv"
    found.submission.to_csv(path, index=False)
    assert len(read_sets(path)) == 2


def test_numbers_come_as_values(tmp_path: Path) -> None:
    found = predict_surveys(trained("regression", tmp_path), DATASETS["regression"](), asked([0, 1]), "", within)
    assert list(found.submission.columns) == ["surveyId", "value"]


def test_nothing_asked_is_said_and_a_stop_stops(tmp_path: Path) -> None:
    data, run = DATASETS["multiclass"](), trained("multiclass", tmp_path)
    with pytest.raises(DataError, match="no survey"):
        predict_surveys(run, data, asked([]), "top-k:1", within)

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        predict_surveys(run, data, asked([1]), "top-k:1", stop)
