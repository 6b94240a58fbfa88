"""Set sizes, reliability and coverage: the same of predictions stored in full and in part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import binom

from sdm.data.dataset import Dataset
from sdm.evaluation.calibration import CALIBRATIONS, Calibration, bin_probabilities, calibrate
from sdm.evaluation.calibration_report import calibrated, fold_bins, through
from sdm.evaluation.conformal import ConformalSets, fit_conformal
from sdm.evaluation.decoding import DECODERS, SPECIES_THRESHOLDS, parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.set_size import LEVELS, curve, decoder_score, own_decoders, set_size_scores, stops
from sdm.runs import Run, TrainingOptions, predictions
from sdm.runs.predictions import Predictions, pack
from sdm.training import Runtime, train
from tests.datasets import SPECIES, multilabel

VALIDATION = np.array([12, 13, 14])
RANDOM = np.random.default_rng(0)
PROBABILITY = RANDOM.random((3, SPECIES)).astype(np.float16).astype(np.float32)


def stored(data: Dataset, rows: np.ndarray, values: np.ndarray) -> Predictions:
    sites = data.sites.iloc[rows]
    truth = csr_matrix(data.targets.values[rows])
    return pack(sites["source"].to_numpy(), sites["survey_id"].to_numpy(np.int64), values, truth, None)


@pytest.fixture
def truncated(monkeypatch: pytest.MonkeyPatch) -> LabelledPredictions:
    """The same, but only the two most probable species were kept."""
    monkeypatch.setattr(predictions, "MOST_DENSE", 0)
    monkeypatch.setattr(predictions, "TOP", 2)
    data = multilabel()
    return label(data, stored(data, VALIDATION, PROBABILITY))


@pytest.fixture
def whole() -> LabelledPredictions:
    data = multilabel()
    return label(data, stored(data, VALIDATION, PROBABILITY))


@pytest.mark.parametrize("text", ["top-k:2", "threshold:0.9", SPECIES_THRESHOLDS])
def test_sets_are_worth_the_same_whatever_was_kept(
    whole: LabelledPredictions, truncated: LabelledPredictions, text: str
) -> None:
    decoder = parse_decoder(text, np.full(SPECIES, 0.9, np.float32))
    assert decoder_score(truncated, decoder) == decoder_score(whole, decoder)
    truth, values = whole.truth, whole.probabilities
    score = METRICS["samples-f1"].score(truth, decoder.decode(values), whole.blocks)
    assert decoder_score(whole, decoder).f1 == score


def test_a_cut_is_its_decoder(whole: LabelledPredictions) -> None:
    found = set_size_scores(whole)
    for k, f1 in enumerate(found.top_k, start=1):
        assert f1 == pytest.approx(decoder_score(whole, parse_decoder(f"top-k:{k}")).f1.value)
    for level, f1, size in zip(LEVELS[::6], found.threshold[::6], found.threshold_size[::6], strict=True):
        expected = decoder_score(whole, parse_decoder(f"threshold:{level:g}"))
        assert (f1, size) == (pytest.approx(expected.f1.value), pytest.approx(expected.size))


def test_sizes_beyond_what_was_kept_are_not_told(
    whole: LabelledPredictions, truncated: LabelledPredictions
) -> None:
    """Two places, but species elsewhere: at a low threshold a set has more than was kept."""
    largest = truncated.entries.largest_elsewhere
    assert largest is not None
    found, right = set_size_scores(truncated), set_size_scores(whole)
    told = np.isfinite(found.threshold_size)
    assert told.tolist() == (np.asarray(LEVELS) > largest.max()).tolist()
    assert not told.all()
    np.testing.assert_allclose(found.threshold_size[told], right.threshold_size[told])
    np.testing.assert_allclose(found.threshold[told], right.threshold[told])
    assert not np.isnan(right.threshold_size).any()
    every = ConformalSets(0.99, 0.0)
    kept = truncated.recorded_entries, truncated.entries.probability, truncated.blocks
    assert np.isnan(every.coverage(*kept, largest).size)
    assert every.coverage(whole.truth, whole.entries.probability, whole.blocks).size == SPECIES


def test_every_kind_of_decoder_is_fitted_on_validation(run: Run, whole: LabelledPredictions) -> None:
    texts = [str(decoder) for decoder in own_decoders(run.card, whole)]
    assert [text.partition(":")[0] for text in texts] == list(DECODERS)
    best = max(range(1, SPECIES + 1), key=lambda k: decoder_score(whole, parse_decoder(f"top-k:{k}")).f1.value)
    assert str(decoder_of(run.card)) in texts
    card = replace(run.card, decoder="threshold:0.5")
    assert [text for text in map(str, own_decoders(card, whole)) if text.startswith("t")] == [
        f"top-k:{best}",
        "threshold:0.5",
    ]
    assert SPECIES_THRESHOLDS not in map(str, own_decoders(run.card, None))


def test_the_curve_holds_every_stop() -> None:
    probabilities, truth = np.array([0.9, 0.1, 0.6, 0.3], np.float32), np.array([0, 3])
    table = curve(probabilities, truth)
    assert table["k"].tolist() == [1, 2, 3, 4]
    np.testing.assert_allclose(table["probability"], [0.9, 0.6, 0.3, 0.1], rtol=1e-6)
    np.testing.assert_allclose(table["f1"], [2 / 3, 1 / 2, 4 / 5, 2 / 3])
    decoders = [parse_decoder(text) for text in ("top-k:3", "threshold:0.5", "exact-f1")]
    at = stops(probabilities, truth, decoders)
    assert at["size"].tolist()[:2] == [3, 2]
    assert at["expected_f1"].iloc[2] == pytest.approx(table["expected_f1"].max())
    for row in at.itertuples():
        assert row.f1 == pytest.approx(table["f1"].iloc[row.size - 1])
        assert row.expected_f1 == pytest.approx(table["expected_f1"].iloc[row.size - 1])
    assert "f1" not in curve(probabilities, None)


def test_the_curve_is_right_to_its_end() -> None:
    """Of all S species, 2 R / (S + R) is to be expected, R of them being present: of equal ones binomial."""
    species, p = 5016, 0.006
    end = curve(np.full(species, p, np.float64), None)["expected_f1"].iloc[-1]
    present = np.arange(300)
    chance = binom.pmf(present, species, p)
    assert end == pytest.approx(float((chance * 2 * present / (species + present)).sum()), abs=1e-9)


def test_a_set_that_is_no_head_of_the_ranking_has_its_own_expectation() -> None:
    odd = parse_decoder(SPECIES_THRESHOLDS, np.array([0.95, 0.5], np.float32))
    at = stops(np.array([0.9, 0.5], np.float32), None, [odd])
    both, one = 0.9 * 0.5, 0.1 * 0.5
    assert at["size"].tolist() == [2]  # the most probable species is always in it
    assert at["expected_f1"].iloc[0] == pytest.approx(both + (0.9 * 0.5 + one) * 2 / 3)


def test_each_fold_is_calibrated_by_the_others() -> None:
    data = multilabel()
    rows = np.arange(9)
    values = np.random.default_rng(1).random((9, SPECIES)).astype(np.float32)
    parts = fold_bins(label(data, stored(data, rows, values)), data)
    assert len(parts.folds) > 1
    assert parts.whole.count.sum() == sum(part.count.sum() for part in parts.folds) == 9 * SPECIES
    far = fold_bins(label(data, stored(data, np.array([18, 19]), values[:2])), data, folds=1)
    found = calibrated({"validation": parts, "test_far": far})
    assert list(found) == list(CALIBRATIONS)
    for bins in found.values():
        assert {split: each.count.sum() for split, each in bins.items()} == {
            "validation": 9 * SPECIES,
            "test_far": 2 * SPECIES,
        }
    assert list(calibrated({"test_far": far})) == ["none"]


def test_bins_go_through_a_calibration_as_their_pairs_do(whole: LabelledPredictions) -> None:
    calibration = Calibration("temperature", 2.0)
    before = bin_probabilities(whole.truth, PROBABILITY)
    after = through(before, calibration)
    exact = bin_probabilities(whole.truth, calibrate(calibration, PROBABILITY))
    assert after.present.sum() == exact.present.sum()
    assert (after.count * after.mean).sum() == pytest.approx((exact.count * exact.mean).sum(), rel=1e-3)


def test_promises_are_the_same_whatever_was_kept(
    whole: LabelledPredictions, truncated: LabelledPredictions
) -> None:
    sets = [fit_conformal(found.recorded_entries, found.entries.probability, 0.3) for found in (whole, truncated)]
    assert sets[0] == sets[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("runs") / "mlp"
    train(multilabel(), path, TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    return Run.open(path)
