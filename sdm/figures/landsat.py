"""Twenty-one years of Landsat at one pixel: a band or an index per quarter, tables of `sdm.analysis.landsat`."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from sdm.analysis.landsat import QuarterlyCurve, Trend
from sdm.analysis.spectral_indices import Measure
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GAP,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    YELLOW,
    Figure,
    band,
    error_bars,
    quiet,
    x_axes,
    y_axes,
)
from sdm.modalities import LANDSAT, LANDSAT_YEARS, QUARTERS
from sdm.number_format import counted, fixed, number, percent

SEASON_COLOURS = dict(zip(QUARTERS, (BLUE, GREEN, YELLOW, ORANGE), strict=True))
BAND_COLOURS = dict(zip(LANDSAT.channels, (ORANGE, GREEN, BLUE, GREY, YELLOW, PINK), strict=True))
FIRST, LAST = f"{LANDSAT_YEARS[0] - 1}-10-01", f"{LANDSAT_YEARS[-1] + 1}-02-01"


def curve(data: QuarterlyCurve, measure: Measure, height: int = 225) -> Figure:
    """`measure` per quarter, coloured by season, gaps shaded, not bridged; a trend is a line with its interval."""
    plot, table = Plot(), data.table
    if data.trend is not None:
        _trend_line(plot, data.trend, table["date"])
    plot.add_scatter(
        x=table["date"], y=table["value"], mode="lines", line={"width": 1, "color": GREY}, opacity=0.6,
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for season, colour in SEASON_COLOURS.items():
        part = table[table["quarter"] == season]
        plot.add_scatter(
            x=part["date"], y=part["value"], mode="markers", name=season, customdata=part["year"],
            marker={"size": 5, "color": colour},
            hovertemplate=f"{season} %{{customdata}}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    _shade(plot, data.gaps)
    _over_years(quiet(plot, height, hovermode="closest"))
    y_axes(plot, title_text=_axis(measure))
    caption = f"{measure.meaning} One point a quarter at the survey's own pixel; grey: no data."
    summary = "" if data.trend is None else f" {trend_words(data.trend)}"
    return Figure(plot, table, caption + summary, _alt(table, measure) + summary)


def _trend_line(plot: go.Figure, trend: Trend, dates: pd.Series) -> None:
    """The line and its interval, beneath the points; nothing where there are too few."""
    if trend.direction == "unknown":
        return
    line = trend.line(dates)
    band(plot, line["date"], line["low"], line["high"], "rgba(204,121,167,0.25)")
    plot.add_scatter(
        x=line["date"], y=line["value"], mode="lines", name="trend", line={"color": PINK, "width": 2},
        hoverinfo="skip",
    )  # fmt: skip


def trend_words(trend: Trend) -> str:
    """The trend in a sentence, over ten years, with its interval."""
    if trend.direction == "unknown":
        return f"Too few quarters have a value for a trend ({trend.quarters})."
    slope, low, high = (number(10 * value, 2) for value in (trend.slope, trend.low, trend.high))
    kind = "no clear trend" if trend.direction == "unclear" else trend.direction
    return (
        f"Trend (Theil–Sen, seasons taken out): {slope} in ten years, {percent(trend.confidence)} interval "
        f"{low} to {high}: {kind}."
    )


def all_bands(data: QuarterlyCurve, height: int = 225) -> Figure:
    """All six bands (`band_curves`) over the years."""
    plot, table = Plot(), data.table
    for name, colour in BAND_COLOURS.items():
        part = table[table["band"] == name]
        plot.add_scatter(
            x=part["date"], y=part["value"], mode="lines", name=LANDSAT.titles[name].replace("Short-wave", "SW"),
            line={"width": 1.2, "color": colour}, hovertemplate="%{y:.3f}",
        )  # fmt: skip
    _shade(plot, data.gaps)
    _over_years(quiet(plot, height))
    y_axes(plot, title_text="Reflectance", rangemode="tozero")
    means = table.groupby("band", sort=False)["value"].mean()
    summary = ", ".join(f"{LANDSAT.titles[str(name)]} {number(float(value), 2)}" for name, value in means.items())
    caption = "Share of light sent back in each band, a value a quarter; grey: no data."
    return Figure(plot, table, caption, f"Six Landsat bands, 2000 to 2020; means: {summary}.")


def heat_strip(table: pd.DataFrame, measure: Measure, height: int = 190) -> Figure:
    """A table `year_by_quarter`: a row per season, a column per year, empty where there is no data."""
    plot = Plot()
    plot.add_heatmap(
        z=table.T.to_numpy(), x=list(LANDSAT_YEARS), y=list(QUARTERS), colorscale="Viridis", xgap=1, ygap=1,
        hoverongaps=False, hovertemplate="%{y} %{x}: %{z:.3f}<extra></extra>",
        colorbar={"thickness": 10, "title": {"text": measure.title[:16], "side": "right"}},
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8, plot_bgcolor=GAP)
    x_axes(plot, dtick=5)
    y_axes(plot, autorange="reversed", showgrid=False)
    caption = "A row per season, a column per year. Columns that stand out: a dry year, a fire, a felling."
    missing = int(table.isna().to_numpy().sum())
    alt = f"Heat strip of {measure.title} by season and year; {missing} of {counted(table.size, 'cell')} empty."
    return Figure(plot, table.reset_index(), caption, alt)


def by_season(table: pd.DataFrame, measure: Measure, height: int = 190) -> Figure:
    """A table of `seasons`: the usual value of each with the spread of the years."""
    plot = Plot()
    plot.add_scatter(
        x=table["quarter"], y=table["median"], mode="markers+lines", line={"color": GREY, "width": 1},
        marker={"size": 10, "color": list(SEASON_COLOURS.values())}, customdata=table["years"],
        error_y=error_bars(table["median"], table["p10"], table["p90"], thickness=1.5, width=4, color=GREY),
        hovertemplate="%{x}: %{y:.3f}, from %{customdata} years<extra></extra>",
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8, showlegend=False)
    y_axes(plot, title_text=_axis(measure).split(" (")[0])
    summary = ", ".join(f"{q} {number(m, 2)}" for q, m in zip(table["quarter"], table["median"], strict=True))
    caption = "Median of the years in each season; bars: eight of ten years."
    return Figure(plot, table, caption, f"{measure.title} by season, median: {summary}.")


def _shade(plot: go.Figure, gaps: pd.DataFrame) -> None:
    for gap in gaps.itertuples():
        plot.add_vrect(gap.start, gap.end, fillcolor=GAP, line_width=0)


def _over_years(plot: go.Figure) -> None:
    x_axes(plot, range=[FIRST, LAST], dtick="M60", tickformat="%Y")


def _axis(measure: Measure) -> str:
    if measure.limits is None:
        return measure.title
    kind = "reflectance" if measure.limits[0] == 0 else "index"
    return f"{measure.title} ({kind}, {number(measure.limits[0])} to {number(measure.limits[1])})"


def _alt(table: pd.DataFrame, measure: Measure) -> str:
    known = table.dropna(subset=["value"])
    if known.empty:
        return f"{measure.title}, 2000 to 2020: no data in any quarter."
    best = known.groupby("quarter")["value"].mean().idxmax()
    return (
        f"{measure.title} per quarter, 2000 to 2020: "
        f"{fixed(known['value'].min(), 2)} to {fixed(known['value'].max(), 2)}, "
        f"highest on average in {best}; "
        f"{len(table) - len(known)} of {counted(len(table), 'quarter')} have no data."
    )
