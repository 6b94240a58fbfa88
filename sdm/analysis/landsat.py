"""Twenty-one years of Landsat at one pixel: series, gaps, seasons, years, trend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import theilslopes

from sdm.analysis.spectral_indices import Measure, compute, measures
from sdm.modalities import LANDSAT, LANDSAT_YEARS, QUARTERS
from sdm.modalities.landsat import QUARTER_DAYS

DAYS_A_YEAR = 365.25
FEWEST = 8  # quarters with a value; below, there is no trend
MEASURES = measures(LANDSAT)


def quarters() -> pd.DataFrame:
    """The 84 quarters in time order: year, quarter, start, date (the middle), end.

    >>> quarters().iloc[0][["start", "date", "end"]].map(str).str[:10].tolist()
    ['1999-12-02', '2000-01-25', '2000-03-20']
    """
    return _quarters().copy()


@lru_cache(maxsize=1)
def _quarters() -> pd.DataFrame:
    years = np.repeat(LANDSAT_YEARS, len(QUARTERS))
    names = np.tile(QUARTERS, len(LANDSAT_YEARS))
    first = [
        f"{year - (name == 'winter')}-{QUARTER_DAYS[name][0]}" for year, name in zip(years, names, strict=True)
    ]
    last = [f"{year}-{QUARTER_DAYS[name][1]}" for year, name in zip(years, names, strict=True)]
    start, end = pd.to_datetime(pd.Series(first)), pd.to_datetime(pd.Series(last))
    middle = (start + (end - start) / 2).dt.floor("D")
    return pd.DataFrame({"year": years, "quarter": names, "start": start, "date": middle, "end": end})


def series(cube: np.ndarray, measure: Measure) -> pd.DataFrame:
    """The columns of `quarters` and `value`, NaN in a gap. `cube` (6, 4, 21) in stored units."""
    return quarters().assign(value=compute(cube, LANDSAT, measure).T.ravel())


def measure_table(cube: np.ndarray) -> pd.DataFrame:
    """The columns of `quarters`, then every index and band of `cube` (6, 4, 21) in stored units."""
    return quarters().assign(**{name: series(cube, m)["value"] for name, m in MEASURES.items()})


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    """One row per run of quarters without a value in a `series`: start, end (days), quarters (how many)."""
    missing = np.concatenate([[False], table["value"].isna().to_numpy(), [False]])
    edges = np.flatnonzero(missing[1:] != missing[:-1])
    first, last = edges[::2], edges[1::2] - 1
    start, end = table["start"].to_numpy()[first], table["end"].to_numpy()[last]
    return pd.DataFrame({"start": start, "end": end, "quarters": last - first + 1})


def seasons(table: pd.DataFrame) -> pd.DataFrame:
    """One row per quarter of the year over a `series`: quarter, years, missing, mean, std, p10, median, p90.

    `years` with a value, `missing` without; a statistic of too few is NaN.
    """
    wide = year_by_quarter(table)
    moments = {"years": wide.count(), "missing": wide.isna().sum(), "mean": wide.mean(), "std": wide.std()}
    spread = {"p10": wide.quantile(0.1), "median": wide.median(), "p90": wide.quantile(0.9)}
    return pd.DataFrame(moments | spread).rename_axis("quarter").reset_index()


def year_by_quarter(table: pd.DataFrame) -> pd.DataFrame:
    """A `series` as 21 rows (index: year) by four columns (winter to autumn), NaN in a gap."""
    values = table["value"].to_numpy().reshape(len(LANDSAT_YEARS), len(QUARTERS))
    return pd.DataFrame(values, index=pd.Index(LANDSAT_YEARS, name="year"), columns=list(QUARTERS))


def deseasonalised(table: pd.DataFrame) -> np.ndarray:
    """float64 (84,): a `series` less the median of each quarter of the year, plus the median of those four."""
    wide = year_by_quarter(table)
    usual = wide.median()
    return (wide - usual + usual.median()).to_numpy().ravel()


@dataclass(frozen=True)
class Trend:
    """A straight line: `slope` a year with its interval `low`..`high`, through `value` on `date`.

    All NaN (and NaT) when fewer than FEWEST of the `quarters` have a value.
    """

    slope: float
    low: float
    high: float
    value: float
    date: pd.Timestamp
    quarters: int
    confidence: float

    @property
    def direction(self) -> str:
        """ "rising" or "falling" when the interval leaves 0 out, "unclear" when not, "unknown" without a line."""
        if np.isnan(self.slope):
            return "unknown"
        return "rising" if self.low > 0 else "falling" if self.high < 0 else "unclear"

    def line(self, dates: pd.Series) -> pd.DataFrame:
        """One row per date: date, value, and low and high, the lines of the interval's two slopes."""
        years = ((dates - self.date).dt.total_seconds() / 86_400 / DAYS_A_YEAR).to_numpy()
        ends = np.sort([self.value + self.low * years, self.value + self.high * years], axis=0)
        middle = self.value + self.slope * years
        return pd.DataFrame({"date": dates, "value": middle, "low": ends[0], "high": ends[1]})


def trend(table: pd.DataFrame, confidence: float = 0.95) -> Trend:
    """The Theil–Sen line of a deseasonalised `series`: the median slope of all pairs of quarters.

    Sen 1968, doi:10.1080/01621459.1968.10480934. Its interval takes the quarters for independent; neighbours
    in time are alike, so that the true interval is somewhat wider.
    """
    values = deseasonalised(table)
    known = np.isfinite(values)
    count = int(known.sum())
    if count < FEWEST:
        return Trend(np.nan, np.nan, np.nan, np.nan, pd.NaT, count, confidence)  # type: ignore[arg-type]
    origin = table["date"].iloc[0]
    years = ((table["date"] - origin).dt.days / DAYS_A_YEAR).to_numpy()[known]
    fit = theilslopes(values[known], years, alpha=confidence)
    middle = origin + pd.Timedelta(days=float(np.median(years)) * DAYS_A_YEAR)
    level = float(np.median(values[known]))
    return Trend(float(fit.slope), float(fit.low_slope), float(fit.high_slope), level, middle, count, confidence)


@dataclass(frozen=True)
class QuarterlyCurve:
    """`table`, as of `series`, of several bands with `band`; the `gaps` of the first; the `trend` if computed."""

    table: pd.DataFrame
    gaps: pd.DataFrame
    trend: Trend | None = None


def measure_curve(cube: np.ndarray, measure: Measure, trended: bool = False) -> QuarterlyCurve:
    """The curve of `measure` of `cube` (6, 4, 21) in stored units, with its trend if `trended`."""
    table = series(cube, measure)
    return QuarterlyCurve(table, gaps(table), trend(table) if trended else None)


def band_curves(cube: np.ndarray) -> QuarterlyCurve:
    """The curves of all bands of `cube` (6, 4, 21) in stored units, one after another."""
    parts = [series(cube, MEASURES[name]).assign(band=name) for name in LANDSAT.channels]
    return QuarterlyCurve(pd.concat(parts, ignore_index=True), gaps(parts[0]))
