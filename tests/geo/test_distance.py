"""Distances on the sphere, and the nearest survey."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.geo.distance import SiteIndex, distance_km

SITES = pd.DataFrame({"lon": [179.9, 5.0, np.nan, 5.0], "lat": [10.0, 52.0, 50.0, 60.0]})


def test_known_distances() -> None:
    assert distance_km(2.3522, 48.8566, -0.1276, 51.5072) == pytest.approx(343.6, abs=0.5)  # Paris to London
    assert distance_km(0, 90, 77, 90) == pytest.approx(0, abs=1e-9)
    assert distance_km(0, 0, 180, 0) == pytest.approx(20015.1, abs=0.1)


def test_nearest_equals_a_scan() -> None:
    random = np.random.default_rng(0)
    sites = pd.DataFrame({"lon": random.uniform(-180, 180, 300), "lat": random.uniform(-90, 90, 300)})
    index = SiteIndex.of(sites)
    for lon, lat in random.uniform((-180, -90), (180, 90), (50, 2)):
        distances = [distance_km(lon, lat, x, y) for x, y in sites.to_numpy()]
        row, km = index.nearest(lon, lat)
        assert row == int(np.argmin(distances)) and km == pytest.approx(min(distances))


def test_across_the_date_line_and_around_gaps() -> None:
    index = SiteIndex.of(SITES)
    assert index.nearest(-179.9, 10.0) == (0, pytest.approx(21.9, abs=0.1))
    assert index.nearest(5.0, 50.0)[0] == 1, "a survey without position is never nearest"


def test_no_survey_at_all() -> None:
    with pytest.raises(DataError, match="position"):
        SiteIndex.of(SITES.iloc[2:3]).nearest(5, 50)
