"""Where the predictors of a site lie among the training surveys."""

from __future__ import annotations

import pandas as pd

from sdm.analysis.environment import GROUPS, Outside
from sdm.figures.plot import Plot
from sdm.figures.style import BLUE, GREY, ORANGE, Figure, quiet, x_axes, y_axes
from sdm.number_format import fixed, number, percent, percentile_text

EXTREME = 2.5  # percent at either end


def percentiles(table: pd.DataFrame, height: int = 230) -> Figure:
    """A dot per predictor of `sdm.analysis.environment.table`, by group, from the lowest to the highest known."""
    known = table.dropna(subset=["percentile"])
    extreme = known["percentile"].sub(50).abs() >= 50 - EXTREME
    plot = Plot()
    for part, colour, title in ((known[~extreme], BLUE, "usual"), (known[extreme], ORANGE, "among the extremes")):
        rows = part[["value", "unit", "percentile"]].to_numpy().tolist()
        shown = [f"{number(value)} {unit}, {percentile_text(rank)}" for value, unit, rank in rows]
        plot.add_scatter(
            x=part["percentile"], y=part["group"], mode="markers", name=title, text=part["title"],
            customdata=shown,
            marker={"size": 9, "color": colour, "opacity": 0.65, "line": {"width": 0}},
            hovertemplate="%{text}: %{customdata}<extra></extra>",
        )  # fmt: skip
    quiet(plot, height, hovermode="closest")
    plot.add_vline(50, line={"color": GREY, "width": 1, "dash": "dot"})
    x_axes(plot, range=[-2, 102], title_text="Percentile among the training surveys", showgrid=True)
    y_axes(plot, categoryorder="array", categoryarray=list(GROUPS.values())[::-1])
    ends = ", ".join(known[extreme]["title"])
    summary = f"{int(extreme.sum())} of {len(known)} lie among the extremes" + (f": {ends}." if ends else ".")
    caption = "A dot is one predictor: far left lower, far right higher than at nearly all training surveys."
    return Figure(plot, known.reset_index(drop=True), caption, f"Percentiles of the predictors. {summary}")


def _rank(percentile: float) -> str:
    """How many training surveys lie nearer to the centre; the ends are any of them."""
    if percentile in (0, 100):
        return "more than at any" if percentile else "less than at any"
    return f"more than at {percent(percentile / 100, 0)}"


def outside_words(site: Outside) -> str:
    """How far outside the training cloud a site lies, in a sentence or two."""
    if site.distance != site.distance:
        return "No predictor is known here, so nothing can be compared."
    place = "Well inside what the training surveys cover"
    if site.percentile >= 99:
        place = "Outside nearly all of what the training surveys cover: expect models to guess"
    elif site.percentile >= 90:
        place = "At the edge of what the training surveys cover"
    words = (
        f"{place}. Its distance from their centre is {fixed(site.distance, 2)} (about 1 is usual), "
        f"{_rank(site.percentile)} of them, over {site.used} of {site.usable} predictors."
    )
    if len(site.beyond):
        words += f" {len(site.beyond)} predictors have a value no training survey matches."
    return words
