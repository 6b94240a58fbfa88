"""The climate of one place from its monthly series: usual months, single years, departures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.errors import UnknownNameError
from sdm.schema import CLIMATE, CLIMATE_YEARS

TITLES = {
    "pr": "precipitation",
    "tas": "mean temperature",
    "tasmax": "mean daily high",
    "tasmin": "mean daily low",
}
SUMMED = ("pr",)  # a year's value is the sum of its months, not their mean
KEYS = ["variable", "title", "unit"]


def months(cube: np.ndarray) -> pd.DataFrame:
    """One row per variable, year and month: variable, title, unit, year, month (1..12), value.

    `cube` (4, 19, 12) in stored units; values in mm and °C, NaN where missing.
    """
    variables, years, month = CLIMATE.shape
    return pd.DataFrame(
        {
            "variable": np.repeat(CLIMATE.channels, years * month),
            "title": np.repeat([TITLES[name] for name in CLIMATE.channels], years * month),
            "unit": np.repeat(CLIMATE.units, years * month),
            "year": np.tile(np.repeat(CLIMATE_YEARS, month), variables),
            "month": np.tile(np.arange(1, month + 1), variables * years),
            "value": CLIMATE.to_physical(cube).ravel().astype(float),
        }
    )


def climatology(cube: np.ndarray) -> pd.DataFrame:
    """The usual year, one row per variable and month: variable, title, unit, month, years, mean, std, spread.

    The spread over the years: lowest, p10, median, p90, highest. `years` counts those with a value.
    """
    groups = months(cube).groupby([*KEYS, "month"], sort=False)["value"]
    table = groups.agg(years="count", mean="mean", std="std", lowest="min", highest="max")
    for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
        table[name] = groups.quantile(share)
    return table.reset_index()


def anomalies(cube: np.ndarray) -> pd.DataFrame:
    """The columns of `months`, then mean, std of that month over all years, anomaly, standardised.

    `anomaly` = value - mean, in the variable's unit; `standardised` = anomaly / std, NaN when all years agree.
    """
    usual = climatology(cube)[["variable", "month", "mean", "std"]]
    return _departures(months(cube).merge(usual, on=["variable", "month"], how="left"))


def one_year(cube: np.ndarray, year: int) -> pd.DataFrame:
    """A chosen year against the others, one row per variable and month: the columns of `anomalies`, p10, p90."""
    if year not in CLIMATE_YEARS:
        known = f"{CLIMATE_YEARS[0]} to {CLIMATE_YEARS[-1]}"
        raise UnknownNameError("no climate of that year", expected=known, got=year)
    chosen = anomalies(cube).query("year == @year")
    spread = climatology(cube)[["variable", "month", "p10", "p90"]]
    return chosen.merge(spread, on=["variable", "month"], how="left")


def annual(cube: np.ndarray) -> pd.DataFrame:
    """One row per variable and year: variable, title, unit, year, value, mean, std, anomaly, standardised.

    The sum of the twelve months for precipitation, their mean for temperatures; NaN when one is missing.
    """
    groups = months(cube).groupby([*KEYS, "year"], sort=False)["value"]
    table = groups.agg(total="sum", count="count").reset_index()
    divisor = np.where(table["variable"].isin(SUMMED), 1, 12)
    table["value"] = (table["total"] / divisor).where(table["count"] == 12)
    over_years = table.groupby("variable", sort=False)["value"]
    table = table.assign(mean=over_years.transform("mean"), std=over_years.transform("std"))
    return _departures(table.drop(columns=["total", "count"]))


def _departures(table: pd.DataFrame) -> pd.DataFrame:
    anomaly = table["value"] - table["mean"]
    return table.assign(anomaly=anomaly, standardised=anomaly / table["std"].where(table["std"] > 0))
