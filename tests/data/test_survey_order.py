"""What follows what, and what is nearest: against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.data.record_types import PRESENCE_ABSENCE, PRESENCE_ONLY, SURVEY, record_type
from sdm.data.survey_order import following, nearness
from sdm.geo.distance import SiteIndex, distance_km
from tests.datasets import multilabel

AT = (9.3, 52.1)


def scattered(seed: int = 0) -> Dataset:
    """Twenty sites anywhere in Europe: some at one place, one nowhere, eight of them presence-only records."""
    data, random = multilabel(), np.random.default_rng(seed)
    lon, lat = random.uniform(-5, 25, 20).round(1), random.uniform(40, 65, 20).round(1)
    lon[11:13], lat[11:13] = lon[10], lat[10]
    lon[4] = np.nan
    source = np.where(np.arange(20) % 5 < 3, "PA-train", "PO-train")
    return replace(data, sites=data.sites.assign(lon=lon, lat=lat, source=source))


def shown(data: Dataset, rows: np.ndarray) -> SiteIndex:
    """The index of `rows` alone."""
    return SiteIndex.of(data.sites).where(np.isin(np.arange(len(data)), rows))


def by_distance(data: Dataset, rows: np.ndarray) -> list[int]:
    """Brute force: all with a position, by distance, then by row."""
    lon, lat = data.sites["lon"], data.sites["lat"]
    return sorted(
        (int(row) for row in rows if np.isfinite(lon[row])),
        key=lambda row: (round(distance_km(*AT, lon[row], lat[row]), 6), row),
    )


@pytest.mark.parametrize("seed", range(5))
def test_next_goes_by_distance_through_all_and_back(seed: int) -> None:
    data, rows = scattered(seed), np.delete(np.arange(20), [7, 15])
    order = by_distance(data, rows)
    assert len(order) == 17
    for place, row in enumerate(order):
        assert following(shown(data, rows), rows, row, 1, AT) == order[(place + 1) % len(order)]
        assert following(shown(data, rows), rows, row, -1, AT) == order[place - 1]


def test_from_a_survey_that_is_hidden_it_goes_on_where_that_would_stand() -> None:
    data = scattered()
    order = by_distance(data, np.arange(20))
    rows = np.sort(np.delete(order, 5))
    assert following(shown(data, rows), rows, order[5], 1, AT) == order[6]
    assert following(shown(data, rows), rows, order[5], -1, AT) == order[4]


def test_without_a_place_the_order_is_that_of_the_table() -> None:
    data, rows = scattered(), np.array([2, 4, 9])
    assert [following(shown(data, rows), rows, row, 1, None) for row in (2, 4, 9, 5)] == [4, 9, 2, 9]
    assert [following(shown(data, rows), rows, row, -1, None) for row in (2, 4, 9, 5)] == [9, 2, 4, 4]


@pytest.mark.parametrize("at", [AT, None])
def test_where_nothing_is_shown_nothing_follows(at: tuple[float, float] | None) -> None:
    assert following(shown(scattered(), np.array([], np.int64)), np.array([], np.int64), 3, 1, at) is None


@pytest.mark.parametrize("seed", range(5))
def test_nearest_is_by_record_type(seed: int) -> None:
    data, rows = scattered(seed), np.delete(np.arange(20), [0, 13])
    sites = data.sites
    order = by_distance(data, rows)
    for row in order:
        same = [other for other in order if sites["source"][other] == sites["source"][row]]
        others = [other for other in order if other not in same]
        near = nearness(data, shown(data, rows), row, AT)
        own = [round(distance_km(*AT, sites["lon"][other], sites["lat"][other]), 6) for other in same]
        assert near.rank == sum(km < own[same.index(row)] for km in own)
        assert [other.row for other in near.others] == others[:1]
        assert near.others[0].km == pytest.approx(
            distance_km(*AT, sites["lon"][others[0]], sites["lat"][others[0]])
        )
        assert {near.record, near.others[0].record} == {PRESENCE_ABSENCE, PRESENCE_ONLY}


def test_what_is_hidden_or_nowhere_has_no_rank() -> None:
    data = scattered()
    assert nearness(data, shown(data, np.array([1, 2])), 5, AT).rank is None
    assert nearness(data, shown(data, np.arange(20)), 4, AT).rank is None


def test_data_of_surveys_alone_have_one_type() -> None:
    data = multilabel()
    assert record_type(data, 3) == SURVEY
    assert nearness(data, shown(data, np.arange(20)), 3, AT).others == ()
