"""A calibration on the card reaches whatever leaves the run: predictions, stored and new, decoders, records."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sdm.cli.output import plain
from sdm.errors import RunError
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.decoding import SPECIES_THRESHOLDS
from sdm.evaluation.labelled_predictions import label
from sdm.evaluation.metrics import class_scores
from sdm.evaluation.run_decoding import decoder_of, stored_predictions
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import open_model, predict_or_recall
from sdm.inference.loaded_model import load_model
from sdm.runs import Run
from sdm.runs.card import ModelCard
from sdm.runs.predictions import Predictions, pack
from sdm.runs.records import Calibration
from tests.datasets import SPECIES, multilabel
from tests.sealed import edit

CHECKPOINTS = Path(__file__).resolve().parents[2] / "checkpoints"
ISOTONIC = Calibration("isotonic", given=(0.0, 0.3, 1.0), true=(0.0, 0.6, 1.0))
CALIBRATIONS = (Calibration("temperature", 2.5), ISOTONIC)


def changed(run: Run, **fields: object) -> Run:
    """`run` with another card."""
    replace(run.card, **fields).write(run.path / "card.json")  # type: ignore[arg-type]
    return Run.open(run.path)


@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda c: c.method)
def test_every_way_out_of_a_run_is_calibrated(run: Run, calibration: Calibration) -> None:
    data = multilabel()
    rows = data.rows("validation")
    given = predict_or_recall(run, data, rows).probabilities
    after = changed(run, calibration=calibration)
    assert after.card.calibration == calibration
    expected = calibrate(calibration, given)
    np.testing.assert_allclose(predict_or_recall(after, data, rows).probabilities, expected, rtol=1e-6)
    np.testing.assert_array_equal(predict_or_recall(after, data, rows, calibrated=False).probabilities, given)
    stored = stored_predictions(after, "validation")
    np.testing.assert_allclose(stored.rows(np.arange(3)), expected, atol=2e-3)
    assert stored.scores is not None
    raw = after.predictions("validation").scores
    assert raw is not None
    np.testing.assert_array_equal(stored.scores.auc, raw.auc)
    np.testing.assert_allclose(stored.scores.threshold, calibrate(calibration, raw.threshold), rtol=1e-6)
    assert load_model(after.path).predictor.width == SPECIES


def test_the_digest_changes_with_what_changes_a_prediction(run: Run) -> None:
    before = run.card.digest
    assert changed(run, calibration=ISOTONIC).card.digest != before
    assert changed(run, decoder="top-k:2", stored_scores={}).card.digest == before


def test_recording_keeps_what_the_model_gave(run: Run) -> None:
    after = changed(run, calibration=ISOTONIC, decoder="threshold:0.3")
    again = remeasure(after, multilabel(), ["validation", "test_near"])
    for split in ("validation", "test_near"):
        one, other = (each.predictions(split) for each in (run, again))
        assert one.dense is not None
        assert other.dense is not None
        np.testing.assert_array_equal(one.dense, other.dense)
        assert plain({"": again.card.scores[split]}) == plain({"": evaluate(again, multilabel(), split)})


def test_nothing_is_recorded_when_a_split_fails(run: Run) -> None:
    """All is measured before anything is written."""
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    with pytest.raises(Exception, match="moon"):
        remeasure(run, multilabel(), ["validation", "moon"])
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == before


def test_thresholds_per_species_decode_stored_and_new_predictions(run: Run) -> None:
    data = multilabel()
    thresholds = tuple(np.linspace(0.1, 0.7, SPECIES).tolist())
    after = changed(run, decoder=SPECIES_THRESHOLDS, thresholds=thresholds)
    found = predict_or_recall(after, data, data.rows("validation")).probabilities
    sets = decoder_of(after.card).decode(found).toarray()
    expected = found >= np.asarray(thresholds, np.float32)
    expected[np.arange(3), found.argmax(axis=1)] = True
    assert (sets == expected).all()
    assert str(decoder_of(after.card, "top-k:2")) == "top-k:2"
    with pytest.raises(RunError, match="no threshold per species"):
        decoder_of(run.card, SPECIES_THRESHOLDS)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> tuple[Predictions, Predictions, np.ndarray]:
    """Predictions of 40 surveys and 300 species, kept whole, and kept as tops; their probabilities."""
    random = np.random.default_rng(0)
    probability = (random.random((40, 300)) ** 8).astype(np.float32)
    truth = csr_matrix(random.random(probability.shape) < probability)
    whole = pack(np.full(40, "PA"), np.arange(40), probability, truth, class_scores(truth, probability))
    monkeypatch.setattr("sdm.runs.predictions.MOST_DENSE", 100)
    tops = pack(np.full(40, "PA"), np.arange(40), probability, truth, class_scores(truth, probability))
    return whole, tops, probability


@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda c: c.method)
def test_tops_are_calibrated_as_the_whole(
    many: tuple[Predictions, Predictions, np.ndarray], calibration: Calibration
) -> None:
    *stored, probability = many
    whole, tops = (each.transformed(partial(calibrate, calibration)) for each in stored)
    expected = calibrate(calibration, probability)
    rows = np.arange(40)
    np.testing.assert_allclose(whole.rows(rows), expected, atol=0.02)  # half precision is coarse next to 1
    order = np.argsort(-probability, axis=1)[:, :256]
    kept = np.take_along_axis(tops.rows(rows), order, axis=1)
    np.testing.assert_allclose(kept, np.take_along_axis(expected, order, axis=1), atol=0.02)
    assert tops.tops is not None
    tail = expected.sum(axis=1) - np.take_along_axis(expected, order, axis=1).sum(axis=1)
    # Isotonic is straight where the tail is; a temperature bends, and even shares are not quite the tail's own.
    np.testing.assert_allclose(tops.tops.tail, tail, atol=2e-3 if calibration.method == "isotonic" else 0.1)


def test_a_decoder_of_thresholds_finds_its_species_among_tops(
    many: tuple[Predictions, Predictions, np.ndarray], run: Run
) -> None:
    whole, tops, probability = many
    data = multilabel()
    sites = data.sites.iloc[np.arange(20).repeat(2)].reset_index(drop=True)
    sites["source"], sites["survey_id"] = "PA", np.arange(40)
    classes = data.targets.classes.iloc[np.zeros(300, int)].assign(class_id=np.arange(300)).reset_index(drop=True)
    targets = replace(data.targets, classes=classes, values=csr_matrix((40, 300)), known=np.ones(40, bool))
    wide = replace(data, sites=sites, targets=targets)
    thresholds = tuple(np.random.default_rng(1).uniform(0.3, 0.9, 300).tolist())
    card = replace(run.card, thresholds=thresholds, class_ids=tuple(range(300)), class_names=("x",) * 300)
    one, other = (
        label(wide, each).sets(decoder_of(card, SPECIES_THRESHOLDS)).astype(np.int8) for each in (whole, tops)
    )
    assert (one != other).nnz == 0
    assert one.nnz > 40
    assert probability.shape == one.shape


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thresholds", [0.5]),
        ("calibration", {"method": "temperature", "temperature": 0}),
        ("calibration", {"method": "platt"}),
        ("calibration", {"method": "isotonic", "given": [0, 1], "true": [0]}),
        ("members", [{"run": "../landsat-cnn", "weight": 1, "digest": "", "parameters": 1}]),
        ("members", [{"run": "a", "weight": 0.7, "digest": "", "parameters": 1}]),
        ("members", [{"run": "a", "weight": 0.5, "digest": "", "parameters": 1}] * 2),
    ],
)
def test_cards_with_odd_numbers_are_refused(run: Run, field: str, value: object) -> None:
    path = run.path / "card.json"
    edit(path, lambda card: card.update({field: value}))
    with pytest.raises(RunError):
        ModelCard.read(path)


SHIPPED = {path.parent.name: Run.open(path.parent) for path in sorted(CHECKPOINTS.glob("*/card.json"))}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_runs_are_valid(name: str) -> None:
    card = SHIPPED[name].card
    if card.predicts:
        assert open_model(SHIPPED[name]).width == card.width
    if card.weights is not None:
        assert card.weights.parameters < 12_000_000


def test_shipped_runs_are_of_all_kinds_and_small() -> None:
    assert any(run.card.calibration for run in SHIPPED.values())
    assert any(run.card.members for run in SHIPPED.values())
    files = [path.stat().st_size for path in CHECKPOINTS.rglob("*") if path.is_file()]
    assert sum(files) < 120e6
