"""Reference scores of what sees nothing of a survey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.evaluation.reference_scores import uninformed_scores
from tests.datasets import multiclass, multilabel, regression


def test_a_random_guess_errs_twice_as_much_as_the_mean() -> None:
    """Guesses have the variance of the values too: mean squared error 2 var instead of var."""
    values = np.random.default_rng(0).uniform(1, 9, 2000).astype(np.float32)
    whole = regression()
    repeated = whole.take(np.arange(2000) % 20)
    sites = repeated.sites.assign(survey_id=np.arange(2000))
    targets = replace(repeated.targets, values=values, known=np.ones(2000, bool))
    data = replace(repeated, sites=sites, targets=targets)
    scores = uninformed_scores(data, "validation", "block")
    mean, guess = (scores[name]["mse"].value for name in ("class-frequency", "random-guess"))
    assert mean == pytest.approx(64 / 12, rel=0.15)
    assert guess == pytest.approx(2 * mean, rel=0.2)
    assert scores["class-frequency"]["r2"].value == pytest.approx(0, abs=0.02)


def test_baselines_of_classes_without_information() -> None:
    scores = uninformed_scores(multiclass(), "test_near", "block")
    assert scores["class-frequency"]["accuracy"].value == pytest.approx(1 / 3)
    assert 0 <= scores["random-guess"]["accuracy"].value <= 1
    assert uninformed_scores(multilabel(), "test_near", "block") == {}
