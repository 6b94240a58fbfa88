"""What all figures share: colours that hold for colour-blind eyes, quiet axes, and the figure's companions."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.plot import Plot
from sdm.number_format import percent

# Okabe & Ito (2008), jfly.uni-koeln.de/color
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
YELLOW, SKY, GREY = "#E69F00", "#56B4E9", "#7A8580"
PALETTE = {"blue": BLUE, "orange": ORANGE, "green": GREEN, "pink": PINK, "yellow": YELLOW, "sky": SKY}
GRID = "rgba(128,140,134,0.18)"
GAP = "rgba(128,140,134,0.14)"
LONGEST_LABEL = 24  # characters
INDEPENDENT = ", as if surveys were independent"  # Wilson's: neighbours are alike, so that the true one is wider
SHARE_STEPS, MOST_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25), 5  # between ticks
LAYOUT: dict[str, Any] = {
    "margin": {"l": 8, "r": 8, "t": 26, "b": 8},
    # Plotly turns the order round where an area is filled: seasons would stand in two orders.
    "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "traceorder": "normal"},
    "hovermode": "x unified",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "bargap": 0.25,
    "dragmode": False,
}


@dataclass(frozen=True)
class Figure:
    """A Plotly figure with the table behind it, how to read it, and words for those who cannot see it."""

    plot: go.Figure
    table: pd.DataFrame
    caption: str
    alt: str


USUAL = "A survey and its species"  # words that stay where all do


def worded(figure: Figure, words: Callable[[str], str]) -> Figure:
    """The figure with its caption, alt text, titles of axes and texts over points in other words."""
    if words(USUAL) == USUAL:
        return figure
    plot = go.Figure(figure.plot)
    for update in (plot.for_each_xaxis, plot.for_each_yaxis):
        update(lambda axis: axis.update(title_text=words(axis.title.text)) if axis.title.text else None)
    plot.for_each_trace(
        lambda trace: trace.update(hovertemplate=words(trace.hovertemplate)),
        selector=lambda trace: isinstance(trace.hovertemplate, str),
    )
    for name in ("text", "customdata"):
        plot.for_each_trace(partial(_in_words, name, words))
    return replace(figure, plot=plot, caption=words(figure.caption), alt=words(figure.alt))


def _in_words(name: str, words: Callable[[str], str], trace: Any) -> None:
    """Change the texts that `trace` has for its points under `name`."""
    texts = getattr(trace, name, None)
    if isinstance(texts, list | tuple) and any(isinstance(text, str) for text in texts):
        trace[name] = [words(text) if isinstance(text, str) else text for text in texts]


def quiet(plot: go.Figure, height: int, **layout: Any) -> go.Figure:
    """Set our layout: thin grid, legend above, no wasted margin, text in the page's colours; `layout` on top, a
    dict joined to ours."""
    ours = {"height": height, **LAYOUT}
    for name, value in layout.items():
        ours[name] = {**ours[name], **value} if isinstance(value, dict) and name in ours else value
    for name, value in ours.items():  # `update_layout` takes six times as long
        if isinstance(plot, Plot):
            plot.set_layout(name, value)
        else:
            plot.layout[name] = value
    x_axes(plot, showgrid=False, zeroline=False, automargin=True)
    y_axes(plot, gridcolor=GRID, zeroline=False, automargin=True)
    return plot


def x_axes(plot: go.Figure, row: int | None = None, col: int | None = None, **values: Any) -> None:
    """Set `values` of every x axis, or of those of a row or column: `update_xaxes` in a fifth of its time."""
    _set_axes(plot, "xaxis", (row, col), values)


def y_axes(plot: go.Figure, row: int | None = None, col: int | None = None, **values: Any) -> None:
    """Set `values` of every y axis, or of those of a row or column."""
    _set_axes(plot, "yaxis", (row, col), values)


def _set_axes(plot: go.Figure, kind: str, cell: tuple[int | None, int | None], values: dict[str, Any]) -> None:
    if isinstance(plot, Plot) and cell == (None, None):
        plot.set_axes(kind, values)
        return
    if cell == (None, None):
        names = [name for name in plot.layout if name.startswith(kind)]
    else:
        select = plot.select_xaxes if kind == "xaxis" else plot.select_yaxes
        names = [axis.plotly_name for axis in select(row=cell[0], col=cell[1])]
    for name in names:
        plot.layout[name] = {**plot.layout[name].to_plotly_json(), **values}


def band(plot: go.Figure, x: Any, low: Any, high: Any, colour: str, **edge: Any) -> None:
    """Fill the band from `low` to `high` over `x` with `colour`; `edge` goes to both of its traces."""
    edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, **edge}
    plot.add_scatter(y=low, **edge)
    plot.add_scatter(y=high, fill="tonexty", fillcolor=colour, **edge)


def error_bars(middle: Any, low: Any, high: Any, **style: Any) -> dict[str, Any]:
    """Return Plotly's error bars from `low` to `high` about `middle`."""
    ends = {"array": high - middle, "arrayminus": middle - low}
    return {"type": "data", "symmetric": False, "thickness": 1.2, "width": 0, **ends, **style}


def named_rows(plot: go.Figure, names: Sequence[str]) -> None:
    """Name the rows 0, 1, … of `plot`, the first on top."""
    y_axes(plot, range=[len(names) - 0.5, -0.5], tickvals=list(range(len(names))), ticktext=names)


def label(name: object, longest: int = LONGEST_LABEL) -> str:
    """Return `name` short enough for an axis or a legend, and escaped: Plotly would read markup in it.

    >>> label("<b>Poa  annua"), label("Convolvulus arvensis", 8)
    ('&lt;b&gt;Poa annua', 'Convolv…')
    """
    text = " ".join(str(name).split())
    return html.escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def share_texts(shares: Any, decimals: int | None = None) -> list[str]:
    r"""Shares as `percent` writes them, for hover texts and cells: Plotly's own format has no gap before the sign.

    >>> share_texts([0.43, 0.0004], 1) == ["43.0\N{NARROW NO-BREAK SPACE}%", "< 0.1\N{NARROW NO-BREAK SPACE}%"]
    True
    """
    return [percent(share, decimals) for share in np.asarray(shares, float)]


def share_ticks(highest: float = 1.0, lowest: float = 0.0) -> dict[str, Any]:
    """Ticks of an axis of shares, written as shares are in words: Plotly's own have no gap before the sign.

    >>> share_ticks(0.5)["tickvals"]
    [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    """
    if not (np.isfinite(highest) and np.isfinite(lowest) and highest > lowest):
        highest, lowest = 1.0, 0.0
    step = next((step for step in SHARE_STEPS if (highest - lowest) / step <= MOST_STEPS), SHARE_STEPS[-1])
    ticks = [round(i * step, 4) for i in range(int(lowest / step), int(highest / step + 1e-6) + 1)]
    return {"tickvals": ticks, "ticktext": [percent(tick, 0 if step >= 0.01 else 1) for tick in ticks]}
