"""What is recorded: a pure function of (seed, place, year, area, observer), shared with near plots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.virtual_europe.occurrence import (
    fields_at,
    known_probabilities,
    loadings,
    occurrence,
    probabilities,
    record,
)
from sdm.virtual_europe.sampling import Surveys, draw
from sdm.virtual_europe.visits import Visits


@pytest.fixture(scope="module")
def surveyed() -> Surveys:
    return draw("train", np.arange(700), 5)


def recorded(surveys: Surveys, count: int | None = None) -> np.ndarray:
    return record(surveys.places, surveys.visits, occurrence(surveys.places, count, surveys.visits.area))


def take(surveys: Surveys, rows: np.ndarray) -> Surveys:
    return replace(surveys, places=surveys.places[rows], visits=surveys.visits[rows])


def test_richness_and_prevalence(surveyed: Surveys) -> None:
    present = recorded(surveyed)
    assert 12 < present.sum(axis=1).mean() < 18
    assert present.sum(axis=1).min() >= 1
    assert present.mean(axis=0).max() < 0.44
    expected = probabilities(surveyed.places, area=surveyed.visits.area).sum(axis=1)
    assert present.sum(axis=1).mean() == pytest.approx(expected.mean(), rel=0.08)


def test_records_depend_on_the_survey_alone(surveyed: Surveys) -> None:
    some = take(surveyed, np.array([31, 4]))
    np.testing.assert_array_equal(recorded(some), recorded(take(surveyed, np.arange(40)))[[31, 4]])


def test_more_species_leave_the_named_ones_as_they_are(surveyed: Surveys) -> None:
    some = take(surveyed, np.arange(20))
    few, many = probabilities(some.places), probabilities(some.places, 440)
    np.testing.assert_allclose(many[:, :394], few, rtol=1e-9)
    assert 0 < many[:, 394:].mean() < few.mean()
    np.testing.assert_array_equal(recorded(some, 440)[:, :394], recorded(some))


def test_a_larger_plot_holds_what_a_smaller_one_does(surveyed: Surveys) -> None:
    where = surveyed.places[np.arange(100)]
    small, large = (
        record(where, Visits.standard(100, area), occurrence(where, area=area)) for area in (10.0, 1000.0)
    )
    rich = small.sum(axis=1) > 1  # a plot with one species may only have it for not being empty
    assert (small & ~large)[rich].sum() == 0
    assert large.sum() > 1.5 * small.sum()


def test_shared_fields_have_unit_variance_and_loadings_leave_room(surveyed: Surveys) -> None:
    values = fields_at(surveyed.places)
    assert values.std() == pytest.approx(1, abs=0.03)
    shared = (loadings(394) ** 2).sum(axis=0)
    np.testing.assert_allclose(shared, shared[0])
    assert 0.3 < shared[0] < 0.8


def test_the_oracle_is_right_on_average(surveyed: Surveys) -> None:
    chance = occurrence(surveyed.places, area=surveyed.visits.area)
    known = known_probabilities(surveyed.places, surveyed.visits, chance)
    present = recorded(surveyed)
    for low, high in ((0.05, 0.2), (0.2, 0.5), (0.5, 0.9)):
        some = (known > low) & (known < high)
        assert present[some].mean() == pytest.approx(known[some].mean(), abs=0.03)
    assert known.mean() == pytest.approx(probabilities(surveyed.places, area=surveyed.visits.area).mean(), rel=0.1)
