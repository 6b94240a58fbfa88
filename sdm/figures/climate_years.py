"""The climate of single years against the usual one: one year, all months, and whole years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.analysis.climate import SingleYear
from sdm.figures.plot import Plot
from sdm.figures.style import BLUE, GREY, ORANGE, PINK, Figure, band, quiet, x_axes, y_axes
from sdm.modalities import CLIMATE, CLIMATE_YEARS, MONTHS
from sdm.number_format import number, percent

SPREAD = {"tas": "rgba(213,94,0,0.22)", "pr": "rgba(0,114,178,0.22)"}
ROWS = (("tas", "°C", ORANGE), ("pr", "mm", BLUE))
# ColorBrewer, colour-blind safe: warm is red and cold blue; wet is green-blue and dry brown.
RAMPS = {"pr": "BrBG"}
WARM_RAMP = "RdBu_r"


def against(usual: pd.DataFrame, single: SingleYear | None = None, height: int = 260) -> Figure:
    """The usual months, a `climatology` of `sdm.analysis.climate`, with the spread of the years; one on top."""
    plot = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.55, 0.45], vertical_spacing=0.07)
    for place, (name, unit, colour) in enumerate(ROWS, 1):
        _usual(plot, usual[usual["variable"] == name], name, unit, colour, place)
        if single is not None:
            year, months = single.year, single.months
            plot.add_scatter(
                x=MONTHS, y=months[months["variable"] == name]["value"], name=str(year), mode="lines+markers",
                line={"color": PINK, "width": 2}, hovertemplate=f"{year}: %{{y:.1f}} {unit}", row=place, col=1,
            )  # fmt: skip
        y_axes(plot, title_text=unit, row=place, col=1)
    quiet(plot, height, showlegend=False, margin_t=8)
    x_axes(plot, tickangle=0, tickfont_size=11)
    y_axes(plot, rangemode="tozero", row=2, col=1)
    caption = "Mean temperature and precipitation; band: eight of ten years, line: their median."
    if single is None:
        return Figure(plot, usual, caption, "Usual months with the spread of nineteen years.")
    summary = _year_words(single)
    alt = f"Months of {single.year} against the usual ones. {summary}"
    return Figure(plot, single.months, f"{caption} Pink: {single.year}. {summary}", alt)


def _usual(plot: go.Figure, part: pd.DataFrame, name: str, unit: str, colour: str, row: int) -> None:
    band(plot, MONTHS, part["p10"], part["p90"], SPREAD[name], row=row, col=1)
    plot.add_scatter(
        x=MONTHS, y=part["median"], name=CLIMATE.titles[name], mode="lines", line={"color": colour, "width": 2},
        hovertemplate=f"median %{{y:.1f}} {unit}", row=row, col=1,
    )  # fmt: skip


def _year_words(single: SingleYear) -> str:
    """How the year differed, in a sentence."""
    table, year = single.annual.set_index("variable"), single.year
    warm, wet = (float(table["anomaly"].loc[name]) for name in ("tas", "pr"))
    if warm != warm or wet != wet:
        return f"{year} has months without data."
    share = wet / float(table["mean"].loc["pr"])
    return (
        f"{year} was {number(abs(warm), 2)} °C {'warmer' if warm >= 0 else 'colder'} than usual, "
        f"with {percent(abs(share))} {'more' if share >= 0 else 'less'} precipitation."
    )


def departures(table: pd.DataFrame, variable: str = "tas", height: int = 260) -> Figure:
    """Every month of `sdm.analysis.climate.anomalies` against the mean of that month: year by month."""
    part = table[table["variable"] == variable]
    grid = part["anomaly"].to_numpy().reshape(len(CLIMATE_YEARS), len(MONTHS)).T
    unit = str(part["unit"].iloc[0])
    plot = Plot()
    plot.add_heatmap(
        z=grid, x=list(CLIMATE_YEARS), y=list(MONTHS), colorscale=RAMPS.get(variable, WARM_RAMP), zmid=0, xgap=1,
        ygap=1, hoverongaps=False, hovertemplate=f"%{{y}} %{{x}}: %{{z:+.1f}} {unit}<extra></extra>",
        colorbar={"thickness": 10, "title": {"text": unit, "side": "right"}},
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8)
    x_axes(plot, dtick=3)
    y_axes(plot, autorange="reversed", showgrid=False)
    caption = f"Anomalies of {CLIMATE.titles[variable]}: each month less the mean of that month over all years."
    return Figure(plot, part.reset_index(drop=True), caption, _extreme(part, unit, variable))


def _extreme(part: pd.DataFrame, unit: str, variable: str) -> str:
    most = _furthest(part)
    if not most:
        return f"Anomalies of {CLIMATE.titles[variable]}: no data."
    when, what = f"{MONTHS[most['month'] - 1]} {most['year']}", f"{number(most['anomaly'])} {unit}"
    return f"Anomalies of {CLIMATE.titles[variable]} by year and month; largest in {when}: {what}."


def _furthest(part: pd.DataFrame) -> dict[str, Any]:
    """The row with the largest anomaly; {} when none is known."""
    known = part.dropna(subset=["anomaly"])
    return dict(known.iloc[int(known["anomaly"].abs().to_numpy().argmax())]) if len(known) else {}


def by_year(table: pd.DataFrame, variable: str = "tas", height: int = 190) -> Figure:
    """Each whole year of `sdm.analysis.climate.annual` against the mean of the years."""
    part = table[table["variable"] == variable].reset_index(drop=True)
    unit = str(part["unit"].iloc[0])
    up, down = (BLUE, ORANGE) if variable == "pr" else (ORANGE, BLUE)
    plot = Plot()
    plot.add_bar(
        x=part["year"], y=part["anomaly"], marker_color=np.where(part["anomaly"] > 0, up, down),
        customdata=part["value"], hovertemplate=f"%{{x}}: %{{customdata:.1f}} {unit} (%{{y:+.1f}})<extra></extra>",
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", margin_t=8)
    plot.add_hline(0, line={"color": GREY, "width": 1})
    y_axes(plot, title_text=unit)
    x_axes(plot, dtick=3)
    mean = number(float(part["mean"].iloc[0]))
    caption = f"Whole years against their mean of {mean} {unit}."
    most = _furthest(part)
    summary = f"furthest: {most['year']}, {number(most['anomaly'], 2)} {unit}" if most else "no data"
    return Figure(plot, part, caption, f"{CLIMATE.titles[variable]} of whole years against the mean; {summary}.")
