"""Scores as figures: each with its interval, local against hidden, and what others published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREY,
    LONGEST_LABEL,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    Figure,
    label,
    quiet,
    x_axes,
    y_axes,
)
from sdm.number_format import counted, fixed, number

# Column of a board -> name, colour, symbol.
SERIES = {
    "validation": ("local validation", YELLOW, "circle"),
    "test": ("test", ORANGE, "diamond"),
    "test_near": ("test, near", ORANGE, "diamond"),
    "test_far": ("test, far", PINK, "square"),
    "public": ("Kaggle public", BLUE, "triangle-up"),
    "private": ("Kaggle private", SKY, "triangle-down"),
}
LOCAL = "validation"
ROW, HEAD = 46, 70  # pixels per model, and for axis and legend
SPREAD = 0.22  # between the scores of one model, in rows


def intervals(board: pd.DataFrame, title: str, best: Mapping[str, float]) -> Figure:
    """Every score of a board (`sdm.evaluation.leaderboard.board`) with its 95 % interval, a row per model, the
    best on top.

    `title` names the metric and its unit; `best` holds the best reachable score per split, drawn as a line.
    """
    shown = [split for split in (*SERIES, *_others(board)) if split in board and f"{split} low" in board]
    plot, rows = Plot(), np.arange(len(board))
    for i, split in enumerate(shown):
        name, colour, symbol = _looks(split)
        low, high = board[f"{split} low"], board[f"{split} high"]
        plot.add_scatter(
            x=board[split], y=rows + SPREAD * (i - (len(shown) - 1) / 2), name=name, mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 1, "color": "white"}},
            error_x={"array": high - board[split], "arrayminus": board[split] - low, "thickness": 2, "width": 0},
            customdata=[_interval(*ends) for ends in zip(low, high, strict=True)], text=_names(board),
            hovertemplate="%{text}<br>" + name + " %{x:.3f}%{customdata}<extra></extra>",
        )  # fmt: skip
    for split in (split for split in shown if split in best):
        plot.add_vline(x=best[split], line={"color": _looks(split)[1], "dash": "dot", "width": 2})
    quiet(plot, HEAD + ROW * max(len(board), 2), hovermode="closest")
    y_axes(plot, tickvals=rows, ticktext=_names(board), autorange="reversed", showgrid=False, ticklabelstandoff=6)
    ends = board[[name for split in shown for name in (split, f"{split} low", f"{split} high")]]
    lines = [best[split] for split in shown if split in best]
    x_axes(plot, title_text=title, showgrid=True, range=_round_one([*ends.to_numpy(float).ravel(), *lines]))
    caption = "Each model's score."
    if has_intervals(board):
        caption = "Each model's score with its 95 % block-bootstrap interval."
    if best:
        caption += " Dotted: best reachable, the most that inputs could tell; only a simulated world knows it."
    return Figure(plot, board, caption, _alt_intervals(board, title, shown, best))


def local_against_hidden(board: pd.DataFrame, title: str) -> Figure | None:
    """Each model's local validation score against what a hidden test gave it; None where there is no such pair.

    On the dashed line both are equal; the further below, the more optimistic validation was.
    """
    if LOCAL not in board:
        return None
    hidden = [name for name in SERIES if name != LOCAL and name in board and _pairs(board, name).any()]
    if not hidden:
        return None
    plot = Plot()
    values = board[[LOCAL, *hidden]].to_numpy(float)
    low, high = np.nanmin(values), np.nanmax(values)
    ends = _round_one([low, high]) or [low - 0.08 * (high - low), high + 0.08 * (high - low)]
    plot.add_scatter(
        x=ends, y=ends, mode="lines", line={"color": GREY, "dash": "dash", "width": 1.5}, name="equal",
        hoverinfo="skip",
    )  # fmt: skip
    for name in hidden:
        _dots(plot, board[_pairs(board, name)], name)
    quiet(plot, 340, hovermode="closest")
    x_axes(plot, title_text=f"Local validation, {title}", showgrid=True)
    y_axes(plot, title_text=f"Hidden test, {title}")
    table = board[["rank", "model", "run", LOCAL, *hidden]]
    caption = (
        "Each number is a model, by its place on the board. On the dashed line the hidden test agrees with local "
        "validation; the further below it, the more optimistic validation was."
    )
    return Figure(plot, table, caption, _alt_local(table, title, hidden))


def published(table: pd.DataFrame, measures: Mapping[str, str]) -> Figure:
    """Printed figures of one study as dots, a row per model; `measures` maps columns to their titles, all of one
    unit. Hollow: reported by its authors alone."""
    plot, rows = Plot(), np.arange(len(table))
    colours = (BLUE, SKY, YELLOW)
    labels = [_published_name(*row) for row in table[["model", "setting"]].itertuples(index=False)]
    for colour, (column, name) in zip(colours, measures.items(), strict=False):
        symbols = np.where(table["reported_only"].astype(bool), "circle-open", "circle")
        plot.add_scatter(
            x=pd.to_numeric(table[column]), y=rows, name=name, mode="markers", text=labels,
            marker={"color": colour, "size": 11, "symbol": symbols, "line": {"width": 2, "color": colour}},
            hovertemplate="%{text}<br>" + name + " %{x}<extra></extra>",
        )  # fmt: skip
    quiet(plot, HEAD + 30 * max(len(table), 1), hovermode="closest", showlegend=True)
    y_axes(plot, tickvals=rows, ticktext=labels, autorange="reversed", showgrid=True, ticklabelstandoff=6)
    x_axes(plot, title_text="Score as printed (0 to 1)", showgrid=True)
    hollow = " Hollow: reported by its authors alone." if table["reported_only"].any() else ""
    said = [f"{model}: {', '.join(f'{name} {value}' for value, name in zip(row, measures.values(), strict=True))}"
            for model, *row in table[["model", *measures]].fillna("–").itertuples(index=False)]  # fmt: skip
    return Figure(plot, table, f"Scores of others, as printed.{hollow}", f"Published scores. {'; '.join(said)}.")


def has_intervals(board: pd.DataFrame) -> bool:
    """Whether any score of the board has an interval: some measures have none."""
    return any(board[name].notna().any() for name in board if str(name).endswith(" low"))


def _round_one(values: Sequence[float]) -> list[float] | None:
    """The range of an axis on which all the finite `values` are one: by itself it would reach 1 either way. None
    where it finds its own.

    >>> _round_one([0.8, np.nan]), _round_one([0.0]), _round_one([0.7, 0.8])
    ([0.72, 0.88], [-0.1, 0.1], None)
    """
    finite = np.array(values, float)
    finite = np.unique(finite[np.isfinite(finite)])
    if len(finite) != 1:
        return None
    around = abs(finite[0]) / 10 or 0.1
    return [round(float(end), 12) for end in (finite[0] - around, finite[0] + around)]


def _interval(low: float, high: float) -> str:
    return "" if pd.isna(low) or pd.isna(high) else f" ({fixed(low)} to {fixed(high)})"


def _others(board: pd.DataFrame) -> list[str]:
    """Splits of a name of their own."""
    lows = [str(column).removesuffix(" low") for column in board if str(column).endswith(" low")]
    return [split for split in lows if split not in SERIES]


def _looks(split: str) -> tuple[str, str, str]:
    return SERIES.get(split, (split, GREY, "circle"))


def _names(board: pd.DataFrame) -> list[str]:
    """Place and model, short; models that would read alike by the names of their runs."""
    titles = board["model"].map(label)
    names = titles.where(~titles.duplicated(keep=False), board["run"].map(label))
    return [f"{rank} · {name}" for rank, name in zip(board["rank"], names, strict=True)]


def _published_name(model: str, setting: str) -> str:
    short = setting.partition(",")[0]
    return f"{model} ({short})" if short and len(short) < LONGEST_LABEL else model


def _pairs(board: pd.DataFrame, name: str) -> pd.Series:
    return board[LOCAL].notna() & board[name].notna()


def _dots(plot: go.Figure, part: pd.DataFrame, name: str) -> None:
    title, colour, symbol = _looks(name)
    error = None
    if f"{name} low" in part:
        error = {
            "array": part[f"{name} high"] - part[name], "arrayminus": part[name] - part[f"{name} low"],
            "thickness": 1.5, "width": 0,
        }  # fmt: skip
    plot.add_scatter(
        x=part[LOCAL], y=part[name], name=title, mode="markers+text", text=part["rank"],
        textposition="middle center", textfont={"size": 11, "color": "white"}, customdata=_names(part),
        marker={"color": colour, "symbol": symbol, "size": 19}, error_y=error,
        hovertemplate="%{customdata}<br>validation %{x:.3f}<br>" + title + " %{y:.3f}<extra></extra>",
    )  # fmt: skip


def _alt_intervals(board: pd.DataFrame, title: str, shown: Sequence[str], best: Mapping[str, float]) -> str:
    said = [
        f"{name}: " + ", ".join(f"{_looks(s)[0]} {number(row[s])}" for s in shown)
        for name, (_, row) in zip(_names(board.head(4)), board.iterrows(), strict=False)
    ]
    tops = [f"best reachable {_looks(split)[0]} {number(value)}" for split, value in best.items()]
    more = [f"and {counted(len(board) - 4, 'more model')}"] if len(board) > 4 else []
    return f"{title} by model. {'; '.join([*said, *more, *tops])}."


def _alt_local(table: pd.DataFrame, title: str, hidden: Sequence[str]) -> str:
    said = [
        f"{name}: validation {number(row[LOCAL])}, "
        + ", ".join(f"{_looks(split)[0]} {number(row[split])}" for split in hidden)
        for name, (_, row) in zip(_names(table.head(4)), table.iterrows(), strict=False)
    ]
    return f"{title} on local validation against hidden tests. {'; '.join(said)}."
