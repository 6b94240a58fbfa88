"""The environment against a training cloud with known medians, ranges and correlations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis
from scipy.stats import percentileofscore

from sdm.analysis import environment
from sdm.analysis.landcover import LEGENDS, meaning
from sdm.analysis.novelty import fit_reference, percentile, reference_of, shrunk_covariance
from sdm.analysis.robust_scale import fit_scale
from sdm.errors import DataError
from sdm.modalities import ENVIRONMENT_VARIABLES
from tests.datasets import multilabel

NAMES = [predictor.name for predictor in ENVIRONMENT_VARIABLES]
IS_CLASS = np.array([predictor.kind == "class" for predictor in ENVIRONMENT_VARIABLES])
BIO1, ELEVATION, IGBP, PH = (NAMES.index(n) for n in ("Bio1", "Elevation", "LandCover-1", "Soilgrid-phh2o"))


def cloud(count: int = 400, seed: int = 0) -> np.ndarray:
    """Normal predictors around 100 with spread 10; cropland and grassland; pH unknown at every third survey."""
    random = np.random.default_rng(seed)
    values = random.normal(100, 10, (count, 64)).astype(np.float32)
    values[:, IS_CLASS] = 1
    values[:, IGBP] = np.where(np.arange(count) % 4, 12, 10)
    values[::3, PH] = np.nan
    return values


def test_table_in_plain_words():
    values = cloud()[1]
    values[[ELEVATION, PH]] = np.nan, 65
    table = environment.table(values, reference_of(cloud())).set_index("name")
    assert len(table) == 64
    assert table.loc["Soilgrid-phh2o", ["title", "unit", "group"]].tolist() == ["soil pH (water)", "pH", "Soil"]
    assert table.loc["Soilgrid-phh2o", "value"] == pytest.approx(6.5)
    assert (
        table.loc["Elevation", "missing"]
        and np.isnan(table.loc["Elevation", ["value", "percentile"]].astype(float)).all()
    )
    assert table.loc["LandCover-1", "meaning"] == "cropland"
    assert table.loc["LandCover-1", "training_share"] == pytest.approx(0.75)
    assert np.isnan(table.loc["LandCover-1", "percentile"]) and np.isnan(table.loc["Bio1", "training_share"])
    assert table["source"].str.len().min() > 0


def test_table_without_a_reference():
    table = environment.table(cloud()[0])
    assert table[["percentile", "training_share"]].isna().all(axis=None)


def test_every_class_predictor_has_a_legend():
    assert set(LEGENDS) == {name for name, is_class in zip(NAMES, IS_CLASS, strict=True) if is_class}
    assert meaning("LandCover-2", 0) == "water" and meaning("LandCover-1", 255) == "unclassified"
    assert meaning("LandCover-1", 0) == "unknown code 0" and meaning("LandCover-1", 1.5) == "unknown code 1.5"
    assert meaning("LandCover-1", float("nan")) == ""


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(-1, 10))
def test_percentile_equals_the_plain_one(values: list[int], value: int):
    ordered = np.sort(np.array(values, np.float32))
    assert percentile(ordered, value) == pytest.approx(percentileofscore(values, value, kind="mean"))


def test_percentile_of_nothing():
    assert np.isnan(percentile(np.array([]), 1.0)) and np.isnan(percentile(np.array([1.0]), np.nan))


def test_scale_is_robust():
    values = np.random.default_rng(1).normal(5, 2, (4001, 3))
    values[:40, 0] = 1e6
    values[:, 2] = 0
    values[:10, 2] = 100
    scale = fit_scale(values)
    assert scale.center[:2] == pytest.approx([5, 5], abs=0.15)
    assert scale.spread[:2] == pytest.approx([2, 2], abs=0.15)
    assert scale.spread[2] == pytest.approx(np.std(values[:, 2]))
    constant = fit_scale(np.ones((9, 1)))
    assert np.isnan(constant(np.ones((2, 1)))).all()


def test_distance_is_mahalanobis_over_what_is_known():
    training = cloud()
    reference = reference_of(training)
    site = training[1]
    scaled = reference.scale(site[reference.used])
    inverse = np.linalg.inv(reference.covariance)
    full = mahalanobis(scaled, np.zeros_like(scaled), inverse) / np.sqrt(len(scaled))
    assert reference.distance(site[None])[0] == pytest.approx(full)
    partial = site.copy()
    partial[reference.used[5:]] = np.nan
    inverse = np.linalg.inv(reference.covariance[:5, :5])
    assert reference.distance(partial[None])[0] == pytest.approx(
        mahalanobis(scaled[:5], np.zeros(5), inverse) / np.sqrt(5)
    )


def test_distance_grows_outwards_and_knows_correlation():
    training = cloud()
    training[:, 1] = training[:, 0] + np.random.default_rng(5).normal(0, 1, len(training))
    reference = reference_of(training)
    centre = np.full(64, 100, np.float32)
    along, against, far = centre.copy(), centre.copy(), centre.copy()
    along[:2] = 120, 120
    against[:2] = 120, 80
    far[2] = 1000
    near, usual, odd, out = reference.distance(np.stack([centre, along, against, far]))
    assert near < usual < odd < out
    assert environment.outside(centre, reference).percentile < 5
    assert environment.outside(far, reference).percentile == 100


def test_a_usual_survey_lies_at_about_one():
    reference = reference_of(cloud())
    assert np.median(reference.distances) == pytest.approx(1, abs=0.1)
    fresh = reference.distance(cloud(seed=9))
    assert np.median(fresh) == pytest.approx(1, abs=0.15)


def test_exact_relations_do_not_rule_the_distance():
    training = cloud()
    training[:, 6] = training[:, 4] - training[:, 5]
    reference = reference_of(training)
    rounded = training[7].copy()
    before = reference.distance(rounded[None])[0]
    rounded[6] += 1  # a tenth of a spread
    assert reference.distance(rounded[None])[0] == pytest.approx(before, rel=0.1)


def test_beyond_the_training_range():
    training = cloud()
    training[:, ELEVATION] = np.linspace(0, 1000, len(training))
    training[:, NAMES.index("Bio5")] = 7
    reference = reference_of(training)
    site = np.median(np.nan_to_num(training, nan=100), axis=0)
    site[[ELEVATION, IGBP, BIO1, NAMES.index("Bio5")]] = 1500, 15, np.nan, 8
    beyond = environment.outside(site, reference).beyond
    assert beyond["name"].tolist() == ["Bio5", "Elevation", "LandCover-1"]
    assert beyond["beyond"].iloc[0] == np.inf and beyond["beyond"].iloc[1] == pytest.approx(50)
    assert beyond.loc[1, ["training_low", "training_high"]].tolist() == [0, 1000]
    assert beyond["meaning"].iloc[2] == "permanent snow and ice"
    assert environment.outside(training[0], reference).beyond.empty


def test_a_site_without_environment():
    found = environment.outside(np.full(64, np.nan, np.float32), reference_of(cloud()))
    assert np.isnan(found.distance) and np.isnan(found.percentile)
    assert found.used == 0 and found.usable > 40 and found.beyond.empty


def test_mostly_unknown_predictors_have_no_part_in_the_distance():
    training = cloud()
    training[:300, BIO1] = np.nan
    assert BIO1 not in reference_of(training).used


def test_covariance_is_positive_definite_whatever_is_missing():
    random = np.random.default_rng(3)
    values = random.normal(size=(12, 30))
    values[random.random(values.shape) < 0.4] = np.nan
    assert np.linalg.eigvalsh(shrunk_covariance(values)).min() > 0
    plenty = random.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 20_000)
    assert shrunk_covariance(plenty) == pytest.approx(np.array([[1, 0.76], [0.76, 1]]), abs=0.05)


def test_fit_reads_the_given_rows_alone():
    data = multilabel()
    reference = fit_reference(data, data.rows("train"))
    assert reference.surveys == 11  # survey 3 has no environment
    expected = data.reader.read("environment", data.rows("train"))[:, BIO1]
    np.testing.assert_array_equal(reference.ordered[BIO1], np.sort(expected[np.isfinite(expected)]))
    row = data.row_of(119)
    assert np.isfinite(
        environment.outside(data.reader.read("environment", np.array([row]))[0], reference).distance
    )
    with pytest.raises(DataError, match="environment"):
        fit_reference(data, np.array([3]))
    with pytest.raises(DataError, match="compare"):
        reference_of(np.full((4, 64), np.nan))
