"""Readings of a run: all are measured, what is fitted is held apart, the best can be stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy.sparse import csr_matrix

from sdm.cli import main
from sdm.cli.output import plain
from sdm.data.dataset import ArrayReader, Dataset, TargetKind
from sdm.errors import RunError
from sdm.evaluation.calibration import CALIBRATIONS
from sdm.evaluation.decoding import DECODERS, SPECIES_THRESHOLDS
from sdm.evaluation.decoding_search import (
    DecodingResult,
    decoding_results,
    f1_of,
    fit_decoding,
    store_decoding,
    uncalibrated_predictions,
)
from sdm.evaluation.held_out import held_out, map_folds
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.submissions.check import check_submission
from sdm.runs import Predictions, Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.datasets import multiclass, multilabel
from tests.submissions import NEAR_AND_FAR, sets, written


def drawn(surveys: int = 400, species: int = 60) -> tuple[LabelledPredictions, Dataset]:
    """Surveys in four blocks of the map, of a model whose logits are half of what they should be."""
    random = np.random.default_rng(0)
    chance = random.beta(0.3, 2, (surveys, species))
    truth = csr_matrix(random.random(chance.shape) < chance)
    odds = np.sqrt(chance / (1 - chance))
    few = multilabel()
    sites = few.sites.iloc[np.zeros(surveys, int)].reset_index(drop=True)
    sites["lon"] = np.arange(surveys) % 4 + 0.5
    data = replace(
        few, sites=sites, modalities=(), reader=ArrayReader({}),
        targets=replace(few.targets, values=truth, known=np.ones(surveys, bool),
                        classes=pd.DataFrame({"class_id": range(species), "name": "x"})),
    )  # fmt: skip
    probability = (odds / (1 + odds)).astype(np.float32)
    every = np.arange(surveys)
    return LabelledPredictions(every, data.targets, Predictions.of(sites, probability), every % 4), data


def test_every_calibration_with_every_decoder() -> None:
    found, data = drawn()
    every = decoding_results(found, data)
    assert {result.calibration for result in every} == CALIBRATIONS.keys()
    kinds = [result.decoder.partition(":")[0] for result in every]
    assert sorted(kinds) == sorted([*DECODERS] * len(CALIBRATIONS))
    of = {(result.calibration, result.decoder.partition(":")[0]): result for result in every}
    assert of["temperature", "expected-f1"].f1 > of["none", "expected-f1"].f1 + 0.02
    assert of["temperature", "top-k"].f1 == of["none", "top-k"].f1  # the order of species stays
    assert of["temperature", "top-k"].log_loss < of["none", "top-k"].log_loss
    assert of["isotonic", "top-k"].error < of["none", "top-k"].error / 5
    fitted = fit_decoding(found, of["temperature", "expected-f1"])
    assert fitted.calibration is not None
    assert fitted.calibration.temperature == pytest.approx(0.5, abs=0.05)


def test_what_is_fitted_is_measured_on_other_surveys() -> None:
    """Thresholds fitted to pure chance look better where they were fitted than where they were not."""
    found, data = drawn()
    random = np.random.default_rng(1)
    chance = found.with_probabilities(random.random(found.probabilities.shape).astype(np.float32))
    measured = next(r for r in decoding_results(chance, data) if r.decoder == SPECIES_THRESHOLDS)
    assert f1_of([fit_decoding(chance, measured)], chance)[0] > measured.f1


@pytest.mark.parametrize(("calibration", "decoder"), [("isotonic", "exact-f1"), ("none", SPECIES_THRESHOLDS)])
def test_what_is_kept_of_validation_was_held_out(calibration: str, decoder: str) -> None:
    found, data = drawn()
    result = next(r for r in decoding_results(found, data) if (r.calibration, r.decoder) == (calibration, decoder))
    fitted = fit_decoding(found, result)
    scored = score(fitted.calibrated(found), data, TargetKind.MULTILABEL, fitted.decoder)[0]
    calibrated, decodes = held_out(found, data, calibration, decoder)
    apart = score(calibrated, data, TargetKind.MULTILABEL, decodes)[0]
    assert apart["samples-f1"].value == pytest.approx(result.f1)
    assert apart["samples-f1"].low < result.f1 < apart["samples-f1"].high
    assert scored["samples-f1"].value > result.f1
    assert apart.keys() == scored.keys()


def test_each_block_is_decoded_by_what_the_others_say() -> None:
    """In one block every survey has the three most probable species, in the others the one most probable."""
    found, data = drawn()
    block = data.sites["lon"].to_numpy() == 2.5
    order = np.argsort(-found.probabilities, axis=1)
    truth = np.zeros(found.probabilities.shape, bool)
    np.put_along_axis(truth, order[:, :1], True, 1)
    np.put_along_axis(truth, order[:, 1:3], block[:, None], 1)
    data = replace(data, targets=replace(data.targets, values=csr_matrix(truth)))
    _, decodes = held_out(replace(found, targets=data.targets), data, "none", "top-k:7")
    assert len(map_folds(found, data)) == 4
    assert decodes.decode(found.probabilities).sum(axis=1).max() == 1
    assert (decodes.decode(found.probabilities).toarray() == (order[:, :1] == np.arange(60))).all()


def test_of_one_block_nothing_fitted_is_measured() -> None:
    found, data = drawn(40)
    one = replace(data, sites=data.sites.assign(lon=0.5))
    every = decoding_results(found, one)
    assert {result.calibration for result in every} == {"none"}
    assert SPECIES_THRESHOLDS not in {result.decoder for result in every}


@pytest.mark.parametrize("calibration", CALIBRATIONS)
@pytest.mark.parametrize("decoder", ["exact-f1", SPECIES_THRESHOLDS])
def test_what_is_stored_is_what_was_measured(run: Run, calibration: str, decoder: str) -> None:
    data = multilabel()
    found = uncalibrated_predictions(run, data)
    assert list(found) == ["validation", "test_far", "test_near"]
    fitted = fit_decoding(found["validation"], DecodingResult(calibration, decoder, 0.5, 0.1, 0.1))
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    after = store_decoding(run, fitted, found, data)
    changed = [path.name for path, content in before.items() if path.read_bytes() != content]
    assert changed == ["card.json"]
    assert after.card.decoder == decoder
    assert after.card.scores["validation"]["samples-f1"].defined == 3
    for split in ("test_far", "test_near"):
        of_split = after.card.scores[split]
        assert plain({"": of_split}) == plain({"": evaluate(after, data, split)})
        f1 = of_split["samples-f1"].value
        assert f1_of([fitted], found[split]) == [pytest.approx(f1)]
    again = uncalibrated_predictions(after, data)
    for split, each in found.items():
        np.testing.assert_array_equal(again[split].probabilities, each.probabilities)


def test_only_probabilities_of_species_with_validation_surveys(tmp_path: Path) -> None:
    single = train(multiclass(), tmp_path / "classes", recipe("country-frequency"), Runtime("cpu"))
    with pytest.raises(RunError, match="only probabilities of species"):
        uncalibrated_predictions(single, multiclass())
    path = written(tmp_path, sets(NEAR_AND_FAR))
    entry = import_run(path, tmp_path / "sets", multilabel(), check_submission(path, multilabel()))
    with pytest.raises(RunError, match="only probabilities of species"):
        uncalibrated_predictions(entry, multilabel())
    text = "surveyId,42,3\n" + "".join(f"{s},0.25,0.75\n" for s in NEAR_AND_FAR)
    path = written(tmp_path, text)
    entry = import_run(path, tmp_path / "tests-only", multilabel(), check_submission(path, multilabel()))
    with pytest.raises(RunError, match="no validation survey"):
        uncalibrated_predictions(entry, multilabel())


@pytest.fixture
def sdm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDM_DATA", str(tmp_path))
    monkeypatch.setattr("sdm.cli.evaluate.open_dataset", lambda _: multilabel())
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_the_command(sdm: Callable[..., Result], run: Run) -> None:
    shown = sdm("decode", run.path)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("*") == 1
    assert "with --store it is read by" in shown.stdout
    assert Run.open(run.path).card == run.card
    told = json.loads(sdm("decode", run.path, "--store", "--coverage", 0.5, "--json").stdout)
    card = Run.open(run.path).card
    assert card.decoder == told["chosen"]["decoder"]
    assert (card.calibration is None) == (told["chosen"]["calibration"] == "none")
    assert told["coverage"]["test_near"]["stated"] == 0.5
    best = max(row["f1"] for row in told["readings"])
    assert any(row["f1"] == best and row["decoder"] == card.decoder for row in told["readings"])
    f1 = METRICS["samples-f1"].name
    assert told["readings"][0]["test_near"] is not None
    assert f1 in card.scores["test_near"]
    wrong = sdm("decode", run.path, "--coverage", 1)
    assert wrong.exit_code == 2
    assert "above 0, below 1" in wrong.stderr
