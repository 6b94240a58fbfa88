"""Intervals of shares."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from sdm.evaluation.metrics.intervals import wilson


def test_published_value() -> None:
    low, high = wilson(81, 263)  # Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857, table I
    assert (round(float(low), 4), round(float(high), 4)) == (0.2553, 0.3662)


@given(some.integers(0, 500), some.integers(1, 500))
def test_the_interval_holds_the_share(part: int, whole: int) -> None:
    part = min(part, whole)
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


def test_nothing_counted_is_unknown() -> None:
    low, high = wilson(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert np.isfinite(low[1])
