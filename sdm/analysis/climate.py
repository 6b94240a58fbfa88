"""The climate of one place from its monthly series: usual months, single years, departures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.errors import UnknownNameError
from sdm.modalities import CLIMATE, CLIMATE_YEARS

SUMMED = ("pr",)  # a year's value is the sum of its months, not their mean
VARIABLES, YEARS, MONTHS = CLIMATE.shape
ROUNDING = 1e-6  # a standard deviation below it comes from float arithmetic, not from the years
SPREAD = {"p10": 0.1, "median": 0.5, "p90": 0.9}


def climatology(cube: np.ndarray) -> pd.DataFrame:
    """The usual year, one row per variable and month (1..12), in mm and °C, from `cube` (4, 19, 12) as stored.

    variable, title, unit, month; `years` with a value (missing ones are left out, never filled); their mean,
    std, lowest, highest, p10, median and p90.
    """
    by_year = _by_year(cube)
    return _keys(MONTHS).assign(
        month=np.tile(np.arange(1, MONTHS + 1), VARIABLES),
        years=by_year.count().to_numpy(),
        mean=by_year.mean().to_numpy(),
        std=by_year.std().to_numpy(),
        lowest=by_year.min().to_numpy(),
        highest=by_year.max().to_numpy(),
        **dict(zip(SPREAD, by_year.quantile(list(SPREAD.values())).to_numpy(), strict=True)),
    )


def anomalies(cube: np.ndarray) -> pd.DataFrame:
    """One row per variable, year and month: variable, title, unit, year, month, value, mean, std, and departures.

    `mean` and `std` are those of the month over all years. `anomaly` = value - mean, in the variable's unit;
    `standardised` = anomaly / std, NaN when all years agree.
    """
    by_year = _by_year(cube)

    def every_year(statistic: pd.Series) -> np.ndarray:
        months = statistic.to_numpy().reshape(VARIABLES, 1, MONTHS)
        return np.broadcast_to(months, CLIMATE.shape).ravel()

    table = _keys(YEARS * MONTHS).assign(
        year=np.tile(np.repeat(CLIMATE_YEARS, MONTHS), VARIABLES),
        month=np.tile(np.arange(1, MONTHS + 1), VARIABLES * YEARS),
        value=CLIMATE.to_physical(cube).ravel().astype(float),
        mean=every_year(by_year.mean()),
        std=every_year(by_year.std()),
    )
    return _with_departures(table)


@dataclass(frozen=True)
class SingleYear:
    """One `year` against all: its `months`, rows of `anomalies` with p10 and p90, and its rows of `annual`."""

    year: int
    months: pd.DataFrame
    annual: pd.DataFrame


def one_year(cube: np.ndarray, year: int) -> SingleYear:
    """The `year` of `cube` (4, 19, 12), stored units, against all; p10 and p90 are those of `climatology`."""
    if year not in CLIMATE_YEARS:
        known = f"{CLIMATE_YEARS[0]} to {CLIMATE_YEARS[-1]}"
        raise UnknownNameError("no climate of that year", expected=known, got=year)
    months, whole = (t[t["year"] == year].reset_index(drop=True) for t in (anomalies(cube), annual(cube)))
    return SingleYear(year, months.assign(**climatology(cube)[["p10", "p90"]]), whole)


def annual(cube: np.ndarray) -> pd.DataFrame:
    """One row per variable and year: variable, title, unit, year, value, mean, std, anomaly, standardised.

    The sum of the twelve months for precipitation, their mean for temperatures; NaN when one is missing.
    """
    values = CLIMATE.to_physical(cube).astype(float)
    summed = np.isin(CLIMATE.channels, SUMMED)
    yearly = np.where(summed[:, None], values.sum(axis=2), values.mean(axis=2))
    by_year = pd.DataFrame(yearly.T)
    table = _keys(YEARS).assign(
        year=np.tile(CLIMATE_YEARS, VARIABLES),
        value=yearly.ravel(),
        mean=np.repeat(by_year.mean().to_numpy(), YEARS),
        std=np.repeat(by_year.std().to_numpy(), YEARS),
    )
    return _with_departures(table)


def _by_year(cube: np.ndarray) -> pd.DataFrame:
    """A row per year, a column per variable and month, in physical units: pandas leaves the missing out."""
    physical = CLIMATE.to_physical(cube).astype(float)
    return pd.DataFrame(physical.transpose(1, 0, 2).reshape(YEARS, VARIABLES * MONTHS))


def _keys(times: int) -> pd.DataFrame:
    """variable, title and unit, each variable `times` over."""
    return pd.DataFrame(
        {
            "variable": np.repeat(CLIMATE.channels, times),
            "title": np.repeat(CLIMATE.channel_titles, times),
            "unit": np.repeat(CLIMATE.units, times),
        }
    )


def _with_departures(table: pd.DataFrame) -> pd.DataFrame:
    anomaly = table["value"] - table["mean"]
    return table.assign(anomaly=anomaly, standardised=anomaly / table["std"].where(table["std"] > ROUNDING))
