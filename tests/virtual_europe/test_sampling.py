"""Surveys lie where surveys lie, and each is a pure function of its number."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.geo.coastline import is_land
from sdm.geo.regions import country
from sdm.virtual_europe.sampling import FAR_SHARES, SOURCES, TRAIN_SHARES, draw
from sdm.virtual_europe.write.records import survey_ids


def test_training_is_crowded() -> None:
    home = draw("train", np.arange(3000), 0).country
    assert np.isin(home, ["Denmark", "Netherlands"]).mean() == pytest.approx(0.72, abs=0.04)


def test_near_and_far_tests_share_no_country() -> None:
    assert not set(TRAIN_SHARES) & set(FAR_SHARES)
    assert set(draw("near", np.arange(300), 0).country) <= set(TRAIN_SHARES)
    assert set(draw("far", np.arange(300), 0).country) <= set(FAR_SHARES)


@pytest.mark.parametrize("source", SOURCES)
def test_surveys_are_on_land_and_at_home(source: str) -> None:
    surveys = draw(source, np.arange(400), 1)
    assert is_land(surveys.places.lon, surveys.places.lat).all()
    assert (country(surveys.places.lon, surveys.places.lat) == surveys.country).all()


@pytest.mark.parametrize("source", SOURCES)
def test_a_survey_is_the_same_in_any_company(source: str) -> None:
    whole, some = draw(source, np.arange(80), 0), draw(source, np.array([61, 8]), 0)
    np.testing.assert_array_equal(some.places.key, whole.places.key[[61, 8]])
    np.testing.assert_array_equal(some.places.lon, whole.places.lon[[61, 8]])
    np.testing.assert_array_equal(some.country, whole.country[[61, 8]])


def test_another_seed_is_another_world() -> None:
    first, second = (draw("train", np.arange(50), seed).places.lon for seed in (0, 1))
    assert not np.intersect1d(first, second).size


def test_presence_only_records_keep_to_roads() -> None:
    assert draw("po", np.arange(500), 0).places.roads.mean() > draw("far", np.arange(500), 0).places.roads.mean()


def test_survey_ids_are_unique_at_full_size() -> None:
    counts = {"train": 88_987, "near": 4_879, "far": 9_905}
    ids = np.concatenate([survey_ids(source, np.arange(count)) for source, count in counts.items()])
    assert len(np.unique(ids)) == len(ids)
    assert ids.max() < 5_010_113
    assert np.bincount(survey_ids("po", np.arange(3_850_000))).max() == 1
    assert survey_ids("train", np.array([0])) == 642  # short ids have short paths
