"""Surveys lie where surveys lie, and each is a pure function of its number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.geo.coastline import is_land
from sdm.geo.regions import country
from sdm.virtual_europe.sampling import FAR_SHARES, SOURCES, TRAIN_SHARES, _chosen, draw
from sdm.virtual_europe.smooth_fields import road_density
from sdm.virtual_europe.visits import STANDARD_OBSERVER, attention
from sdm.virtual_europe.write.records import survey_ids


def test_training_is_crowded() -> None:
    home = draw("train", np.arange(1500), 0).country
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


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 30))
def test_the_best_candidate_is_found_without_asking_all(seed: int, rounds: int, count: int) -> None:
    random = np.random.default_rng(seed)
    luck = np.where(random.random((rounds, count)) < 0.3, -np.inf, random.gumbel(size=(rounds, count)))
    most = random.uniform(0.5, 2.0, rounds * count)
    appeal, asked = most * random.random(rounds * count), []
    found = _chosen(luck, most, lambda at: asked.append(at) or appeal[at])
    score = luck + np.log(appeal).reshape(rounds, count)
    score[-1] = -500  # the last resort
    np.testing.assert_array_equal(found, score.argmax(axis=0) * count + np.arange(count))
    of = np.concatenate([*asked, np.zeros(0, int)])
    assert len(np.unique(of)) == len(of) <= np.isfinite(luck[:-1]).sum()


def test_presence_only_records_keep_to_roads() -> None:
    assert draw("po", np.arange(500), 0).places.roads.mean() > draw("far", np.arange(500), 0).places.roads.mean()


def test_roads_alone_are_those_of_the_place() -> None:
    there = draw("po", np.arange(200), 0).places
    np.testing.assert_array_equal(road_density(there.lon, there.lat), there.roads)


def test_survey_ids_are_unique_at_full_size() -> None:
    counts = {"train": 88_987, "near": 4_879, "far": 9_905}
    ids = np.concatenate([survey_ids(source, np.arange(count)) for source, count in counts.items()])
    assert len(np.unique(ids)) == len(ids)
    assert ids.max() < 5_010_113
    assert np.bincount(survey_ids("po", np.arange(3_850_000))).max() == 1
    assert survey_ids("train", np.array([0])) == 642  # short ids have short paths


def test_plots_of_a_site_lie_together() -> None:
    surveys = draw("train", np.arange(1200), 0)
    pairs = np.flatnonzero(surveys.site[:-1] == surveys.site[np.arange(1, 1200)])
    own, counts = np.unique(surveys.site, return_counts=True)
    crowded = own[counts.argmax()]
    at = surveys.places[surveys.site == crowded]
    assert counts.max() >= 5 and pairs.size < 1200
    assert np.ptp(at.lat) * 111 < 10
    near = draw("near", np.arange(300), 0)
    assert np.isin(near.site, own).mean() > 0.3, "the near test lies in sites of training"
    assert not np.isin(draw("far", np.arange(100), 0).site, own).any()
    assert (draw("po", np.arange(5), 0).site == -1).all()


def test_visits_keep_to_the_site() -> None:
    surveys = draw("train", np.arange(400), 0)
    _, first, back = np.unique(surveys.site, return_index=True, return_inverse=True)
    again = first[back] != np.arange(400)
    assert (surveys.visits.area == surveys.visits.area[first[back]])[again].mean() > 0.6
    assert 10 <= np.median(surveys.visits.area) <= 25


def test_attention_of_the_standard_observer_is_none() -> None:
    assert attention(np.array([STANDARD_OBSERVER]))[0] == 0
    assert 0.3 < attention(np.arange(1, 200_000, 997)).std() < 1
