"""Blocks: which sites are drawn together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.survey_blocks import OWN_BLOCKS, SQUARES, block_title, survey_blocks
from tests.datasets import multilabel


def test_squares_of_a_degree_south_and_west_of_zero_too() -> None:
    lon, lat = [-0.5, 0.5, -0.4, 0.5], [-0.5, -0.5, -0.1, 0.5]
    assert survey_blocks(pd.DataFrame({"lon": lon, "lat": lat})).tolist() == [0, 1, 0, 2]


def test_a_survey_without_a_position_is_alone() -> None:
    sites = pd.DataFrame({"lon": [np.nan, np.nan, 5.0, 5.1], "lat": [50.0, 50.0, np.inf, 50.2]})
    assert len(np.unique(survey_blocks(sites))) == 4


def test_the_blocks_of_the_data_set_are_apart_for_each_source() -> None:
    sites = pd.DataFrame({"source": ["a", "a", "b"], "block": [3, 3, 3], "lon": [1.0, 9.0, 1.0], "lat": 0.0})
    assert survey_blocks(sites).tolist() == [0, 0, 1]


def test_the_title_says_what_is_drawn() -> None:
    data = multilabel()
    assert block_title(data) == SQUARES
    data.sites["block"] = 0
    assert block_title(data) == OWN_BLOCKS
    assert not survey_blocks(data.sites)[:15].any()
