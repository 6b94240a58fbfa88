"""Baselines against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sdm.geo.distance import EARTH_RADIUS_KM, unit_vectors
from sdm.models.baselines import (
    CountryFrequency,
    CountryFrequencyConfig,
    NearestSurveys,
    NearestSurveysConfig,
)
from sdm.models.preparation import fit_statistics, read_batch
from tests.datasets import multilabel


def predict(baseline: CountryFrequency | NearestSurveys) -> tuple[np.ndarray, np.ndarray]:
    """Predictions of all surveys, and the labels as a dense matrix."""
    dataset = multilabel()
    rows = dataset.rows("train")[:11]
    statistics = fit_statistics(dataset, dataset.rows("train"), ())
    baseline.fit(dataset, rows, statistics)
    batch = read_batch(dataset, np.arange(20), {}, statistics, targets=False)
    return baseline.predict(batch).numpy(), dataset.targets.values.toarray().astype(float)


def test_frequencies_fall_back_from_country_to_region_to_everywhere() -> None:
    dataset = multilabel()
    baseline = CountryFrequency(dataset.targets.kind, 7, CountryFrequencyConfig(fewest=3))
    out, labels = predict(baseline)
    np.testing.assert_allclose(out[0], labels[:9].mean(axis=0), rtol=1e-6)  # Denmark, nine surveys
    np.testing.assert_allclose(out[12], labels[:11].mean(axis=0), rtol=1e-6)  # two Dutch ones: the region's
    np.testing.assert_allclose(out[19], labels[:11].mean(axis=0), rtol=1e-6)  # an unknown region


def test_nearest_surveys_count_by_distance() -> None:
    dataset = multilabel()
    baseline = NearestSurveys(dataset.targets.kind, 7, NearestSurveysConfig(neighbours=2, softening_km=1.0))
    out, labels = predict(baseline)
    sites = dataset.sites
    places = unit_vectors(sites["lon"].to_numpy(), sites["lat"].to_numpy())
    far = EARTH_RADIUS_KM * np.arccos(places[19] @ places[[10, 9]].T)
    weight = 1 / (far + 1)
    expected = (weight[:, None] * labels[[10, 9]]).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(out[19], expected, rtol=1e-4)
    near = 1 / (EARTH_RADIUS_KM * np.arccos(places[4] @ places[3]) + 1)
    assert out[4] @ np.ones(7) == pytest.approx((labels[4].sum() + near * labels[3].sum()) / (1 + near), rel=1e-3)


def test_a_place_unknown_gets_the_mean() -> None:
    dataset = multilabel()
    baseline = NearestSurveys(dataset.targets.kind, 7, NearestSurveysConfig())
    _, labels = predict(baseline)
    site = torch.full((1, 4), torch.nan, dtype=torch.float64)
    np.testing.assert_allclose(baseline.predict({"site": site})[0], labels[:11].mean(axis=0), rtol=1e-6)
