"""Tested pairs equal a plain double loop; independent labels give no discovery, species that exclude each other
do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.sparse import csr_matrix
from scipy.special import expit, logit
from scipy.stats import binom

from sdm.data.dataset import TargetKind, Targets
from sdm.errors import DataError
from sdm.evaluation.confusion.levels import level, outcomes_at
from sdm.evaluation.confusion.outcomes import Outcomes
from sdm.evaluation.confusion.pair_null import PairNull, pair_null
from sdm.evaluation.confusion.pair_statistics import q_values, upper_tail
from sdm.evaluation.confusion.pair_tests import SCREEN, PairTests, pair_tests, species_to_test
from sdm.evaluation.confusion.presence import presence
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.runs.predictions import Predictions
from sdm.runs.top_classes import TopClasses
from tests.evaluation.confusion.dense import classes, judge


def labelled(truth: np.ndarray, probabilities: np.ndarray, top: int | None = None) -> LabelledPredictions:
    """Predictions of all species, or of the `top` most probable ones of each survey."""
    count, species = truth.shape
    targets = Targets(TargetKind.MULTILABEL, named(species), csr_matrix(truth), np.ones(count, bool))
    dense = None if top else probabilities
    tops = TopClasses.of(probabilities, csr_matrix(truth.shape), top) if top else None
    source = np.full(count, "PA")
    stored = Predictions(source, np.arange(count), species, dense, tops, None, truncated=top is not None)
    return LabelledPredictions(np.arange(count), targets, stored, np.arange(count))


def named(species: int) -> pd.DataFrame:
    return pd.DataFrame({"class_id": np.arange(species), "name": [f"s{i}" for i in range(species)]})


def results(
    truth: np.ndarray, probabilities: np.ndarray, predicted: np.ndarray, support: int, top: int | None = None
) -> PairTests:
    errors = judge(truth, predicted)
    columns = species_to_test(errors, support)
    null = pair_null(errors, columns, presence(labelled(truth, probabilities, top), columns))
    return pair_tests(errors, null, named(truth.shape[1]), support)


def matched(chances: np.ndarray, total: int) -> np.ndarray:
    """`chances` (n,) with one shift of their log-odds, so that they sum to `total`."""
    if total in (0, len(chances)):
        return np.full(len(chances), float(total > 0))
    level = logit(chances)
    return expit(level + brentq(lambda shift: expit(level + shift).sum() - total, -60, 60, xtol=1e-12))


def double_loop(
    truth: np.ndarray, probabilities: np.ndarray, predicted: np.ndarray, support: int
) -> dict[tuple[int, int], tuple[int, float, float]]:
    """(missed, predicted) -> surveys, expected, chance of as many or more, by convolution survey by survey."""
    found = {}
    misses, alarms = (truth > predicted).sum(axis=0), (predicted > truth).sum(axis=0)
    for a in range(truth.shape[1]):
        miss = np.zeros(len(truth))
        outside = predicted[:, a] == 0
        miss[outside] = matched(probabilities[outside, a], misses[a])
        for b in range(truth.shape[1]):
            surveys = int(((truth > predicted)[:, a] & (predicted > truth)[:, b]).sum())
            if a == b or surveys < support:
                continue
            inside, alarm = predicted[:, b] == 1, np.zeros(len(truth))
            alarm[inside] = matched(1 - probabilities[inside, b], alarms[b])
            number = np.ones(1)
            for chance in miss * alarm:
                number = np.convolve(number, [1 - chance, chance])
            found[a, b] = (surveys, float((miss * alarm).sum()), float(number[surveys:].sum()))
    return found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), support=st.integers(1, 3))
def test_equals_the_double_loop(seed: int, support: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = random.uniform(0.02, 0.98, (14, 5))
    truth, predicted = ((random.random((14, 5)) < share).astype(int) for share in (probabilities, 0.5))
    result = results(truth, probabilities, predicted, support)
    expected = double_loop(truth, probabilities, predicted, support)
    pairs = {(row.missed, row.predicted): row for row in result.pairs.itertuples()}
    assert pairs.keys() == expected.keys()
    for pair, (surveys, mean, tail) in expected.items():
        row = pairs[pair]
        assert (row.surveys, row.expected) == (surveys, pytest.approx(mean, rel=1e-5))
        assert row.ratio == pytest.approx(surveys / mean, rel=1e-5)
        if row.p_value <= SCREEN:
            assert row.p_value == pytest.approx(tail, rel=1e-5)
    misses, alarms = (truth > predicted).sum(axis=0) >= support, (predicted > truth).sum(axis=0) >= support
    assert result.tests == misses.sum() * alarms.sum() - (misses & alarms).sum()


def test_species_beyond_the_stored_ones_share_what_is_left() -> None:
    """As if each of them had an even share of the sum of all others."""
    random = np.random.default_rng(1)
    probabilities = 0.4 ** random.uniform(1, 7, (60, 12))
    truth = (random.random(probabilities.shape) < probabilities).astype(int)
    surveys = labelled(truth, probabilities, top=5)
    filled = np.asarray(surveys.predictions.matrix(), float)
    predicted = np.asarray(surveys.sets(parse_decoder("top-k:2")).toarray(), int)
    result = results(truth, probabilities, predicted, 1, top=5)
    expected = double_loop(truth, filled, predicted, 1)
    assert len(result.pairs) == len(expected) > 10
    for row in result.pairs.itertuples():
        # Small chances are multiplied, not shifted.
        assert row.expected == pytest.approx(expected[row.missed, row.predicted][1], rel=0.05)


def test_groups_are_recorded_where_a_member_is() -> None:
    random = np.random.default_rng(2)
    probabilities = random.uniform(0.01, 0.3, (40, 9))
    table = classes(9).assign(genus=np.repeat(["x", "y", "z"], 3))
    to = level(table, "genus")
    truth = (random.random(probabilities.shape) < probabilities).astype(int)
    at_genus = 1 - np.prod(1 - probabilities.reshape(40, 3, 3), axis=2)
    together = presence(labelled(truth, probabilities), np.arange(3), to)
    np.testing.assert_allclose(together.matrix(), at_genus, rtol=1e-6)
    np.testing.assert_allclose(presence(labelled(truth, probabilities), np.array([2, 0])).matrix(),
                               probabilities[:, [2, 0]])  # fmt: skip
    few = labelled(truth, probabilities, top=6)
    filled = np.asarray(few.predictions.matrix(), float)
    expected = 1 - np.prod(1 - filled.reshape(40, 3, 3), axis=2)
    np.testing.assert_allclose(presence(few, np.arange(3), to).matrix(), expected, rtol=0.05)
    predicted = (probabilities > 0.2).astype(int)
    errors = outcomes_at(csr_matrix(truth), csr_matrix(predicted), to)
    null = pair_null(errors, np.arange(3), together)
    assert pair_tests(errors, null, to.groups, 1).tests > 0


def niches(surveys: int, species: int, seed: int) -> np.ndarray:
    """Probabilities of species that share habitats: thirty of them along three gradients."""
    random = np.random.default_rng(seed)
    place, optimum = random.normal(size=(surveys, 3)), random.normal(size=(species, 3))
    distance = ((place[:, None] - optimum) ** 2).sum(axis=2)
    return expit(1.2 - distance * random.uniform(0.4, 1, species))


def read(probabilities: np.ndarray) -> np.ndarray:
    return (probabilities >= 0.35).astype(int)


def test_independent_labels_give_hardly_a_discovery() -> None:
    """False discoveries are rare, though by the totals alone dozens of pairs reach a lift of two."""
    found, by_totals = [], []
    for seed in range(8):
        probabilities = niches(500, 30, seed)
        random = np.random.default_rng(100 + seed)
        truth = (random.random(probabilities.shape) < probabilities).astype(int)
        result = results(truth, probabilities, read(probabilities), 5)
        found.append(len(result.discoveries))
        misses, alarms = (truth > read(probabilities)).sum(0), (read(probabilities) > truth).sum(0)
        pairs = result.pairs
        by_totals.append(
            (pairs["surveys"] * 500 >= 2 * misses[pairs["missed"]] * alarms[pairs["predicted"]]).sum()
        )
    assert np.mean([count > 0 for count in found]) <= 1 / 8
    assert min(by_totals) > 20


def test_a_model_that_is_wrong_about_prevalence_is_not_taken_for_confusion() -> None:
    """Half as likely as the model says, or twice: errors are more, but fall together no more often."""
    probabilities = niches(500, 30, 3)
    biased = expit(logit(probabilities) + np.where(np.arange(30) % 2, 1.0, -1.0))
    truth = (np.random.default_rng(0).random(biased.shape) < biased).astype(int)
    assert results(truth, probabilities, read(probabilities), 5).discoveries.empty


def test_species_that_exclude_each_other_are_found() -> None:
    """Species 3 and 8 have all but the same probabilities, and never occur together: one stands in for the
    other."""
    random = np.random.default_rng(4)
    probabilities = niches(2_000, 20, 4)
    probabilities[:, 3] = random.uniform(0.1, 0.5, 2_000)
    probabilities[:, 8] = np.clip(probabilities[:, 3] + random.normal(0, 0.1, 2_000), 0.02, 0.5)
    truth = (random.random(probabilities.shape) < probabilities).astype(int)
    one = random.random(2_000)
    truth[:, 3] = one < probabilities[:, 3]
    truth[:, 8] = (one >= probabilities[:, 3]) & (one < probabilities[:, 3] + probabilities[:, 8])
    found = results(truth, probabilities, read(probabilities), 5).discoveries
    assert {tuple(pair) for pair in found[["missed", "predicted"]].to_numpy()} == {(3, 8), (8, 3)}
    assert (found["ratio"] > 1.3).all()


def test_the_tail_of_rare_events_keeps_its_accuracy() -> None:
    chances = np.full((50, 2), 1e-4)
    np.testing.assert_allclose(upper_tail(chances, np.array([5, 0])), [binom.sf(4, 50, 1e-4), 1], rtol=1e-9)
    assert upper_tail(np.zeros((0, 1)), np.array([1])).tolist() == [0]


def test_tests_that_were_not_significant_count() -> None:
    assert q_values(np.array([0.03, 0.001]), 100).tolist() == [1.0, 0.1]
    assert q_values(np.zeros(0), 3).tolist() == []


def test_nothing_to_test() -> None:
    nothing = np.zeros((4, 3), int)
    result = results(nothing, np.full((4, 3), 0.5), nothing, 1)
    assert (result.tests, len(result.pairs), len(result.discoveries)) == (0, 0, 0)
    assert list(result.pairs)[:4] == ["missed", "predicted", "missed_name", "predicted_name"]


def test_a_predicted_species_needs_a_probability() -> None:
    errors: Outcomes = judge(np.zeros((3, 4), int), np.eye(3, 4, dtype=int))
    few = presence(labelled(np.zeros((3, 4), int), np.tile([0.1, 0.2, 0.3, 0.9], (3, 1)), top=1), np.arange(4))
    with pytest.raises(DataError, match="no stored probability"):
        pair_null(errors, np.arange(4), few)


def test_a_species_is_never_its_own_partner() -> None:
    truth, predicted = np.array([[1, 0], [0, 1]]), np.array([[0, 1], [1, 0]])
    errors = judge(truth, predicted)
    both = np.arange(2)
    null: PairNull = pair_null(errors, both, presence(labelled(truth, np.full((2, 2), 0.5)), both))
    assert np.diag(null.expected(both, both)).tolist() == [0, 0]
