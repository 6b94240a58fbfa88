"""Measures of a mountain have known answers, and statements that do not hold are called so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.analysis.simulation_check import COLUMNS
from sdm.errors import DataError
from sdm.virtual_mountain import measures
from sdm.virtual_mountain.validate import validate


def test_variance_shared_by_groups() -> None:
    group = pd.Series(np.repeat(np.arange(200), 3))
    rng = np.random.default_rng(0)
    values = pd.Series(2 * rng.standard_normal(200)[group] + rng.standard_normal(600))
    assert measures.shared_variance(values, group) == pytest.approx(0.8, abs=0.04)
    assert measures.shared_variance(pd.Series(rng.standard_normal(600)), group) == pytest.approx(0, abs=0.06)


def test_pixels_that_touch_are_one_field_point() -> None:
    table = pd.DataFrame({"pixel": [0, 1, 11, 5, 0, 99]}, index=[7, 8, 9, 10, 11, 12])
    point = measures.field_points(table, 10)
    assert point.nunique() == 3
    assert point[7] == point[8] == point[9] == point[11] != point[10]


def test_separability_of_the_same_and_of_distant_classes() -> None:
    rng = np.random.default_rng(0)
    one, same = rng.standard_normal((2, 4000, 2))
    assert measures._jeffries_matusita(one, same) == pytest.approx(0, abs=0.01)
    assert measures._jeffries_matusita(one, same + 9) == pytest.approx(2, abs=0.01)
    assert np.isnan(measures._jeffries_matusita(one[:3], same))


def test_clouds_that_cover_half_the_site_reach_far() -> None:
    row, column = np.divmod(np.arange(400), 20)
    west = pd.DataFrame({"pixel": np.flatnonzero(column < 10), "NDVI": 0.5})
    table = pd.concat([west.assign(month=month) for month in range(1, 13)])
    assert measures.cloud_reach(table, 20, 1) == pytest.approx(1, abs=0.06)
    assert row.max() == 19


def test_a_small_mountain_is_measured(mountain: Path) -> None:
    table = validate(mountain)
    assert list(table.columns) == list(COLUMNS)
    by = table.set_index("statement")
    assert not by.loc["field points", "within"]  # it has fewer
    assert by.loc["rows per series", "within"]
    assert by.loc["images later by", "within"]
    alike = by.loc[[name for name in by.index if name.startswith("variance of B8")], "measured"]
    assert alike.iloc[0] > alike.iloc[1]


def test_a_folder_without_a_mountain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no simulated mountain"):
        validate(tmp_path)
