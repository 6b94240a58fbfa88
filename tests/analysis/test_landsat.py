"""Landsat series with a known season, gap and trend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.analysis import landsat
from sdm.analysis.spectral_indices import measures
from sdm.modalities import LANDSAT, LANDSAT_YEARS, QUARTERS

NIR = measures(LANDSAT)["nir"]
SEASON = np.array([-30.0, 0, 30, 10])


def cube(slope: float = 0.0, noise: float = 0.0) -> np.ndarray:
    """Near infrared 100 with seasons, `slope` a year in stored units."""
    stored = np.full(LANDSAT.shape, 50, np.float32)
    dates = landsat.quarters()["date"]
    years = ((dates - dates.iloc[0]).dt.days / landsat.DAYS_A_YEAR).to_numpy().reshape(21, 4).T
    stored[3] = 100 + SEASON[:, None] + slope * years
    stored[3] += np.random.default_rng(2).normal(0, noise, (4, 21)) if noise else 0
    return stored


def test_quarters_are_those_of_the_data():
    table = landsat.quarters()
    assert len(table) == 84
    winter = table[(table["year"] == 2017) & (table["quarter"] == "winter")].iloc[0]
    assert (str(winter["start"].date()), str(winter["end"].date())) == ("2016-12-02", "2017-03-20")
    assert table["date"].is_monotonic_increasing
    gap = table["start"].to_numpy()[1:] - table["end"].to_numpy()[:-1]
    assert (gap == np.timedelta64(1, "D")).all()


def test_series_is_in_time_order():
    stored = cube()
    stored[3] = np.arange(84).reshape(4, 21)
    table = landsat.series(stored, NIR)
    first = table.iloc[:5][["year", "quarter"]].to_numpy().tolist()
    assert first == [[2000, q] for q in QUARTERS] + [[2001, "winter"]]
    np.testing.assert_allclose(table["value"].iloc[:5] * 255, [0, 21, 42, 63, 1], rtol=1e-6)


def test_gaps_have_dates():
    stored = cube()
    stored[3, 1:3, 4] = np.nan
    stored[:, :, 18:] = np.nan
    gaps = landsat.gaps(landsat.series(stored, NIR))
    assert gaps["quarters"].tolist() == [2, 12]
    assert [str(day.date()) for day in gaps["start"]] == ["2004-03-21", "2017-12-02"]
    assert [str(day.date()) for day in gaps["end"]] == ["2004-09-12", "2020-12-01"]
    assert landsat.gaps(landsat.series(cube(), NIR)).empty


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=84, max_size=84))
def test_gaps_cover_exactly_the_missing(missing: list[bool]):
    table = landsat.quarters().assign(value=np.where(missing, np.nan, 1.0))
    gaps = landsat.gaps(table)
    start, end = (gaps[side].to_numpy()[:, None] for side in ("start", "end"))
    day = table["date"].to_numpy()
    assert ((start <= day) & (day <= end)).any(axis=0).tolist() == missing
    assert gaps["quarters"].sum() == sum(missing)


def test_seasons():
    stored = cube()
    stored[3, 0, :3] = np.nan
    table = landsat.seasons(landsat.series(stored, NIR)).set_index("quarter")
    assert table.loc["winter", ["years", "missing"]].tolist() == [18, 3]
    np.testing.assert_allclose(table["median"] * 255, 100 + SEASON, rtol=1e-6)
    assert (table["std"] < 1e-6).all()


def test_year_by_quarter():
    stored = cube()
    stored[3, 2, 5] = 17
    stored[3, 0, 20] = np.nan
    table = landsat.year_by_quarter(landsat.series(stored, NIR))
    assert table.shape == (21, 4) and tuple(table.index) == LANDSAT_YEARS
    assert table.loc[2005, "summer"] == pytest.approx(17 / 255)
    assert np.isnan(table.loc[2020, "winter"])


def test_trend_without_noise_is_found_whatever_is_missing():
    stored = cube()
    stored[3] += np.arange(21, dtype=np.float32)  # one step a year: seasons cancel exactly
    stored[:, :, 18:] = np.nan
    trend = landsat.trend(landsat.series(stored, NIR))
    assert trend.quarters == 72
    assert trend.slope * 255 == pytest.approx(1, abs=0.01)
    assert trend.direction == "rising"


def test_trend_interval_holds_the_truth_in_noise():
    trend = landsat.trend(landsat.series(cube(slope=-0.5, noise=3), NIR))
    assert trend.low < -0.5 / 255 < trend.high and trend.direction == "falling"
    assert landsat.trend(landsat.series(cube(noise=3), NIR)).direction == "unclear"
    wider = landsat.trend(landsat.series(cube(slope=-0.5, noise=3), NIR), confidence=0.99)
    assert wider.low < trend.low and wider.high > trend.high


def test_trend_does_not_follow_outliers():
    stored = cube(slope=0.5)
    stored[3, 2, [3, 9, 15]] = 255
    assert landsat.trend(landsat.series(stored, NIR)).slope * 255 == pytest.approx(0.5, abs=0.06)


def test_line_of_a_trend():
    table = landsat.series(cube(slope=0.5, noise=2), NIR)
    trend = landsat.trend(table)
    line = trend.line(table["date"])
    assert (line["low"] <= line["value"]).all() and (line["value"] <= line["high"]).all()
    decade = trend.line(pd.Series(pd.to_datetime(["2005-01-01", "2015-01-01"])))["value"]
    assert decade.iloc[1] - decade.iloc[0] == pytest.approx(10 * trend.slope, rel=1e-3)


def test_no_trend_from_too_little():
    stored = cube()
    stored[:, :, 1:] = np.nan
    trend = landsat.trend(landsat.series(stored, NIR))
    assert np.isnan(trend.slope) and trend.direction == "unknown" and trend.quarters == 4
    assert trend.line(landsat.quarters()["date"])["value"].isna().all()
    assert landsat.seasons(landsat.series(np.full(LANDSAT.shape, np.nan), NIR))["mean"].isna().all()


def test_a_curve_holds_its_gaps_and_its_trend():
    stored = cube(slope=0.5)
    stored[:, :, 18:] = np.nan
    curve = landsat.measure_curve(stored, NIR, trended=True)
    assert curve.gaps["quarters"].tolist() == [12]
    assert curve.trend is not None and curve.trend.quarters == 72
    assert landsat.measure_curve(stored, NIR).trend is None


def test_all_bands_follow_each_other():
    bands = landsat.band_curves(cube())
    assert bands.table["band"].tolist() == np.repeat(LANDSAT.channels, 84).tolist()
    pd.testing.assert_series_equal(
        bands.table.loc[bands.table["band"] == "nir", "value"], landsat.series(cube(), NIR)["value"],
        check_index=False,
    )  # fmt: skip
