"""Thinned lines: no spike is lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.figures.line_thinning import extremes

NUMBERS = st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([np.nan, np.inf])), max_size=60)


@given(NUMBERS, st.integers(2, 20))
@settings(max_examples=200, deadline=None)
def test_thinning_keeps_the_extremes(values: list[float], most: int):
    array = np.array(values)
    places = extremes(array, most)
    finite = array[np.isfinite(array)]
    assert len(places) <= max(most, 0)
    assert (np.diff(places) > 0).all()
    if len(finite):
        assert {finite.min(), finite.max()} <= set(array[places])
