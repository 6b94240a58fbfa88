"""The effort behind presence-only records is a function of the place."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.effort import effort
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.measures.presence_only import presence_only_statements


def test_effort_falls_away_from_town() -> None:
    paris, near, remote = effort(places(np.array([2.35, 2.6, 3.5]), np.array([48.86, 48.75, 44.6]), 2019, 0))
    assert paris > near > remote > 0


def test_three_statements() -> None:
    assert len(list(presence_only_statements(0, records=20))) == 3
