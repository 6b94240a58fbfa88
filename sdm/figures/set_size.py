"""Expected and observed F1 of one survey by the number of species predicted, and where each decoder stops."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.style import BLUE, GREEN, GREY, ORANGE, PINK, Figure, quiet, x_axes, y_axes
from sdm.number_format import number

CURVES_HEIGHT, ROW_HEIGHT, AROUND = 250, 19, 90
FEWEST, ROOM = 40, 1.35  # species on the axis at least, and as a multiple of the largest set
LABEL_FLIPS = 0.55  # of the axis: from there on a label stands to the left of its dot
EXPECTED = (
    "F1 = 2 × hits ÷ (predicted + present). Predicting more finds more but adds false alarms, so it "
    "peaks in between. Blue: what to expect of the k most probable species if the probabilities are right."
)
ACTUAL = " Orange: the F1 they have here."
STOPS = " Below: where each decoder stops."


# Marker by role of a decoder: `own` are the two set by hand; `chosen` is what reads the model now, drawn last.
ROLES: dict[str, dict[str, Any]] = {
    "other": {"color": GREY, "symbol": "circle", "size": 7},
    "own": {"color": PINK, "symbol": "diamond", "size": 13},
    "chosen": {"color": GREEN, "symbol": "circle", "size": 9},
}


def set_size(curve: pd.DataFrame, stops: pd.DataFrame) -> Figure:
    """F1 against k, as far as any decoder goes, and below it a dot per decoder.

    `curve` and `stops` are those of `sdm.evaluation.set_size`; `stops` also has a role, one of ROLES.
    """
    stops = stops.sort_values(["size", "decoder"], kind="stable", ignore_index=True)
    last = min(len(curve), max(FEWEST, round(ROOM * float(stops["size"].max()))))  # k of the axis
    everything, curve = curve, curve[:last]
    below = ROW_HEIGHT * (len(stops) + 1)
    plot = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.02, row_heights=[CURVES_HEIGHT, below])
    _curves(plot, curve)
    for role in ROLES:
        if (stops["role"] == role).any():
            _stops(plot, stops[stops["role"] == role], role, last)
    quiet(plot, CURVES_HEIGHT + below + AROUND)
    x_axes(plot, range=[0, last + 1])
    x_axes(plot, title_text="Species predicted, k", row=2, col=1)
    y_axes(plot, title_text="F1 of this survey", rangemode="tozero", row=1, col=1)
    y_axes(plot, range=[len(stops) - 0.4, -0.6], showticklabels=False, showgrid=False, row=2, col=1)
    caption = EXPECTED + (ACTUAL if "f1" in curve else "") + STOPS
    return Figure(plot, _table(everything, stops), caption, _alt(everything, stops))


def _curves(plot: go.Figure, curve: pd.DataFrame) -> None:
    for column, name, colour in (("expected_f1", "expected", BLUE), ("f1", "actual", ORANGE)):
        if column in curve:
            plot.add_scatter(
                x=curve["k"], y=curve[column], mode="lines", name=name, line={"color": colour, "width": 2.2},
                hovertemplate="%{y:.2f}", row=1, col=1,
            )  # fmt: skip


def _stops(plot: go.Figure, stops: pd.DataFrame, role: str, last: int) -> None:
    silent = {"showlegend": False, "hoverinfo": "skip", "marker": ROLES[role]}
    if role != "other":
        for size in stops["size"]:
            plot.add_vline(x=size, line={"color": ROLES[role]["color"], "width": 1, "dash": "dot"}, row=1, col=1)
    for column in ("expected_f1", "f1"):
        if column in stops:
            plot.add_scatter(x=stops["size"], y=stops[column], mode="markers", row=1, col=1, **silent)
    plot.add_scatter(
        x=stops["size"], y=stops.index, mode="markers+text", row=2, col=1, cliponaxis=False, **silent,
        text=[f"  {name} · {size}  " for name, size in zip(stops["decoder"], stops["size"], strict=True)],
        textposition=["middle left" if size > LABEL_FLIPS * last else "middle right" for size in stops["size"]],
        textfont={"size": 12},
    )  # fmt: skip


def _table(curve: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """The curve, with the decoders that stop at each k."""
    named = stops.groupby("size")["decoder"].agg("; ".join)
    return curve.assign(decoders=curve["k"].map(named).fillna(""))


def _alt(curve: pd.DataFrame, stops: pd.DataFrame) -> str:
    summary = [f"F1 expected of the k most probable species, highest at {_highest(curve, 'expected_f1')}."]
    if "f1" in curve:
        summary.append(f"The actual F1 is highest at {_highest(curve, 'f1')}.")
    sizes = ", ".join(f"{name} {size}" for name, size in zip(stops["decoder"], stops["size"], strict=True))
    return " ".join([*summary, f"Species named by each decoder: {sizes}."])


def _highest(curve: pd.DataFrame, column: str) -> str:
    best = curve.iloc[int(curve[column].to_numpy().argmax())]
    return f"k = {int(best['k'])} ({number(float(best[column]), 2)})"
