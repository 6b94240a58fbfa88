"""Leaves and snow follow the day and the height."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sdm.virtual_mountain.land import Land, make_land
from sdm.virtual_mountain.parameters import LABELLED, Mountain, acquisitions, covers
from sdm.virtual_mountain.season import canopy

LARCH, BROAD, CONIFER = 0, 1, 2


@pytest.fixture(scope="module")
def land(small: Mountain) -> Land:
    """Flat, without differences between pixels; a third each of larch, broadleaves and evergreens."""
    flat = np.zeros((30, 30), np.float32)
    made = make_land(LABELLED, 30, 0, small)
    cover = np.repeat(np.arange(3), 300).reshape(30, 30).astype(np.uint8)
    return replace(made, height=flat + 600, spring=flat, autumn=flat, cover=cover, snow_patches=flat)


def on(land: Land, month: int, day: int, cover: int) -> np.ndarray:
    image = replace(acquisitions(LABELLED.name)[month - 1], day=date(2022, month, day))
    return canopy(land, image).leaves[:, land.cover == cover].mean(axis=1)


def test_parts_of_the_canopy_sum_to_one(land: Land) -> None:
    for image in acquisitions(LABELLED.name):
        state = canopy(land, image)
        assert state.leaves.sum(axis=0) == pytest.approx(1, abs=1e-5)
        assert (state.leaves > -1e-6).all()
        assert ((state.snow >= 0) & (state.snow <= 1)).all()


def test_half_the_leaves_are_out_on_the_day_of_the_table(land: Land) -> None:
    assert covers()[BROAD].spring == 126
    assert on(land, 5, 6, BROAD)[0] == pytest.approx(0.5, abs=0.01)
    later = replace(land, spring=land.spring + 10)
    assert on(later, 5, 16, BROAD)[0] == pytest.approx(0.5, abs=0.01)


def test_larches_colour_after_broadleaves_and_are_bare_in_winter(land: Land) -> None:
    assert on(land, 10, 10, LARCH)[0] > 0.9 > 0.5 > on(land, 10, 10, BROAD)[0]
    assert on(land, 10, 28, LARCH)[1] > 0.5
    assert on(land, 1, 10, LARCH)[2] > 0.99


def test_snow_lies_high_and_is_seen_least_below_evergreens(land: Land) -> None:
    march = acquisitions(LABELLED.name)[2]
    low, high = (canopy(replace(land, height=land.height + rise), march).snow for rise in (-300, 500))
    assert low.max() < 0.01
    assert high[land.cover == CONIFER].mean() < high[land.cover == LARCH].mean() / 2
    assert canopy(land, acquisitions(LABELLED.name)[6]).snow.max() == 0
