"""Mixtures tried out: the same that an ensemble of those weights would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.decoding import parse_decoder
from sdm.runs import Run, TrainConfig, mixture
from sdm.runs.ensemble import make_ensemble
from sdm.train import Circumstances, train
from tests.datasets import multilabel

BY_F1 = parse_decoder("expected-f1")
WEIGHTS = (0.3, 0.7)


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    home = tmp_path_factory.mktemp("runs")
    for name, model in (("country", "country-frequency"), ("nearest", "nearest-surveys")):
        train(multilabel(), home / name, TrainConfig(model), Circumstances(device="cpu"))
    return [Run.open(home / name) for name in ("country", "nearest")]


def test_it_scores_as_the_ensemble_does(members: list[Run]) -> None:
    data = multilabel()
    made = make_ensemble(members[0].path.parent / "both", members, WEIGHTS, data)
    for split in made.card.scores:
        found = [mixture.stored_of(run, data, split) for run in members]
        stored = mixture.stored_of(made, data, split)
        mean = mixture.mixture(WEIGHTS, [each.probabilities for each in found if each is not None])
        assert stored is not None
        np.testing.assert_allclose(mean, stored.probabilities, atol=2e-3)  # stored in half precision
        scored = mixture.samples_f1(stored, mean, parse_decoder(made.card.decoder or ""))
        assert scored == pytest.approx(made.card.scores[split]["samples-f1"].value)


def test_all_the_weight_on_one_is_that_one(members: list[Run]) -> None:
    found = mixture.stored_of(members[1], multilabel(), "test_near")
    assert found is not None
    mean = mixture.mixture([0, 1], [np.full_like(found.probabilities, np.nan), found.probabilities])
    np.testing.assert_array_equal(mean, found.probabilities)


def test_nothing_stored_or_known_is_none(members: list[Run]) -> None:
    assert mixture.stored_of(members[0], multilabel(), "elsewhere") is None
    unknown = multilabel()
    unknown.targets.known[:] = False
    assert mixture.stored_of(members[0], unknown, "test_near") is None


def test_of_very_many_surveys_an_even_sample(members: list[Run], monkeypatch: pytest.MonkeyPatch) -> None:
    every = mixture.stored_of(members[0], multilabel(), "test_near")
    monkeypatch.setattr(mixture, "MOST_PAIRS", 2 * members[0].card.width)
    some = mixture.stored_of(members[0], multilabel(), "test_near")
    assert every is not None
    assert some is not None
    assert some.rows.tolist() == [every.rows[0], every.rows[-1]]


@given(st.lists(st.floats(-1, 1e6), min_size=1, max_size=6), st.integers(0, 1000))
def test_shares_are_whole_and_make_the_total(values: list[float], total: int) -> None:
    shares = mixture.apportion(values, total)
    assert sum(shares) == total
    assert min(shares) >= 0
    largest = max(values)
    if largest > 0:
        assert shares[values.index(largest)] == max(shares)
