"""The area of applicability beside a direct computation, and what is outside it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from sdm.analysis.applicability import applicability_of
from sdm.errors import DataError
from sdm.modalities import ENVIRONMENT_VARIABLES

NUMERIC = np.array([predictor.kind == "number" for predictor in ENVIRONMENT_VARIABLES])
RANDOM = np.random.default_rng(0)


def cloud(count: int = 300) -> np.ndarray:
    return RANDOM.normal(5, 2, (count, len(NUMERIC))) @ np.diag(RANDOM.uniform(0.1, 30, len(NUMERIC)))


def test_it_is_the_published_index() -> None:
    values, fold = cloud(), np.arange(300) % 5
    found = applicability_of(values, fold)
    used = values[:, NUMERIC]
    points = (used - used.mean(0)) / used.std(0)
    unit = pdist(points).mean()
    assert found.unit == pytest.approx(unit, rel=0.01)
    apart = cdist(points, points)
    own = np.array([apart[i, fold != fold[i]].min() for i in range(300)]) / found.unit
    whisker = np.quantile(own, 0.75) + 1.5 * np.subtract(*np.quantile(own, [0.75, 0.25]))
    assert found.threshold == pytest.approx(own[own <= whisker].max())
    new = cloud(40)
    expected = cdist((new[:, NUMERIC] - used.mean(0)) / used.std(0), points).min(1) / found.unit
    np.testing.assert_allclose(found.dissimilarity(new), expected, rtol=1e-6)


def test_training_surveys_are_inside_and_a_far_environment_is_not() -> None:
    values = cloud()
    found = applicability_of(values, np.arange(300) % 5)
    np.testing.assert_allclose(found.dissimilarity(values), 0, atol=1e-6)
    assert (found.dissimilarity(values[:5] + 100 * values.std(0)) > found.threshold).all()


def test_missing_predictors_count_as_the_mean_and_a_place_without_any_is_unknown() -> None:
    values = cloud()
    found = applicability_of(values, np.arange(300) % 5)
    gone = np.full((1, values.shape[1]), np.nan)
    assert np.isnan(found.dissimilarity(gone)).all()
    centre = values.mean(axis=0, keepdims=True)
    some = np.where(np.arange(values.shape[1]) % 2, centre, np.nan)
    np.testing.assert_allclose(found.dissimilarity(some), found.dissimilarity(centre), rtol=1e-6)


def test_one_fold_or_nothing_that_varies() -> None:
    assert np.isfinite(applicability_of(cloud(), np.zeros(300, int)).threshold)
    with pytest.raises(DataError, match="do not differ"):
        applicability_of(np.ones((10, len(NUMERIC))), np.arange(10) % 5)
