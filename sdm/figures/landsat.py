"""Twenty-one years of Landsat at one pixel: a band or an index per quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.analysis.bands import Measure, measures
from sdm.analysis.landsat import Trend, gaps, seasons, series, trend, year_by_quarter
from sdm.figures.style import BLUE, GAP, GREEN, GREY, ORANGE, PINK, YELLOW, Figure, band, error_bars, number, quiet
from sdm.modalities import LANDSAT, LANDSAT_YEARS, QUARTERS

SEASON_COLOURS = dict(zip(QUARTERS, (BLUE, GREEN, YELLOW, ORANGE), strict=True))
MEASURES = measures(LANDSAT)
BAND_COLOURS = dict(zip(LANDSAT.channels, (ORANGE, GREEN, BLUE, GREY, YELLOW, PINK), strict=True))
FIRST, LAST = f"{LANDSAT_YEARS[0] - 1}-10-01", f"{LANDSAT_YEARS[-1] + 1}-02-01"


def curve(
    cube: np.ndarray, chosen: Measure = MEASURES["ndvi"], height: int = 225, trended: bool = False
) -> Figure:
    """`cube` (6, 4, 21) in stored units; points coloured by season, quarters without data shaded, not bridged.

    `trended` adds the Theil–Sen line with its interval.
    """
    table = series(cube, chosen)
    plot = go.Figure()
    found = _trend_line(plot, table) if trended else None
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
    _shade_gaps(plot, table)
    _over_years(quiet(plot, height)).update_layout(hovermode="closest")
    plot.update_yaxes(title_text=_axis(chosen))
    caption = f"{chosen.meaning} One point a quarter at the survey's own pixel; grey: no data."
    summary = "" if found is None else f" {trend_words(found)}"
    return Figure(plot, table, caption + summary, _alt(table, chosen) + summary)


def _trend_line(plot: go.Figure, table: pd.DataFrame) -> Trend:
    """The line and its interval, beneath the points; nothing where there are too few."""
    found = trend(table)
    if found.direction == "unknown":
        return found
    line = found.line(table["date"])
    band(plot, line["date"], line["low"], line["high"], "rgba(204,121,167,0.25)")
    plot.add_scatter(
        x=line["date"], y=line["value"], mode="lines", name="trend", line={"color": PINK, "width": 2},
        hoverinfo="skip",
    )  # fmt: skip
    return found


def trend_words(found: Trend) -> str:
    """The trend in a sentence, over ten years, with its interval."""
    if found.direction == "unknown":
        return f"Too few quarters have a value for a trend ({found.quarters})."
    slope, low, high = (number(10 * value, 2) for value in (found.slope, found.low, found.high))
    kind = "no clear trend" if found.direction == "unclear" else found.direction
    return (
        f"Trend (Theil–Sen, seasons taken out): {slope} in ten years, {found.confidence:.0%} interval "
        f"{low} to {high}: {kind}."
    )


def all_bands(cube: np.ndarray, height: int = 225) -> Figure:
    """All six bands of `cube` (6, 4, 21) in stored units over the years."""
    plot, parts = go.Figure(), []
    for name, colour in BAND_COLOURS.items():
        table = series(cube, MEASURES[name])
        parts.append(table.assign(band=name))
        plot.add_scatter(
            x=table["date"], y=table["value"], mode="lines", name=LANDSAT.titles[name].replace("Short-wave", "SW"),
            line={"width": 1.2, "color": colour}, hovertemplate="%{y:.3f}",
        )  # fmt: skip
    _shade_gaps(plot, parts[0])
    _over_years(quiet(plot, height)).update_yaxes(title_text="Reflectance", rangemode="tozero")
    table = pd.concat(parts, ignore_index=True)
    means = table.groupby("band", sort=False)["value"].mean()
    summary = ", ".join(f"{LANDSAT.titles[str(name)]} {number(float(value), 2)}" for name, value in means.items())
    caption = "Share of light sent back in each band, a value a quarter; grey: no data."
    return Figure(plot, table, caption, f"Six Landsat bands, 2000 to 2020; means: {summary}.")


def heat_strip(cube: np.ndarray, chosen: Measure = MEASURES["ndvi"], height: int = 190) -> Figure:
    """Year by quarter: a row per season, a column per year, empty where there is no data."""
    wide = year_by_quarter(series(cube, chosen)).T
    plot = go.Figure()
    plot.add_heatmap(
        z=wide.to_numpy(), x=list(LANDSAT_YEARS), y=list(QUARTERS), colorscale="Viridis", xgap=1, ygap=1,
        hoverongaps=False, hovertemplate="%{y} %{x}: %{z:.3f}<extra></extra>",
        colorbar={"thickness": 10, "title": {"text": chosen.title[:16], "side": "right"}},
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8, plot_bgcolor=GAP)
    plot.update_xaxes(dtick=5)
    plot.update_yaxes(autorange="reversed", showgrid=False)
    caption = "A row per season, a column per year. Columns that stand out: a dry year, a fire, a felling."
    missing = int(wide.isna().to_numpy().sum())
    alt = f"Heat strip of {chosen.title} by season and year; {missing} of {wide.size} cells are empty."
    return Figure(plot, wide.T.reset_index(), caption, alt)


def by_season(cube: np.ndarray, chosen: Measure = MEASURES["ndvi"], height: int = 190) -> Figure:
    """The usual value of each season with the spread of the years."""
    table = seasons(series(cube, chosen))
    plot = go.Figure()
    plot.add_scatter(
        x=table["quarter"], y=table["median"], mode="markers+lines", line={"color": GREY, "width": 1},
        marker={"size": 10, "color": list(SEASON_COLOURS.values())}, customdata=table["years"],
        error_y=error_bars(table["median"], table["p10"], table["p90"], thickness=1.5, width=4, color=GREY),
        hovertemplate="%{x}: %{y:.3f}, from %{customdata} years<extra></extra>",
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8, showlegend=False)
    plot.update_yaxes(title_text=_axis(chosen).split(" (")[0])
    summary = ", ".join(f"{q} {number(m, 2)}" for q, m in zip(table["quarter"], table["median"], strict=True))
    caption = "Median of the years in each season; bars: eight of ten years."
    return Figure(plot, table, caption, f"{chosen.title} by season, median: {summary}.")


def _shade_gaps(plot: go.Figure, table: pd.DataFrame) -> None:
    for gap in gaps(table).itertuples():
        plot.add_vrect(gap.start, gap.end, fillcolor=GAP, line_width=0)


def _over_years(plot: go.Figure) -> go.Figure:
    return plot.update_xaxes(range=[FIRST, LAST], dtick="M60", tickformat="%Y")


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
        f"{measure.title} per quarter, 2000 to 2020: {known['value'].min():.2f} to {known['value'].max():.2f}, "
        f"highest on average in {best}; {len(table) - len(known)} of {len(table)} quarters have no data."
    )
