"""The number of dates of series, and how often each month is missing."""

from __future__ import annotations

import calendar

import pandas as pd
from plotly.subplots import make_subplots

from sdm.figures.style import BLUE, GREY, Figure, quiet, share_texts, share_ticks, x_axes, y_axes
from sdm.number_format import counted, fixed, percent

HEIGHT = 270


def gaps(counts: pd.DataFrame, months: pd.DataFrame, *, calendar_months: bool) -> Figure:
    """Tables of `sdm.analysis.series_gaps`: pixels by number of dates on the left, gaps by month on the right.

    `calendar_months`: the rows of `months` are months of the year, not dates in order.
    """
    pixels = int(counts["pixels"].sum())
    mean = float((counts["dates"] * counts["share"]).sum())
    names = [calendar.month_abbr[i] for i in months["month"]] if calendar_months else list(months["month"])
    plot = make_subplots(rows=1, cols=2, horizontal_spacing=0.12, subplot_titles=["Dates per pixel", "Gaps"])
    plot.add_bar(
        x=counts["dates"], y=counts["share"], marker_color=BLUE, customdata=share_texts(counts["share"]),
        hovertemplate="%{x} dates: %{customdata}<extra></extra>", row=1, col=1,
    )  # fmt: skip
    plot.add_bar(
        x=names, y=months["missing"], marker_color=GREY, customdata=share_texts(months["missing"]),
        hovertemplate="%{x}: %{customdata} of the pixels without a value<extra></extra>", row=1, col=2,
    )  # fmt: skip
    quiet(plot, HEIGHT, hovermode="closest", showlegend=False, margin={"t": 40})
    plot.update_annotations(font_size=12.5)
    x_axes(plot, title_text="Dates with a value", row=1, col=1, dtick=2)
    x_axes(plot, title_text="Month" if calendar_months else "Date, in order", type="category", row=1, col=2)
    y_axes(plot, title_text="Share of pixels", row=1, col=1, **share_ticks(float(counts["share"].max())))
    y_axes(plot, title_text="Without a value", range=[0, 1], row=1, col=2, **share_ticks())
    worst = int(months["missing"].to_numpy().argmax())
    said = f"{fixed(mean, 1)} dates per pixel on average; most gaps in {names[worst]}"
    caption = (
        f"{counted(pixels, 'pixel')}: {said} ({percent(float(months['missing'].iloc[worst]))} without a value)."
    )
    table = months.assign(month=names)
    return Figure(plot, table, caption, f"Bars: {said}.")
