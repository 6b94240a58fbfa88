"""What a species responds to, a panel per predictor: shares of surveys, predictions, partial dependence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.evaluation.species.predictors import Variables
from sdm.figures.style import (
    BLUE,
    GREEN,
    INDEPENDENT,
    ORANGE,
    Figure,
    band,
    error_bars,
    label,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.modalities import ENVIRONMENT_VARIABLES
from sdm.number_format import counted, number, percent, whole

BAND, SINGLE = "rgba(0,114,178,0.18)", "rgba(86,180,233,0.4)"  # the latter seen on dark ground, too
PANEL_HEIGHT = 205
LONGEST_CLASS, LONGEST_TITLE = 10, {3: 34, 2: 18}  # characters under a panel, and above one of so many in a row
DOTS = f"share of them; bars: 95 % interval{INDEPENDENT}."
BINS = "Surveys in bins of about equal number."
RECORDED = f"{BINS} Dots: {DOTS}"
NOT_TOLD = "The species is at all of them: shares would tell nothing and are left out."
PREDICTED = " Line: mean prediction; band: the middle 80 % of the surveys."
ALONE = (
    "Thin lines: the prediction at single surveys as this predictor changes and nothing else (individual "
    "conditional expectation); bold: their mean, the partial dependence. Predictors that vary together share an "
    "effect, so that each alone shows less of it, and combinations that occur nowhere are asked too."
)
SHARES = f" Dots: surveys with the species in bins of about equal number, {DOTS}"
TRUE = " Dashed: the true probability at the same surveys, changed alike (simulated)."


def responses(
    tables: Mapping[int, pd.DataFrame], columns: int = 3, variables: Variables = ENVIRONMENT_VARIABLES
) -> Figure:
    """A panel per predictor (by its position): share recorded with interval, mean prediction with band.

    Where the species is recorded at every survey the share tells nothing and is left out.

    `tables`, one or more, are those of `sdm.evaluation.species.response.response`; 2 or 3 `columns` stand side by
    side; `variables` are what the positions mean.
    """
    plot = _panels(list(tables), columns, variables)
    for place, (position, table) in enumerate(tables.items()):
        where, is_class = _cell(place, columns), variables[position].kind == "class"
        _predicted(plot, table, is_class, place == 0, where)
        if _told(tables):
            _recorded(plot, table, is_class, place == 0, where)
    shares = _told(tables)
    tops = [
        column for column in ("share_high", "predicted_high")
        if all(column in table for table in tables.values()) and (shares or column != "share_high")
    ]  # fmt: skip
    _share_axes(plot, max(float(table[tops].max().max()) for table in tables.values()))
    predicted = any("predicted" in table for table in tables.values())
    caption = (RECORDED if shares else f"{BINS} {NOT_TOLD}") + (PREDICTED if predicted else "")
    return Figure(plot, _named(tables, variables), caption, _responses_alt(tables, variables))


def partial_dependence(
    curves: Mapping[int, pd.DataFrame], recorded: Mapping[int, pd.DataFrame], columns: int = 3,
    variables: Variables = ENVIRONMENT_VARIABLES,
) -> Figure:  # fmt: skip
    """A panel per predictor (by its position): the prediction at single surveys and its mean as it alone changes,
    the truth beside it where `curves` have the column, and the share recorded.

    `curves`, one or more, are those of `sdm.inference.partial_dependence.Dependence.curves`, `recorded` tables of
    `sdm.evaluation.species.response.response` for the same predictors.
    """
    plot = _panels(list(curves), columns, variables)
    means = {position: table.drop(columns="row").groupby("value").mean() for position, table in curves.items()}
    known = [position for position, mean in means.items() if "true" in mean]
    for place, (position, table) in enumerate(curves.items()):
        where, first = _cell(place, columns), place == 0
        _single(plot, table, first, where)
        if _told(recorded):
            _recorded(plot, recorded[position], False, first, where)
        _mean(plot, means[position]["predicted"], "partial dependence", first, where)
        if position in known:
            _mean(plot, means[position]["true"], "true", position == known[0], where)
    tops = [table.drop(columns=["value", "row"]).max().max() for table in curves.values()]
    shares = _told(recorded)
    _share_axes(plot, float(max([*tops, *(table["share_high"].max() for table in recorded.values() if shares)])))
    caption = ALONE + (SHARES if shares else "") + (TRUE if known else "")
    return Figure(plot, _named(curves, variables), caption, _dependence_alt(means, variables))


def _panels(positions: list[int], columns: int, variables: Variables) -> go.Figure:
    """Empty panels with titles and units."""
    rows = -(-len(positions) // columns)
    height = 70 + (PANEL_HEIGHT + 40) * rows
    titles = [_title(variables[each].title, LONGEST_TITLE[columns]) for each in positions]
    plot = make_subplots(
        rows=rows, cols=columns, subplot_titles=titles,
        shared_yaxes="all", horizontal_spacing=0.035, vertical_spacing=100 / height if rows > 1 else 0,
    )  # fmt: skip
    for place, position in enumerate(positions):
        variable = variables[position]
        unit = "" if variable.kind == "class" else variable.unit
        x_axes(plot, title_text=unit, title_standoff=10, **_cell(place, columns))
    legend = {"y": 1, "yref": "container", "yanchor": "top"}
    quiet(plot, height, hovermode="closest", margin_t=58, legend=legend)
    for title in plot.layout.annotations:
        title.font.size = 12
    return plot


def _cell(place: int, columns: int) -> dict[str, int]:
    row, column = divmod(place, columns)
    return {"row": row + 1, "col": column + 1}


def _share_axes(plot: go.Figure, highest: float) -> None:
    y_axes(plot, rangemode="tozero", **share_ticks(highest))
    y_axes(plot, title_text="Share of surveys", col=1)


def _single(plot: go.Figure, table: pd.DataFrame, legend: bool, where: dict[str, int]) -> None:
    """The surveys as one broken line: one trace is drawn much faster than many."""
    wide = table.pivot_table("predicted", "value", "row")
    gap = np.full((1, wide.shape[1]), np.nan)
    y = np.concatenate([wide.to_numpy(), gap]).T.ravel()
    x = np.tile(np.append(wide.index.to_numpy(), np.nan), wide.shape[1])
    plot.add_scatter(
        x=x, y=y, mode="lines", name="predicted at single surveys", showlegend=legend, hoverinfo="skip",
        line={"color": SINGLE, "width": 1}, **where,
    )  # fmt: skip


def _mean(plot: go.Figure, mean: pd.Series, name: str, legend: bool, where: dict[str, int]) -> None:
    colour, dash = (GREEN, "dash") if name == "true" else (BLUE, "solid")
    plot.add_scatter(
        x=mean.index, y=mean, mode="lines", name=name, showlegend=legend,
        line={"color": colour, "width": 2.4, "dash": dash}, customdata=share_texts(mean, 1),
        hovertemplate=f"{name} %{{customdata}} at %{{x:.4~g}}<extra></extra>", **where,
    )  # fmt: skip


def _positions(table: pd.DataFrame, is_class: bool) -> pd.Series:
    return table["label"].str.slice(0, LONGEST_CLASS) if is_class else table["middle"]


def _predicted(plot: go.Figure, table: pd.DataFrame, is_class: bool, legend: bool, where: dict[str, int]) -> None:
    if "predicted" not in table:
        return
    x = _positions(table, is_class)
    if not is_class:
        band(plot, x, table["predicted_low"], table["predicted_high"], BAND, **where)
    plot.add_scatter(
        x=x, y=table["predicted"], name="predicted", showlegend=legend, line={"color": BLUE, "width": 2},
        mode="markers" if is_class else "lines", marker={"symbol": "diamond", "size": 8, "color": BLUE},
        customdata=share_texts(table["predicted"], 1), hovertemplate="predicted %{customdata}<extra></extra>",
        **where,
    )  # fmt: skip


def _told(tables: Mapping[int, pd.DataFrame]) -> bool:
    """Whether any survey is without the species, or nothing else is there to draw."""
    return any((t["recorded"] < t["surveys"]).any() or "predicted" not in t for t in tables.values())


def _recorded(plot: go.Figure, table: pd.DataFrame, is_class: bool, legend: bool, where: dict[str, int]) -> None:
    plot.add_scatter(
        x=_positions(table, is_class), y=table["share"], mode="markers", name="recorded", showlegend=legend,
        marker={"color": ORANGE, "size": 6}, customdata=_counts(table),
        error_y=error_bars(table["share"], table["share_low"], table["share_high"], color=ORANGE),
        hovertemplate="recorded at %{customdata}<extra></extra>", **where,
    )  # fmt: skip


def _counts(table: pd.DataFrame) -> list[str]:
    """ "3 of 1,200 surveys, 0.2 %", row by row."""
    rows = zip(table["recorded"], table["surveys"], share_texts(table["share"], 1), strict=True)
    return [f"{whole(recorded)} of {counted(surveys, 'survey')}, {share}" for recorded, surveys, share in rows]


def _title(words: str, longest: int) -> str:
    if len(words) > longest and ": " in words:
        words = words.rpartition(": ")[2]  # which of its group, not the group
    return label(words[0].upper() + words[1:], longest)


def _named(tables: Mapping[int, pd.DataFrame], variables: Variables) -> pd.DataFrame:
    """One table of all predictors, each named."""
    parts = [t.assign(predictor=variables[p].name, unit=variables[p].unit) for p, t in tables.items()]
    table = pd.concat(parts, ignore_index=True)
    return table[["predictor", "unit", *(column for column in table if column not in ("predictor", "unit"))]]


def _responses_alt(tables: Mapping[int, pd.DataFrame], variables: Variables) -> str:
    summary = []
    for position, table in tables.items():
        best = table.iloc[int(table["share"].to_numpy().argmax())]
        at = best["label"] or f"{number(best['low'])} to {number(best['high'])} {variables[position].unit}"
        summary.append(f"{variables[position].title}: most often ({percent(best['share'])}) at {at}")
    return f"Share of surveys with the species along {len(tables)} predictors. {'. '.join(summary)}."


def _dependence_alt(means: Mapping[int, pd.DataFrame], variables: Variables) -> str:
    summary = []
    for position, mean in means.items():
        variable, highest = variables[position], int(mean["predicted"].to_numpy().argmax())
        at = f"{number(mean.index[highest])} {variable.unit}".strip()
        summary.append(
            f"{variable.title}: highest mean prediction ({percent(mean['predicted'].iloc[highest])}) at {at}"
        )
    return f"Partial dependence on {len(means)} predictors. {'. '.join(summary)}."
