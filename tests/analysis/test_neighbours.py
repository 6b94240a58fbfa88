"""Most similar surveys: the KD-tree equals a plain search, for each modality."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.analysis.neighbours import FARTHEST, fit_similarity
from sdm.data.dataset import ArrayReader, Dataset
from sdm.errors import DataError, UnknownNameError
from sdm.modalities import ENVIRONMENT, MODALITIES
from tests.datasets import ROWS, multilabel

ALL = np.arange(ROWS)


def of(environment: np.ndarray) -> Dataset:
    return replace(multilabel(), reader=ArrayReader({"environment": environment.astype(np.float32)}))


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_survey_is_most_like_itself(modality: str):
    data = multilabel()
    index = fit_similarity(data, ALL, modality)
    values = data.reader.read(modality, np.array([8]))[0]
    found = index.nearest(values, count=3)
    assert found["row"].iloc[0] == 8 and found["distance"].iloc[0] == pytest.approx(0, abs=1e-6)
    others = index.nearest(values, count=3, exclude=8)
    assert 8 not in others["row"].tolist() and others["rank"].tolist() == [1, 2, 3]
    if not modality.endswith("patch"):  # the fixture's patches differ in brightness, their deviations are noise
        assert set(others["row"]) <= {6, 7, 9, 10}
    assert 3 not in index.rows  # it has no file


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_equals_a_plain_search(seed: int):
    random = np.random.default_rng(seed)
    values = random.normal(size=(ROWS, 64)).astype(np.float32)
    values[random.random(values.shape) < 0.1] = np.nan
    index = fit_similarity(of(values), ALL, "environment")
    placed = np.nan_to_num(np.clip(index.scale(ENVIRONMENT.features(values)), -FARTHEST, FARTHEST))
    plain = np.sqrt(np.mean((placed - placed[4]) ** 2, axis=1))
    found = index.nearest(values[4], count=5)
    assert found["row"].tolist() == np.argsort(plain)[:5].tolist()
    np.testing.assert_allclose(found["distance"], np.sort(plain)[:5], atol=1e-9)


def test_known_distance_in_spreads():
    values = np.zeros((ROWS, 64))
    values[:, 0] = np.arange(ROWS)  # one telling feature
    index = fit_similarity(of(values), ALL, "environment")
    found = index.nearest(values[10], count=1, exclude=10)
    assert found["distance"].iloc[0] == pytest.approx(1 / index.scale.spread[0])
    assert found["known"].iloc[0] == 1


def test_codes_and_outliers_do_not_rule():
    values = np.random.default_rng(0).normal(size=(ROWS, 64))
    values[0, 5] = 1e9
    index = fit_similarity(of(values), ALL, "environment")
    assert index.nearest(values[0], count=2)["distance"].iloc[1] < FARTHEST
    other = values[1].copy()
    other[20] = 17  # a land-cover class
    assert index.nearest(other, count=1)["distance"].iloc[0] == pytest.approx(0, abs=1e-6)


def test_known_share_counts_what_both_have():
    values = np.random.default_rng(0).normal(size=(ROWS, 64))
    values[2, :19] = np.nan
    index = fit_similarity(of(values), ALL, "environment")
    found = index.nearest(values[5], count=ROWS).set_index("row")
    features = len(index.scale.center)
    assert found.loc[2, "known"] == pytest.approx(1 - 19 / features) and found.loc[5, "known"] == 1


def test_fewer_surveys_than_asked():
    data = multilabel()
    index = fit_similarity(data, np.array([1, 3, 5]), "environment")
    assert len(index.nearest(data.reader.read("environment", np.array([0]))[0], count=10)) == 2
    only = fit_similarity(data, np.array([1]), "environment")
    assert only.nearest(data.reader.read("environment", np.array([1]))[0], exclude=1).empty


def test_errors_tell_what_to_do():
    data = multilabel()
    with pytest.raises(UnknownNameError, match="landsat"):
        fit_similarity(data, ALL, "sound")
    with pytest.raises(DataError, match="'landsat'"):
        fit_similarity(data, np.array([3]), "landsat")
    with pytest.raises(DataError, match="no climate"):
        fit_similarity(data, ALL, "climate").nearest(data.reader.read("climate", np.array([3]))[0])
