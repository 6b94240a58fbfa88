"""Attribution: what each input adds to a prediction, for many species, for one, and on average."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.style import GREY, PALETTE, Figure, label, number, quiet
from sdm.inference.shapley import BASE, PREDICTION
from sdm.modalities import MODALITIES

ROW, HEAD = 27, 84  # pixels per bar, and for axis and legend


@dataclass(frozen=True)
class Unit:
    """What bars are drawn in: `factor` times the output; `words` name an axis, `added` one of shares."""

    factor: float
    words: str
    added: str


PERCENT = Unit(100.0, "Probability (%)", "Points of probability (%)")


def bars(table: pd.DataFrame, modalities: Sequence[str], unit: Unit = PERCENT) -> Figure:
    """A row per class of an `attribution_table`: to the right what is added to the base value, to the left what is
    taken away; the diamond is the sum."""
    names = [label(name) for name in table["name"]]
    plot, rows = go.Figure(), np.arange(len(table))
    for modality in modalities:
        plot.add_bar(
            x=unit.factor * table[modality], y=rows, orientation="h", name=title(modality), text=names,
            textposition="none", marker_color=colour(modality),
            hovertemplate="%{text}: %{x:+.1f}<extra>" + title(modality) + "</extra>",
        )  # fmt: skip
    net = unit.factor * (table[PREDICTION] - table[BASE])
    plot.add_scatter(
        x=net, y=rows, name="all inputs", mode="markers", text=names,
        hovertemplate="%{text}: %{x:+.1f}<extra>all inputs</extra>",
        marker={"symbol": "diamond", "size": 10, "color": GREY, "line": {"width": 1.5, "color": "white"}},
    )  # fmt: skip
    quiet(plot, HEAD + ROW * max(len(table), 1), barmode="relative", hovermode="closest")
    plot.update_xaxes(title_text=unit.added, showgrid=True, zeroline=True, zerolinecolor=GREY)
    plot.update_yaxes(tickvals=rows, ticktext=names, autorange="reversed", showgrid=False, ticklabelstandoff=6)
    caption = (
        "Right of the line: an input speaks for it; left: against it. The diamond: what all inputs add to "
        "the prediction without any."
    )
    return Figure(plot, table, caption, _alt_bars(table, modalities, unit))


def summary(
    table: pd.DataFrame, modalities: Sequence[str], missing: Collection[str], unit: Unit = PERCENT
) -> Figure:
    """How much each modality moves the classes of an `attribution_table` on the average, whichever way."""
    means = [unit.factor * float(table[name].abs().mean()) for name in modalities]
    words = [f"{title(name)} (missing)" if name in missing else title(name) for name in modalities]
    plot = go.Figure()
    for name, word, mean in zip(modalities, words, means, strict=True):
        plot.add_bar(
            x=[mean], y=[word], orientation="h", marker_color=colour(name), text=[number(mean, 2)],
            textposition="outside", cliponaxis=False, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    quiet(plot, 56 + ROW * len(means), hovermode=False, margin={"l": 8, "r": 34, "t": 4, "b": 8})
    plot.update_xaxes(title_text=unit.added, showgrid=True, rangemode="tozero")
    plot.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    said = ", ".join(f"{word} {number(mean, 2)}" for word, mean in zip(words, means, strict=True))
    return Figure(
        plot,
        pd.DataFrame({"input": words, "mean": means}),
        f"Mean of what each input adds or takes away, over the {len(table)} shown below.",
        f"Mean absolute contribution of each input. {said}.",
    )


def waterfall(row: pd.Series, modalities: Sequence[str], missing: Collection[str], unit: Unit = PERCENT) -> Figure:
    """One class of an `attribution_table`, from the prediction without inputs to the prediction with all."""
    added = unit.factor * row[list(modalities)].to_numpy(float)
    start = unit.factor * float(row[BASE])
    ends = start + np.concatenate([[0.0], added.cumsum()])
    words = [f"{title(name)} (missing)" if name in missing else title(name) for name in modalities]
    plot = go.Figure()
    _step(plot, BASE.capitalize(), 0.0, start, GREY, number(start, 2))
    for name, word, base, size in zip(modalities, words, ends, added, strict=False):
        _step(plot, word, base, size, colour(name), f"{'+' if size >= 0 else ''}{number(size, 2)}")
    _step(plot, PREDICTION.capitalize(), 0.0, float(ends[-1]), GREY, number(float(ends[-1]), 2))
    quiet(
        plot,
        60 + 32 * (len(words) + 2),
        hovermode=False,
        showlegend=False,
        margin={"l": 8, "r": 40, "t": 4, "b": 8},
    )
    plot.update_xaxes(title_text=unit.words, showgrid=True, zeroline=True, zerolinecolor=GREY)
    plot.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    steps = [BASE, *words, PREDICTION]
    table = pd.DataFrame({"step": steps, "value": [start, *added, ends[-1]]})
    said = ", ".join(f"{step} {number(value, 2)}" for step, value in table.itertuples(index=False))
    caption = (
        "Each bar begins where the one above ends. An input's share is the mean of what it adds, over all orders "
        "in which inputs could become known (Shapley values): so the shares add up."
    )
    return Figure(plot, table, caption, f"{row['name']}, {unit.words}: {said}.")


def colour(modality: str) -> str:
    """The colour of a modality in all figures."""
    return PALETTE[MODALITIES[modality].colour]


def title(modality: str) -> str:
    """A modality in plain words."""
    return MODALITIES[modality].title


def _step(plot: go.Figure, word: str, base: float, size: float, colour: str, text: str) -> None:
    plot.add_bar(
        x=[size], base=[base], y=[word], orientation="h", marker_color=colour, text=[text],
        textposition="outside", cliponaxis=False, hoverinfo="skip",
    )  # fmt: skip


def _alt_bars(table: pd.DataFrame, modalities: Sequence[str], unit: Unit) -> str:
    said = [
        f"{row['name']}: "
        + ", ".join(f"{title(name)} {number(unit.factor * row[name], 2)}" for name in modalities)
        for _, row in table.head(4).iterrows()
    ]
    more = [f"and {len(table) - 4} more"] if len(table) > 4 else []
    return f"What each input adds, {unit.added}. {'; '.join([*said, *more])}."
