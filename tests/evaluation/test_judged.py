"""Stored predictions beside records: kept whole or in part they are judged alike; cuts, stops and coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import binom

from sdm.data.dataset import Dataset
from sdm.evaluation.calibration import CALIBRATIONS, Calibration, bin_probabilities, calibrate
from sdm.evaluation.conformal import ConformalSets, fit_conformal
from sdm.evaluation.decoding import DECODERS, SPECIES_THRESHOLDS, parse_decoder
from sdm.evaluation.judged import Judged, judged
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.reliability import binned, calibrated, through
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.set_size import LEVELS, curve, cuts, own_decoders, stops, worth
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
def truncated(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """The same, but only the two most probable species were kept."""
    monkeypatch.setattr(predictions, "MOST_DENSE", 0)
    monkeypatch.setattr(predictions, "TOP", 2)
    data = multilabel()
    return judged(data, stored(data, VALIDATION, PROBABILITY))


@pytest.fixture
def whole() -> Judged:
    data = multilabel()
    return judged(data, stored(data, VALIDATION, PROBABILITY))


def test_what_is_not_known_is_not_judged() -> None:
    data = multilabel()
    found = judged(data, stored(data, np.array([11, 12]), PROBABILITY[:2]))
    assert found.sites.tolist() == [12]
    assert found.truth.toarray().tolist() == data.targets.values[[12]].toarray().tolist()
    assert (
        len(
            judged(
                replace(data, sites=data.sites.assign(source="elsewhere")), stored(data, VALIDATION, PROBABILITY)
            )
        )
        == 0
    )


def test_recorded_species_keep_their_probability_whatever_was_kept(whole: Judged, truncated: Judged) -> None:
    assert truncated.species is not None
    row, place = truncated.truth.nonzero()
    column = truncated.species[row, place]
    assert sorted(zip(row, column, strict=True)) == sorted(zip(*whole.truth.nonzero(), strict=True))
    np.testing.assert_array_equal(truncated.probability[row, place], whole.probability[row, column])
    total = truncated.probability.sum(axis=1) + truncated.elsewhere
    np.testing.assert_allclose(total, PROBABILITY.sum(axis=1), rtol=1e-3)


def test_a_sample_is_even_and_by_row() -> None:
    data = multilabel()
    rows = np.array([14, 12, 13])
    found = judged(data, stored(data, rows, PROBABILITY))
    assert found.sites.tolist() == [14, 12, 13]
    everything = found.sample(SPECIES, 10**6)
    assert everything.sites.tolist() == [12, 13, 14]
    np.testing.assert_array_equal(everything.probability, PROBABILITY[[1, 2, 0]])
    assert everything.probability.dtype == np.float32
    some = found.sample(SPECIES, 2 * SPECIES + 1)
    assert some.sites.tolist() == [12, 14]
    np.testing.assert_array_equal(some.truth.toarray(), everything.truth.toarray()[[0, 2]])
    assert len(found.sample(SPECIES, 1)) == 1


def test_a_sample_of_the_most_probable_has_a_column_per_class(whole: Judged, truncated: Judged) -> None:
    given, kept = whole.sample(SPECIES, 10**6), truncated.sample(SPECIES, 10**6)
    assert kept.species is None
    np.testing.assert_array_equal(kept.truth.toarray(), given.truth.toarray())
    placed = np.argsort(np.argsort(-PROBABILITY, axis=1), axis=1) < 2
    placed |= given.truth.toarray() != 0
    np.testing.assert_array_equal(kept.probability[placed], PROBABILITY[placed])
    np.testing.assert_allclose(kept.probability.sum(axis=1), PROBABILITY.sum(axis=1), rtol=1e-3)
    for row, there in zip(kept.probability, placed, strict=True):
        assert len(set(row[~there].tolist())) <= 1


@pytest.mark.parametrize("text", ["top-k:2", "threshold:0.9", SPECIES_THRESHOLDS])
def test_sets_are_worth_the_same_whatever_was_kept(whole: Judged, truncated: Judged, text: str) -> None:
    decoder = parse_decoder(text, np.full(SPECIES, 0.9, np.float32))
    assert worth(truncated, decoder) == worth(whole, decoder)
    truth, values = whole.truth, whole.probability
    score = METRICS["samples-f1"].score(truth, decoder.decode(values), bootstrap=True)
    assert worth(whole, decoder).f1 == score


def test_a_cut_is_its_decoder(whole: Judged) -> None:
    found = cuts(whole)
    for k, f1 in enumerate(found.top_k, start=1):
        assert f1 == pytest.approx(worth(whole, parse_decoder(f"top-k:{k}")).f1.value)
    for level, f1, size in zip(LEVELS[::6], found.threshold[::6], found.threshold_size[::6], strict=True):
        expected = worth(whole, parse_decoder(f"threshold:{level:g}"))
        assert (f1, size) == (pytest.approx(expected.f1.value), pytest.approx(expected.size))


def test_sizes_beyond_what_was_kept_are_not_told(whole: Judged, truncated: Judged) -> None:
    """Two places, but species elsewhere: at a low threshold a set has more than was kept."""
    assert whole.unseen is None
    assert truncated.unseen is not None
    nowhere = np.argsort(np.argsort(-PROBABILITY, axis=1), axis=1) >= 2
    nowhere &= whole.truth.toarray() == 0
    assert (truncated.unseen >= np.where(nowhere, PROBABILITY, 0).max(axis=1) - 1e-6).all()
    assert (truncated.unseen <= np.sort(PROBABILITY, axis=1)[:, -2]).all()
    found, right = cuts(truncated), cuts(whole)
    told = np.isfinite(found.threshold_size)
    assert told.tolist() == (np.asarray(LEVELS) > truncated.unseen.max()).tolist()
    assert not told.all()
    np.testing.assert_allclose(found.threshold_size[told], right.threshold_size[told])
    np.testing.assert_allclose(found.threshold[told], right.threshold[told])
    assert not np.isnan(right.threshold_size).any()
    every = ConformalSets(0.99, 0.0)
    assert np.isnan(every.coverage(truncated.truth, truncated.probability, truncated.unseen).size)
    assert every.coverage(whole.truth, whole.probability, whole.unseen).size == SPECIES


def test_every_kind_of_decoder_is_fitted_on_validation(run: Run, whole: Judged) -> None:
    texts = [str(decoder) for decoder in own_decoders(run.card, whole)]
    assert [text.partition(":")[0] for text in texts] == list(DECODERS)
    best = max(range(1, SPECIES + 1), key=lambda k: worth(whole, parse_decoder(f"top-k:{k}")).f1.value)
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
    parts = binned(data, stored(data, rows, values))
    assert len(parts.folds) > 1
    assert parts.whole.count.sum() == sum(part.count.sum() for part in parts.folds) == 9 * SPECIES
    far = binned(data, stored(data, np.array([18, 19]), values[:2]), folds=1)
    found = calibrated({"validation": parts, "test_far": far})
    assert list(found) == list(CALIBRATIONS)
    for bins in found.values():
        assert {split: each.count.sum() for split, each in bins.items()} == {
            "validation": 9 * SPECIES,
            "test_far": 2 * SPECIES,
        }
    assert list(calibrated({"test_far": far})) == ["none"]


def test_bins_go_through_a_calibration_as_their_pairs_do(whole: Judged) -> None:
    calibration = Calibration("temperature", 2.0)
    before = bin_probabilities(whole.truth, PROBABILITY)
    after = through(before, calibration)
    exact = bin_probabilities(whole.truth, calibrate(calibration, PROBABILITY))
    assert after.present.sum() == exact.present.sum()
    assert (after.count * after.mean).sum() == pytest.approx((exact.count * exact.mean).sum(), rel=1e-3)


def test_promises_are_the_same_whatever_was_kept(whole: Judged, truncated: Judged) -> None:
    sets = [fit_conformal(found.truth, found.probability, 0.3) for found in (whole, truncated)]
    assert sets[0] == sets[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("runs") / "mlp"
    train(multilabel(), path, TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    return Run.open(path)
