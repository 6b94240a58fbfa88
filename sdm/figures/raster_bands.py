"""Bands against each other by source and class, the shift between sources, and how classes are spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    Figure,
    label,
    named_rows,
    quiet,
    x_axes,
    y_axes,
)
from sdm.modalities import MODALITIES
from sdm.number_format import PERCENT, counted, fixed, percent, whole

COLOURS = (BLUE, ORANGE, GREEN, PINK, YELLOW, SKY)
SYMBOLS = ("circle", "diamond-open", "cross", "x", "triangle-up-open", "square-open")
MOST_GROUPS = len(COLOURS)
MOST_BARS = 40
SPLOM_POINTS = 1_200


def scatter_matrix(
    table: pd.DataFrame, modality: str, channels: Sequence[str], by: str, height: int = 640
) -> Figure:
    """Every pair of `channels` of a table of `sdm.analysis.site_shift.band_table`, coloured by source or class.

    The MOST_GROUPS commonest groups are shown, of at most SPLOM_POINTS sites.
    """
    row = MODALITIES[modality]
    units = dict(zip(row.channels, row.units, strict=True))
    table = table.assign(**{by: table[by].replace("", "unknown")})
    groups = table[by].value_counts().index[:MOST_GROUPS].tolist()
    shown = table[table[by].isin(groups)]
    shown = shown.iloc[np.linspace(0, len(shown) - 1, min(len(shown), SPLOM_POINTS)).astype(int)]
    plot = Plot()
    for group, colour, symbol in zip(groups, COLOURS, SYMBOLS, strict=False):
        part = shown[shown[by] == group]
        plot.add_splom(
            dimensions=[{"label": f"{name}", "values": part[name]} for name in channels], name=label(group),
            marker={"size": 3, "opacity": 0.55, "color": colour, "symbol": symbol},
            diagonal_visible=False, showupperhalf=False, hovertemplate=f"{label(group)}<extra></extra>",
        )  # fmt: skip
    quiet(plot, height, hovermode="closest", showlegend=True, margin={"l": 44, "r": 8, "t": 30, "b": 40})
    plot.update_layout(legend_itemsizing="constant")
    looks = {
        "gridcolor": GRID,
        "zeroline": False,
        "tickfont": {"size": 9},
        "nticks": 3,
    }  # of more, labels touch on a phone
    axes = [f"{axis}axis{number or ''}" for axis in "xy" for number in (0, *range(2, len(channels) + 1))]
    plot.update_layout(dict.fromkeys(axes, looks))  # those of a scatter matrix are made by the browser
    left_out = table[by].nunique() - len(groups)
    more = f" {counted(left_out, 'rarer group')} left out." if left_out > 0 else ""
    named = sorted({units[name] for name in channels})
    caption = f"{counted(len(shown), 'survey')} of {whole(len(table))}; units: {', '.join(named)}.{more}"
    alt = f"Scatter matrix of {', '.join(channels)} by {by}: {', '.join(map(str, groups))}."
    return Figure(plot, table, caption, alt)


def shift_bars(bands: pd.DataFrame, a: str, b: str, height: int = 300) -> Figure:
    """The difference of means between two sources per channel of `sdm.analysis.site_shift.SiteShift.bands`."""
    plot = Plot()
    plot.add_bar(
        x=bands["channel"], y=bands["d"], marker_color=[ORANGE if d > 0 else BLUE for d in bands["d"]],
        customdata=[[label(title), fixed(d, 2)] for title, d in zip(bands["title"], bands["d"], strict=True)],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    quiet(plot, height, hovermode="closest", showlegend=False)
    plot.add_hline(0, line={"color": GREY, "width": 1})
    y_axes(plot, title_text=f"Higher at {label(b)} (d)")
    size = bands["d"].abs()
    place = int(np.nanargmax(size)) if size.notna().any() else None
    caption = (
        f"Difference of means, {b} minus {a}, in units of the spread within a class (Cohen's d): 0 is no shift, "
        "0.8 is called large, and at 3 hardly any values overlap."
    )
    most = "none" if place is None else f"{bands['channel'].iloc[place]} with {fixed(bands['d'].iloc[place], 1)}"
    return Figure(plot, bands, caption, f"Shift between {a} and {b} per band; the largest in {most}.")


def group_violins(table: pd.DataFrame, modality: str, apart: pd.DataFrame, by: str, height: int = 340) -> Figure:
    """The distribution of channels in two groups, of a table of bands and its
    `sdm.analysis.group_separation.group_separation`: a pair of half violins each, with medians and quartiles."""
    row = MODALITIES[modality]
    units = dict(zip(row.channels, row.units, strict=True))
    names = list(apart["channel"])
    plot = make_subplots(1, len(names), subplot_titles=[f"{name} ({units[name]})" for name in names])
    for group, side, colour in zip(apart[["a", "b"]].iloc[0], ("negative", "positive"), COLOURS, strict=False):
        part = table[table[by] == group]
        part = part.iloc[np.linspace(0, len(part) - 1, min(len(part), SPLOM_POINTS)).astype(int)]
        for column, name in enumerate(names, 1):
            plot.add_violin(
                y=part[name], x0=name, name=label(group), legendgroup=label(group), showlegend=column == 1,
                side=side, line_color=colour, points=False, box_visible=True, hoverinfo="skip", col=column, row=1,
            )  # fmt: skip
    quiet(plot, height, violinmode="overlay", violingap=0.1, hovermode=False, showlegend=True)
    plot.update_layout(margin_t=58, legend_y=1.1)
    x_axes(plot, showticklabels=False)
    said = [f"{name}: overlap {percent(overlap)}, d {fixed(d, 2)}" for name, d, overlap in
            apart[["channel", "d", "overlap"]].to_numpy()]  # fmt: skip
    first, second = (label(group) for group in apart[["a", "b"]].iloc[0])
    caption = (
        f"Left half: {first}, right half: {second}; box: quartiles. {'; '.join(said)} (100{PERCENT}: no "
        "separation)."
    )
    return Figure(
        plot, apart, caption, f"Distributions of two groups of {by.replace('_', ' ')}. {'; '.join(said)}."
    )


def class_counts(table: pd.DataFrame, by: str, height: int = 380) -> Figure:
    """Sites per class, the commonest first, stacked by the column `by`, of a table class, `by`, sites."""
    total = table.groupby("class")["sites"].sum().sort_values(ascending=False, kind="stable")
    shown = total.index[:MOST_BARS].tolist()
    plot = Plot()
    for group, colour in zip(sorted(table[by].unique())[:MOST_GROUPS], COLOURS, strict=False):
        part = table[table[by] == group].set_index("class")["sites"].reindex(shown).fillna(0)
        name = label(group)
        plot.add_bar(
            x=part, y=np.arange(len(shown)), orientation="h", name=name, marker_color=colour,
            hovertemplate=f"%{{x:,}} at {name}<extra></extra>",
        )  # fmt: skip
    quiet(plot, max(height, 60 + 15 * len(shown)), barmode="stack", hovermode="closest", showlegend=True)
    x_axes(plot, title_text="Surveys", separatethousands=True)
    named_rows(plot, [label(name) for name in shown])
    rest = f" {counted(len(total) - len(shown), 'rarer class')} in the table." if len(total) > len(shown) else ""
    ratio = total.iloc[0] / total.iloc[-1] if len(total) else np.nan
    caption = (
        f"The commonest class has {whole(ratio)} times the surveys of the rarest.{rest}" if len(total) else ""
    )
    most = f"{total.index[0]} with {percent(total.iloc[0] / total.sum())}" if len(total) else "none"
    return Figure(plot, table, caption, f"Surveys per class, {counted(len(total), 'class')}; the most in {most}.")


def values_by_class(table: pd.DataFrame, unit: str, height: int = 380) -> Figure:
    """Share of the values of a regression within each class, of a table class, value (rounded), sites."""
    total = table.groupby("class")["sites"].sum().sort_values(ascending=False, kind="stable")
    shown = total.index[:MOST_BARS].tolist()
    levels = np.sort(table["value"].unique())
    plot = Plot()
    for place, value in enumerate(levels):
        part = table[table["value"] == value].set_index("class")["sites"].reindex(shown).fillna(0)
        share = part / total[shown]
        light = 85 - 60 * place / max(len(levels) - 1, 1)
        words = [f"{label(name)}: {percent(s)} at {fixed(value, 1)}" for name, s in share.items()]
        plot.add_bar(
            x=share, y=np.arange(len(shown)), orientation="h", name=fixed(value, 1),
            marker_color=f"hsl(205, 60%, {light:.0f}%)", customdata=words,
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    quiet(plot, max(height, 60 + 15 * len(shown)), barmode="stack", hovermode="closest", showlegend=True)
    x_axes(plot, range=[0, 1], tickvals=[0, 0.5, 1], ticktext=["0", "half", "all"], title_text="Share of surveys")
    named_rows(plot, [label(name) for name in shown])
    caption = f"{unit}: how the values spread within each class; dark is high. Those with most surveys on top."
    return Figure(plot, table, caption, f"Stacked bars of {unit} for {counted(len(shown), 'class')}.")
