"""The climate diagram of Walter & Lieth (Klimadiagramm-Weltatlas, 1960-67) as numbers.

Temperature and precipitation share one axis, 10 °C beside 20 mm. Where the precipitation curve runs below the
temperature curve the time is arid, above it humid; above 100 mm it is perhumid and drawn ten times smaller.
Time runs from 0 (1 January) to 12; a month's value stands at its middle, months are joined by straight lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.climate import climatology
from sdm.modalities import CLIMATE, MONTHS

MM_PER_DEGREE = 2.0
PERHUMID_MM = 100.0
SQUEEZE = 10.0
MIDDLES = np.arange(12) + 0.5
RAIN_TICKS = np.array([0, 20, 40, 60, 80, 100, 200, 300, 400, 600])  # mm


@dataclass(frozen=True)
class Diagram:
    """`months` (12 rows), `curve` (knots of both lines), `spans` (arid, humid, perhumid times), and the numbers
    written round the diagram: °C and mm of the year, months of drought; NaN where months are missing."""

    months: pd.DataFrame
    curve: pd.DataFrame
    spans: pd.DataFrame
    annual_temperature: float
    annual_precipitation: float
    arid_months: float


def diagram(cube: np.ndarray) -> Diagram:
    """The diagram of `cube` (4, 19, 12) in stored units.

    months: month, name, temperature, precipitation, low, high, lowest, frost ("sure" when the mean daily low
    of the month is at or below 0 °C, "probable" when that of any one year was, "none", or "" when unknown).
    curve: time, temperature, precipitation, and both as heights in mm on the shared, squeezed axis
    (temperature_mm, precipitation_mm); a knot lies wherever the state changes.
    spans: state, start, end, months (length); together 0 to 12, those without data left out.
    """
    usual = _usual(cube)
    curve = _curve(usual["temperature"].to_numpy(), usual["precipitation"].to_numpy())
    spans = _spans(curve)
    temperature, rain = usual["temperature"].mean(skipna=False), usual["precipitation"].sum(skipna=False)
    arid = spans.loc[spans["state"] == "arid", "months"].sum() if np.isfinite(temperature + rain) else np.nan
    return Diagram(usual, curve, spans, float(temperature), float(rain), float(arid))


def squeeze(precipitation: np.ndarray) -> np.ndarray:
    """Height in mm on the diagram's axis: above 100 mm ten times smaller.

    >>> squeeze(np.array([50.0, 100.0, 300.0])).tolist()
    [50.0, 100.0, 120.0]
    """
    excess = np.maximum(precipitation - PERHUMID_MM, 0)
    return precipitation - excess + excess / SQUEEZE


RAIN_TICK_HEIGHTS = squeeze(RAIN_TICKS)


def _usual(cube: np.ndarray) -> pd.DataFrame:
    long = climatology(cube).set_index("variable")
    pr, tas, high, low = (long.loc[name].reset_index(drop=True) for name in CLIMATE.channels)
    sure, probable = low["mean"] <= 0, low["lowest"] <= 0
    frost = np.select([low["mean"].isna(), sure, probable], ["", "sure", "probable"], "none")
    return pd.DataFrame({
        "month": np.arange(1, 13), "name": MONTHS, "temperature": tas["mean"], "precipitation": pr["mean"],
        "low": low["mean"], "high": high["mean"], "lowest": low["lowest"], "highest": high["highest"],
        "frost": frost,
    })  # fmt: skip


def _curve(temperature: np.ndarray, precipitation: np.ndarray) -> pd.DataFrame:
    """Both lines at the middles of the months, the ends of the year, and wherever the state changes."""
    surplus = precipitation - MM_PER_DEGREE * temperature
    changes = [_crossings(surplus), _crossings(precipitation - PERHUMID_MM)]
    time = np.unique(np.concatenate([[0.0, 12.0], MIDDLES, *changes]))
    warm, wet = (np.interp(time, MIDDLES, values, period=12) for values in (temperature, precipitation))
    heights = {"temperature_mm": MM_PER_DEGREE * warm, "precipitation_mm": squeeze(wet)}
    return pd.DataFrame({"time": time, "temperature": warm, "precipitation": wet, **heights})


def _crossings(values: np.ndarray) -> np.ndarray:
    """Times at which a line through twelve monthly `values`, December joined to January, crosses 0."""
    following = np.roll(values, -1)
    crossing = values * following < 0
    share = values[crossing] / (values[crossing] - following[crossing])
    return (MIDDLES[crossing] + share) % 12


def _spans(curve: pd.DataFrame) -> pd.DataFrame:
    """Times of one state, that of the middle of each piece between two knots."""
    time = curve["time"].to_numpy()
    warm = curve["temperature"].rolling(2).mean().to_numpy()[1:]
    wet = curve["precipitation"].rolling(2).mean().to_numpy()[1:]
    conditions = [np.isnan(warm + wet), wet < MM_PER_DEGREE * warm, wet > PERHUMID_MM]
    pieces = pd.DataFrame(
        {"state": np.select(conditions, ["", "arid", "perhumid"], "humid"), "start": time[:-1], "end": time[1:]}
    )
    run = (pieces["state"] != pieces["state"].shift()).cumsum()
    spans = pieces.groupby(run).agg(state=("state", "first"), start=("start", "first"), end=("end", "last"))
    spans["months"] = spans["end"] - spans["start"]
    return spans[spans["state"] != ""].reset_index(drop=True)
