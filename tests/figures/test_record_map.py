"""The map of records is as large as most of them need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.figures.europe_map import Ground
from sdm.figures.record_map import KEPT, record_map


def width(lon: np.ndarray, lat: np.ndarray) -> tuple[float, float]:
    """West and east edge of the map of these records."""
    table = pd.DataFrame({"lon": lon, "lat": lat, "state": KEPT})
    west, east = record_map(table, [KEPT], [], Ground("light")).plot.layout.xaxis.range
    return float(west), float(east)


HERE = np.linspace(7, 9, 200), np.linspace(46, 47, 200)


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (140.0, -30.0), (-170.0, 60.0)])
def test_a_few_outliers_do_not_shrink_it(lon: float, lat: float) -> None:
    west, east = width(np.append(HERE[0], [lon] * 2), np.append(HERE[1], [lat] * 2))
    assert 6 < west < 7 and 9 < east < 10


def test_beyond_europe_it_is_where_the_records_are() -> None:
    west, east = width(np.append(HERE[0] + 120, [0.0, -60.0]), np.append(HERE[1] - 70, [0.0, 10.0]))
    assert 126 < west < 128 and 128 < east < 130


def test_records_at_zero_alone_and_none_at_all() -> None:
    west, east = width(np.zeros(3), np.zeros(3))
    assert west < 0 < east
    width(np.full(2, np.nan), np.full(2, np.nan))
