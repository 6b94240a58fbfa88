"""Twenty-one years of Landsat at one pixel: a band or an index per quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.analysis.bands import Measure, measures
from sdm.analysis.landsat import gaps, series
from sdm.figures.style import BLUE, GAP, GREEN, GREY, ORANGE, YELLOW, Figure, number, quiet
from sdm.schema import LANDSAT, LANDSAT_YEARS, QUARTERS

SEASON_COLOURS = dict(zip(QUARTERS, (BLUE, GREEN, YELLOW, ORANGE), strict=True))
MEASURES = measures(LANDSAT)
FIRST, LAST = f"{LANDSAT_YEARS[0] - 1}-10-01", f"{LANDSAT_YEARS[-1] + 1}-02-01"


def curve(cube: np.ndarray, measure: str = "ndvi", height: int = 225) -> Figure:
    """`cube` (6, 4, 21) in stored units; points coloured by season, quarters without data shaded, not bridged."""
    chosen = MEASURES[measure]
    table = series(cube, chosen)
    plot = go.Figure()
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
    for gap in gaps(table).itertuples():
        plot.add_vrect(gap.start, gap.end, fillcolor=GAP, line_width=0)
    quiet(plot, height).update_layout(hovermode="closest")
    plot.update_xaxes(range=[FIRST, LAST], dtick="M60", tickformat="%Y")
    plot.update_yaxes(title_text=_axis(chosen))
    caption = f"{chosen.meaning} One point a quarter at the survey's own pixel; grey: no data."
    return Figure(plot, table, caption, _alt(table, chosen))


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
