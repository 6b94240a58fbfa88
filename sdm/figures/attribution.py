"""Attribution: what each input adds to a prediction, for many species, for one, and on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.plot import Plot
from sdm.figures.style import GREY, PALETTE, Figure, label, quiet, x_axes, y_axes
from sdm.inference.shapley import BASE, PREDICTION
from sdm.modalities import MODALITIES
from sdm.number_format import number

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
    plot, rows = Plot(), np.arange(len(table))
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
    x_axes(plot, title_text=unit.added, showgrid=True, zeroline=True, zerolinecolor=GREY)
    y_axes(plot, tickvals=rows, ticktext=names, autorange="reversed", showgrid=False, ticklabelstandoff=6)
    caption = (
        "Right of the line: an input speaks for it; left: against it. The diamond: what all inputs add to "
        "the prediction without any."
    )
    return Figure(plot, table, caption, _alt_bars(table, modalities, unit))


def by_band(table: pd.DataFrame, name: str, unit: Unit = PERCENT) -> Figure:
    """A `BandAttribution.table` of the class or value `name`: a bar per band."""
    change, bands = unit.factor * table["change"], [label(one) for one in table["band"]]
    plot = Plot()
    plot.add_bar(
        x=bands, y=change, text=[label(one, 60) for one in table["title"]], textposition="none",
        marker_color=np.where(change >= 0, PALETTE["blue"], PALETTE["orange"]).tolist(),
        hovertemplate="%{text}: %{y:+.3g}<extra></extra>",
    )  # fmt: skip
    quiet(plot, 280, hovermode="closest", showlegend=False)
    plot.update_xaxes(type="category", title_text="Band")
    plot.update_yaxes(title_text=unit.added, zeroline=True, zerolinecolor=GREY)
    caption = (
        f"Occlusion: how much lower {name} comes out when one band is replaced by its training mean. "
        "Below 0: the band speaks against it. Bands that vary together share what they tell: none may stand out."
    )
    strongest = table.assign(change=change).iloc[change.abs().argsort()[::-1][:3]]
    pairs = zip(strongest["band"], strongest["change"].to_numpy(float), strict=True)
    parts = ", ".join(f"{band} {number(added)}" for band, added in pairs)
    return Figure(plot, table, caption, f"Bars: what each band adds to {name}; most: {parts}.")


def summary(means: pd.DataFrame, count: int, unit: Unit = PERCENT) -> Figure:
    """The `mean_contributions` over `count` classes: how much each modality moves them, whichever way."""
    plot = Plot()
    for name, word, mean in means.itertuples():
        plot.add_bar(
            x=[mean], y=[word], orientation="h", marker_color=colour(name), text=[number(mean, 2)],
            textposition="outside", cliponaxis=False, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    quiet(plot, 56 + ROW * len(means), hovermode=False, margin={"l": 8, "r": 34, "t": 4, "b": 8})
    x_axes(plot, title_text=unit.added, showgrid=True, rangemode="tozero")
    y_axes(plot, autorange="reversed", showgrid=False, ticklabelstandoff=6)
    said = ", ".join(f"{word} {number(mean, 2)}" for word, mean in means.itertuples(index=False))
    caption = f"Mean of what each input adds or takes away, over the {count} shown below."
    alt = f"Mean absolute contribution of each input. {said}."
    return Figure(plot, means.reset_index(drop=True), caption, alt)


def waterfall(steps: pd.DataFrame, name: str, unit: Unit = PERCENT) -> Figure:
    """The `contribution_steps` of the class `name`, from the prediction without inputs to that with all."""
    start, *added = steps["value"].iloc[:-1]
    begins = start + np.concatenate([[0.0], np.cumsum(added)])
    plot = Plot()
    for (key, step, value), begin in zip(steps.itertuples(), (0.0, *begins[:-1], 0.0), strict=True):
        if key in (BASE, PREDICTION):
            _step(plot, step.capitalize(), begin, value, GREY, number(value, 2))
        else:
            _step(plot, step, begin, value, colour(key), f"{'+' if value >= 0 else ''}{number(value, 2)}")
    margin = {"l": 8, "r": 40, "t": 4, "b": 8}
    quiet(plot, 60 + 32 * len(steps), hovermode=False, showlegend=False, margin=margin)
    x_axes(plot, title_text=unit.words, showgrid=True, zeroline=True, zerolinecolor=GREY)
    y_axes(plot, autorange="reversed", showgrid=False, ticklabelstandoff=6)
    said = ", ".join(f"{step} {number(value, 2)}" for step, value in steps.itertuples(index=False))
    caption = (
        "Each bar begins where the one above ends. An input's share is the mean of what it adds, over all orders "
        "in which inputs could become known (Shapley values): so the shares add up."
    )
    return Figure(plot, steps.reset_index(drop=True), caption, f"{name}, {unit.words}: {said}.")


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
