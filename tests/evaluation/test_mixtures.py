"""Mixtures tried out: the same that an ensemble of those weights would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.evaluation import mixtures
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.run_decoding import stored_predictions
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import multilabel

BY_F1 = parse_decoder("expected-f1")
WEIGHTS = (0.3, 0.7)


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    home = tmp_path_factory.mktemp("runs")
    for name, model in (("country", "country-frequency"), ("nearest", "nearest-surveys")):
        train(multilabel(), home / name, TrainingOptions(model), Runtime(device="cpu"))
    return [Run.open(home / name) for name in ("country", "nearest")]


def stored_of(run: Run, split: str) -> LabelledPredictions:
    return label(multilabel(), stored_predictions(run, split))


def test_it_scores_as_the_ensemble_does(members: list[Run]) -> None:
    data = multilabel()
    made = make_ensemble(members[0].path.parent / "both", members, WEIGHTS, data)
    for split in (s for s in made.card.scores if s != "validation"):  # there what is fitted is held out
        found, stored = [stored_of(run, split) for run in members], stored_of(made, split)
        mean = mixtures.mixture(WEIGHTS, [each.probabilities for each in found])
        np.testing.assert_allclose(mean, stored.probabilities, atol=2e-3)  # stored in half precision
        scored = mixtures.samples_f1(stored.truth, mean, parse_decoder(made.card.decoder or ""))
        assert scored == pytest.approx(made.card.scores[split]["samples-f1"].value)


def test_all_the_weight_on_one_is_that_one(members: list[Run]) -> None:
    found = stored_of(members[1], "test_near").probabilities
    mean = mixtures.mixture([0, 1], [np.full_like(found, np.nan), found])
    np.testing.assert_array_equal(mean, found)


@given(st.lists(st.floats(-1, 1e6), min_size=1, max_size=6), st.integers(0, 1000))
def test_shares_are_whole_and_make_the_total(values: list[float], total: int) -> None:
    shares = mixtures.apportion(values, total)
    assert sum(shares) == total
    assert min(shares) >= 0
    largest = max(values)
    if largest > 0:
        assert shares[values.index(largest)] == max(shares)
