"""Climate tables with known months, years and departures."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis import climate
from sdm.errors import UnknownNameError
from sdm.modalities import CLIMATE_YEARS
from tests.analysis.cubes import stored

YEARS = np.arange(19)[:, None]


def test_climatology_in_physical_units():
    cube = stored(np.full((19, 12), 60.0) + YEARS, np.tile(np.arange(12.0), (19, 1)))
    table = climate.climatology(cube)
    assert len(table) == 48 and (table["years"] == 19).all()
    rain = table[table["variable"] == "pr"]
    assert rain["unit"].unique().tolist() == ["mm"]
    np.testing.assert_allclose(rain["mean"], 69, rtol=1e-5)
    np.testing.assert_allclose(rain["std"], np.std(np.arange(19), ddof=1), rtol=1e-4)
    np.testing.assert_allclose(rain[["lowest", "p10", "p90", "highest"]].iloc[0], [60, 61.8, 76.2, 78], rtol=1e-4)
    warm = table[table["variable"] == "tas"]
    np.testing.assert_allclose(warm["mean"], np.arange(12), atol=0.01)


def test_missing_months_are_counted_not_filled():
    cube = stored(np.full((19, 12), 50.0), np.zeros((19, 12)))
    cube[0, :5, 0] = np.nan
    cube[0, :, 1] = np.nan
    rain = climate.climatology(cube).query("variable == 'pr'").set_index("month")
    assert rain["years"].iloc[:3].tolist() == [14, 0, 19]
    assert np.isnan(rain.loc[2, "mean"]) and rain.loc[1, "mean"] == pytest.approx(50, rel=1e-5)
    assert climate.annual(cube).query("variable == 'pr'")["value"].isna().all()


def test_a_year_against_the_others():
    tas = np.zeros((19, 12))
    tas[3, 6] = 19.0
    year = climate.one_year(stored(np.full((19, 12), 50.0), tas), CLIMATE_YEARS[3])
    assert len(year.months) == 48
    assert year.annual.set_index("variable").loc["tas", "value"] == pytest.approx(19 / 12, abs=0.01)
    july = year.months.query("variable == 'tas' and month == 7").iloc[0]
    assert july["value"] == pytest.approx(19, abs=0.01) and july["mean"] == pytest.approx(1, abs=0.01)
    assert july["anomaly"] == pytest.approx(18, abs=0.01)
    assert july["standardised"] == pytest.approx(18 / np.std(tas[:, 6], ddof=1), rel=1e-3)
    assert {"p10", "p90"} <= set(year.months)
    with pytest.raises(UnknownNameError, match="2000 to 2018"):
        climate.one_year(stored(np.zeros((19, 12)), tas), 2019)


def test_anomalies_sum_to_nothing():
    cube = stored(
        np.random.default_rng(0).uniform(0, 200, (19, 12)), np.random.default_rng(1).normal(8, 5, (19, 12))
    )
    table = climate.anomalies(cube)
    assert len(table) == 4 * 19 * 12
    assert table.groupby(["variable", "month"])["anomaly"].sum().abs().max() < 1e-6


def test_annual_sums_rain_and_averages_temperature():
    table = climate.annual(stored(np.full((19, 12), 50.0) + YEARS, np.full((19, 12), 9.0) + YEARS / 10))
    first = table[table["year"] == CLIMATE_YEARS[0]].set_index("variable")
    assert first.loc["pr", "value"] == pytest.approx(600, rel=1e-4)
    assert first.loc["tas", "value"] == pytest.approx(9, abs=0.01)
    assert first.loc["pr", "anomaly"] == pytest.approx(-9 * 12, rel=1e-3)


def test_a_constant_month_has_no_standardised_departure():
    table = climate.anomalies(stored(np.full((19, 12), 50.0), np.full((19, 12), 7.3)))
    assert (table["anomaly"].abs() < 1e-3).all() and table["standardised"].isna().all()
