"""Any series of a survey: a curve per channel along its last axis."""

from __future__ import annotations

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from sdm.figures.style import PALETTE, Figure, quiet, y_axes
from sdm.modalities import Modality
from sdm.number_format import number

HEAD, ROW = 60, 170  # pixels for axis and legend, and per unit


def series(table: pd.DataFrame, modality: Modality) -> Figure:
    """The channels of a `sdm.analysis.values.usual_table` of `modality`, one panel per unit."""
    axis, units = modality.axes[-1], list(dict.fromkeys(modality.units))
    plot = make_subplots(rows=len(units), cols=1, shared_xaxes=True, vertical_spacing=0.08)
    colours = [PALETTE[modality.colour], *(c for n, c in PALETTE.items() if n != modality.colour)]
    curves = list(table.groupby("title", sort=False))
    for i, (title, curve) in enumerate(curves):
        unit = str(curve["unit"].iloc[0])
        plot.add_scatter(
            x=curve[axis], y=curve["value"], name=title, mode="lines+markers", showlegend=len(curves) > 1,
            line={"color": colours[i % len(colours)], "width": 2}, hovertemplate=f"%{{y:.3g}} {unit}",
            row=units.index(unit) + 1, col=1,
        )  # fmt: skip
    quiet(plot, HEAD + ROW * len(units))
    for row, unit in enumerate(units, start=1):
        y_axes(plot, title_text=unit, row=row, col=1)
    between = " and ".join(modality.axes[1:-1])
    caption = f"{modality.meaning[0].upper()}{modality.meaning[1:]}{f'; mean over {between}' if between else ''}."
    summary = [f"{title} {_range(curve['value'].to_numpy())}" for title, curve in curves]
    return Figure(plot, table, caption, f"{modality.title} by {axis}: {'; '.join(summary)}.")


def _range(values: np.ndarray) -> str:
    known = values[np.isfinite(values)]
    return f"{number(known.min())} to {number(known.max())}" if known.size else "no data"
