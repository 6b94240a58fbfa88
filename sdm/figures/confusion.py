"""What is mistaken for what: bars per species and pair, the clickable matrix, and prediction against truth.

A click carries `customdata`, which finds its surveys in `Outcomes`: [truth, predicted] of a cell or pair for
`rows_of_cell`, [column, outcome] of a species' bar for `rows_with`; of a single survey it is [row].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.evaluation.confusion.outcomes import Outcome
from sdm.figures.grouped_axis import mark_groups
from sdm.figures.line_thinning import evenly_thinned
from sdm.figures.pair_basis import Basis, basis_of
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREY,
    ORANGE,
    Figure,
    label,
    named_rows,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.number_format import counted, number, percent, plural, whole

MOST_BARS = 30
MOST_POINTS = 2000  # of a scatter: more cannot be told apart, and slow the browser down
MOST_NUMBERED = 12  # classes: in a larger matrix no number fits into a cell
TITLE_LENGTH = 60  # of a code and its meaning, in characters
BARS = (
    ("hits", "hits", Outcome.HIT, BLUE),
    ("misses", "misses", Outcome.MISS, GREY),
    ("false_alarms", "false alarms", Outcome.FALSE_ALARM, ORANGE),
)
# Opaque from light to dark, so that numbers upon them can be read on either theme.
HIT_RAMP = ["#DCEAF4", BLUE, "#003B5C"]
ERROR_RAMP = ["#FBE6D8", ORANGE, "#6B2F00"]


@dataclass(frozen=True)
class Shade:
    """What the colour of a cell can stand for."""

    meaning: str
    scale: str
    is_share: bool = False


SHADES = {
    "surveys": Shade("number of {}", "predicted instead"),
    "row_share": Shade("share of the {} with the row's species or class", "share predicted instead", True),
}


def species_bars(species: pd.DataFrame, italic: bool = True) -> Figure:
    """Hits, misses and false alarms of the first MOST_BARS rows of `per_species`, in their order."""
    data = species.head(MOST_BARS)
    plot = Plot()
    for column, title, outcome, colour in BARS:
        plot.add_bar(
            x=data[column], y=np.arange(len(data)), orientation="h", name=title, marker_color=colour,
            customdata=[[c, int(outcome)] for c in data["column"].tolist()], text=_labels(data["name"], italic),
            textposition="none", hovertemplate=f"%{{text}}: %{{x}} {title}<extra></extra>",
        )  # fmt: skip
    named_rows(quiet(plot, _height(len(data))), _labels(data["name"], italic))
    plot.update_layout(barmode="stack", hovermode="closest", legend_traceorder="normal")
    x_axes(plot, title_text="Surveys", separatethousands=True)
    rest = f" The first {len(data)} of {len(species)} are drawn." if len(species) > len(data) else ""
    caption = f"Hits and misses add up to the surveys where it was recorded; click a bar for its surveys.{rest}"
    return Figure(plot, species, caption, _species_alt(data))


def pair_bars(pairs: pd.DataFrame, italic: bool = True, item: str = "survey") -> Figure:
    """The first MOST_BARS pairs of `pair_tests`, by ratio, or of `predicted_instead`, by lift, in their order."""
    data, basis = pairs.head(MOST_BARS), basis_of(pairs)
    missed, predicted = _labels(data["missed_name"], italic), _labels(data["predicted_name"], italic)
    names = [f"{a}<br>→ {b}" for a, b in zip(missed, predicted, strict=True)]
    detail = [
        f"{name}<br>{plural(item)}: {surveys}, expected {basis.words}: {number(expected)}"
        for name, surveys, expected in zip(names, data["surveys"], data["expected"], strict=True)
    ]
    plot = Plot()
    plot.add_bar(
        x=data[basis.column], y=np.arange(len(data)), orientation="h", marker_color=ORANGE, showlegend=False,
        customdata=data[["missed", "predicted"]].to_numpy().tolist(), text=detail, textposition="none",
        hovertemplate=f"%{{text}}<br>{basis.column} %{{x:.3g}}<extra></extra>",
    )  # fmt: skip
    named_rows(quiet(plot, _height(len(data), 34)), names)
    plot.update_layout(hovermode="closest")
    x_axes(plot, title_text=basis.title, rangemode="tozero")
    rest = f" The first {len(data)} of {len(pairs)} are drawn." if len(pairs) > len(data) else ""
    caption = (
        f"Missed → predicted instead at the same surveys; 1: as often as expected {basis.words}. "
        f"Click a bar for the surveys.{rest}"
    )
    return Figure(plot, pairs, caption, _pairs_alt(data, basis))


def matrix(
    cells: pd.DataFrame,
    value: str = "surveys",
    italic: bool = False,
    groups: Sequence[str] = (),
    item: str = "survey",
    titles: Mapping[str, str] | None = None,
) -> Figure:
    """Rows recorded, columns predicted instead, hits on the diagonal: the K² rows of `cells`, coloured by `value`.

    `value` is a key of SHADES. Columns carry the numbers of their rows: names would leave no room on a phone; of
    many rows that stand by `groups`, one per row, they carry the names of those. `item`: what is counted.
    `titles`: name -> its meaning in words, where the names are codes.
    """
    side = round(len(cells) ** 0.5)
    seen = cells[value].where(cells["surveys"] > 0).to_numpy(float).reshape(side, side)
    diagonal, shade = np.eye(side, dtype=bool), SHADES[value]
    plot = Plot()
    _heat(plot, np.where(diagonal, np.nan, seen), shade, ERROR_RAMP, scale=True)
    _heat(plot, np.where(diagonal, seen, np.nan), shade, HIT_RAMP, scale=False)
    quiet(plot, _height(side, each=min(44, max(18, 600 // max(side, 1)))))
    _click_targets(plot, cells, side, titles or {})
    names = _labels(cells["predicted_name"].head(side), italic)
    named_rows(plot, [f"{name}  {row}" for row, name in enumerate(names, 1)])
    y_axes(plot, title_text="Recorded", showgrid=False)
    numbered = [row for row in range(side) if side <= MOST_NUMBERED or row == 0 or row % 5 == 4]
    x_axes(plot, title_text="Predicted (row number)", range=[-0.5, side - 0.5])
    x_axes(plot, tickvals=numbered, ticktext=[str(row + 1) for row in numbered])
    if side > MOST_NUMBERED:
        mark_groups(plot, groups)
    items = plural(item)
    caption = (
        f"Colour: {shade.meaning.format(items)}. Blue diagonal, on its own scale: hits. Elsewhere: the row's was "
        f"missed where the column's was predicted. Click a cell for its {items}."
    )
    if titles:
        caption += " Axes show codes: point at a cell for their names."
    return Figure(plot, cells, caption, _matrix_alt(cells, side))


def true_and_predicted(surveys: pd.DataFrame) -> Figure:
    """True and predicted class of each survey of `per_survey`, in its order: a cross in its ring is right."""
    data = evenly_thinned(surveys, MOST_POINTS)
    plot = Plot()
    for column, title, colour, symbol in (
        ("truth", "true class", BLUE, "circle-open"),
        ("predicted", "predicted class", ORANGE, "x-thin-open"),
    ):
        plot.add_scatter(
            x=data["row"], y=data[column], mode="markers", name=title,
            customdata=data[["row"]].to_numpy().tolist(), text=_labels(data[f"{column}_name"], italic=False),
            marker={"symbol": symbol, "size": 8, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate=f"survey %{{x}}, {title}: %{{text}}<extra></extra>",
        )  # fmt: skip
    quiet(plot, 420, hovermode="closest")
    x_axes(plot, title_text="Survey (position)")
    y_axes(plot, title_text="Class")
    names = _class_names(data)
    if len(names) <= MOST_BARS:
        y_axes(plot, tickvals=names.index.tolist(), ticktext=_labels(names, italic=False))
    caption = f"Ring: true class; cross: predicted, inside its ring where right.{_thinning(data, surveys)}"
    return Figure(plot, surveys, caption, _surveys_alt(surveys))


def _class_names(surveys: pd.DataFrame) -> pd.Series:
    """Names of the classes that occur, true or predicted, by their column."""
    pairs = [surveys.set_index(column)[f"{column}_name"] for column in ("truth", "predicted")]
    names = pd.concat(pairs)
    return names[~names.index.duplicated()].sort_index()


def _heat(plot: go.Figure, values: np.ndarray, shade: Shade, ramp: list[str], scale: bool) -> None:
    known = values[np.isfinite(values)]
    highest = float(known.max()) if known.size else 1.0
    texts = [share_texts(row, 0) if shade.is_share else list(map(whole, row)) for row in values]
    numbered = {"text": texts, "texttemplate": "%{text}"} if len(values) <= MOST_NUMBERED else {}
    ticks = share_ticks(highest) if shade.is_share else {"tickformat": ",d"}
    bar = {
        "title": {"text": shade.scale, "side": "top"}, "orientation": "h", "thickness": 10,
        "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "len": 0.8, **ticks,
    }  # fmt: skip
    plot.add_heatmap(
        z=values, zmin=0, zmax=highest, colorscale=ramp, xgap=1, ygap=1,
        showscale=scale and bool(known.size), colorbar=bar, hoverinfo="skip", **numbered,
    )  # fmt: skip


def _click_targets(plot: go.Figure, cells: pd.DataFrame, side: int, titles: Mapping[str, str]) -> None:
    """An invisible square in the middle of each cell: heat maps themselves report no click.

    Without a limit of distance a click goes to the nearest middle, hence to its cell, however wide that is drawn;
    squares as large as cells would overlap on a narrow screen, where Plotly takes the last of them.
    """
    row, column = np.divmod(np.arange(len(cells)), max(side, 1))
    shown = cells[["truth_name", "predicted_name", "surveys", "row_share", "expected", "lift"]].copy()
    for end in ("truth_name", "predicted_name"):
        shown[end] = [f"{name} {titles.get(name, '')}".strip() for name in shown[end]]
    texts = [_cell_text(*cell) for cell in shown.itertuples(index=False)]
    plot.add_scatter(
        x=column, y=row, mode="markers", showlegend=False, text=texts,
        marker={"symbol": "square", "size": 2, "opacity": 0, "color": GREY},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
        customdata=cells[["truth", "predicted"]].to_numpy().tolist(), hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    plot.update_layout(hovermode="closest", hoverdistance=-1)


def _cell_text(truth: str, predicted: str, surveys: int, share: float, expected: float, lift: float) -> str:
    recorded, instead = label(truth, TITLE_LENGTH), label(predicted, TITLE_LENGTH)
    count = f"surveys: {whole(surveys)}"
    if share == share:
        count += f", {percent(share)} of those with {recorded}"
    if expected != expected:  # on the diagonal
        return f"{recorded} found<br>{count}"
    return (
        f"{recorded} missed, {instead} predicted<br>{count}<br>"
        f"expected: {number(expected)}, observed / expected: {number(lift)}"
    )


def _labels(names: pd.Series, italic: bool) -> list[str]:
    labels = [label(name) for name in names]
    return [f"<i>{name}</i>" for name in labels] if italic else labels


def _height(rows: int, each: int = 22) -> int:
    return 150 + each * rows


def _thinning(drawn: pd.DataFrame, table: pd.DataFrame) -> str:
    if len(drawn) == len(table):
        return ""
    return f" {whole(len(drawn))} of {counted(len(table), 'survey')} are drawn, evenly spaced."


def _species_alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Hits, misses and false alarms: no species."
    first = data.iloc[0]
    total = ", ".join(f"{whole(data[column].sum())} {title}" for column, title, _, _ in BARS)
    alarms = counted(first["false_alarms"], "false alarm")
    counts = f"{whole(first['hits'])} of {counted(first['support'], 'survey')} found, {alarms}"
    return f"{counted(len(data), 'species')} with {total} together. First {first['name']}: {counts}."


def _pairs_alt(data: pd.DataFrame, basis: Basis) -> str:
    if data.empty:
        return "Species predicted instead of others: no pair was seen often enough."
    first = data.iloc[0]
    pair = f"{first['predicted_name']} instead of {first['missed_name']} at {counted(first['surveys'], 'survey')}"
    return f"{counted(len(data), 'pair')} of species; first {pair}, {basis.column} {number(first[basis.column])}."


def _matrix_alt(cells: pd.DataFrame, side: int) -> str:
    diagonal = cells["truth"] == cells["predicted"]
    hits, errors = cells.loc[diagonal, "surveys"].sum(), cells[~diagonal & (cells["surveys"] > 0)]
    summary = f"Matrix of {counted(side, 'class')}: {whole(hits)} hits on the diagonal"
    if errors.empty:
        return f"{summary}, none predicted instead of another."
    worst = errors.iloc[int(errors["surveys"].to_numpy().argmax())]
    most = f"{worst['predicted_name']} instead of {worst['truth_name']} at {counted(worst['surveys'], 'survey')}"
    return f"{summary}, {counted(len(errors), 'pair')} mistaken; most often {most}."


def _surveys_alt(surveys: pd.DataFrame) -> str:
    if surveys.empty:
        return "True and predicted class: no survey."
    classes, right = surveys["truth"].nunique(), surveys["right"].sum()
    where = f"{counted(len(surveys), 'survey')} in {counted(classes, 'true class')}"
    return f"True and predicted class of {where}; right: {whole(right)}."
