"""Predicted numbers against actual ones, beside what needs no model."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from sdm.evaluation.confusion.regression import Reference
from sdm.figures.line_thinning import evenly_thinned
from sdm.figures.plot import Plot
from sdm.figures.style import BLUE, GREY, ORANGE, YELLOW, Figure, quiet
from sdm.number_format import counted, number, percent, plural, whole

MOST_POINTS = 2000  # more cannot be told apart, and slow the browser down


def actual_against_predicted(
    residuals: pd.DataFrame, unit: str = "", references: Sequence[Reference] = (), item: str = "survey"
) -> Figure:
    """One point per row of `residuals`; on the dashed line the prediction is right; dotted: `references`."""
    data = evenly_thinned(residuals, MOST_POINTS)
    ends = [data[["actual", "predicted"]].min().min(), data[["actual", "predicted"]].max().max()]
    plot = Plot()
    plot.add_scatter(
        x=ends, y=ends, mode="lines", name="predicted = actual", hoverinfo="skip",
        line={"color": GREY, "width": 1, "dash": "dash"},
    )  # fmt: skip
    plot.add_scatter(
        x=data["actual"], y=data["predicted"], mode="markers", name=item,
        customdata=data[["row"]].to_numpy().tolist(), marker={"color": BLUE, "size": 6, "opacity": 0.6},
        hovertemplate="actual %{x:.3g}, predicted %{y:.3g}<extra></extra>",
    )  # fmt: skip
    for colour, one in zip((ORANGE, YELLOW), references, strict=False):
        plot.add_scatter(
            x=ends, y=[one.predicted] * 2, mode="lines", name=f"{one.title}: MSE {number(one.mse)}",
            hoverinfo="skip", line={"color": colour, "width": 2, "dash": "dot"},
        )  # fmt: skip
    quiet(plot, 380, hovermode="closest")
    suffix = f" ({unit})" if unit else ""
    plot.update_xaxes(title_text=f"Actual{html.escape(suffix)}", showgrid=True)
    plot.update_yaxes(title_text=f"Predicted{html.escape(suffix)}")
    caption = f"Above the dashed line the prediction is too high. Click a point for its {item}."
    if references:
        caption += " Dotted: what needs no model, at its expected value."
    if len(data) < len(residuals):
        caption += f" {whole(len(data))} of {whole(len(residuals))} {plural(item)} are drawn, evenly spaced."
    return Figure(plot, residuals, caption, _alt(residuals, suffix, item))


def _alt(residuals: pd.DataFrame, suffix: str, item: str) -> str:
    if residuals.empty:
        return f"Actual against predicted: no {item} has both."
    spread = f"mean absolute error {number(residuals['residual'].abs().mean())}{suffix}"
    high = (residuals["residual"] > 0).mean()
    where = f"at {counted(len(residuals), item)}"
    return f"Actual against predicted {where}: {spread}; {percent(high)} are predicted too high."
