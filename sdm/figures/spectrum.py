"""A pixel's bands, or an image's channel means, with the spread of its class in training and of another class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.style import BLUE, GREY, ORANGE, Figure, band, label, quiet, x_axes, y_axes
from sdm.number_format import number

OWN_FILL, OTHER_FILL = "rgba(0,114,178,0.20)", "rgba(128,140,134,0.25)"
AXES = {"reflectance": "Reflectance", "dB": "Backscatter (dB)", "m": "Metres"}


def spectrum(table: pd.DataFrame, what: str, own: str, other: str = "", height: int = 300) -> Figure:
    """A `sdm.analysis.spectra.spectrum_table`; `what`: this pixel or this image, `own`, `other`: names of groups.

    Bands of another unit have a panel of their own.
    """
    units = list(dict.fromkeys(table["unit"]))
    parts = [table[table["unit"] == unit] for unit in units]
    plot = make_subplots(
        rows=1, cols=len(parts), horizontal_spacing=0.12,
        column_widths=[max(len(part), 3) / sum(max(len(one), 3) for one in parts) for part in parts],
    )  # fmt: skip
    for place, part in enumerate(parts, 1):
        _panel(plot, place, part, (what, own, other))
        y_axes(plot, title_text=AXES.get(units[place - 1], units[place - 1].capitalize()), row=1, col=place)
    quiet(plot, height)
    return Figure(plot, table, _caption(table, what, own, other), _alt(table, what, own))


def _panel(plot: go.Figure, column: int, part: pd.DataFrame, names: tuple[str, str, str]) -> None:
    x, cell = _across(part), {"row": 1, "col": column}
    first = column == 1
    for prefix, name, colour, fill, dash in (
        ("other", names[2], GREY, OTHER_FILL, "dot"), ("own", names[1], BLUE, OWN_FILL, "dash"),
    ):  # fmt: skip
        if not name or part[f"{prefix}_mean"].isna().all():
            continue
        band(plot, x, part[f"{prefix}_low"], part[f"{prefix}_high"], fill, xaxis=_axis("x", column),
             yaxis=_axis("y", column))  # fmt: skip
        plot.add_scatter(
            x=x, y=part[f"{prefix}_mean"], mode="lines", name=label(name, 34), showlegend=first,
            line={"color": colour, "dash": dash}, hovertemplate="%{y:.4g}", **cell,
        )  # fmt: skip
    plot.add_scatter(
        x=x, y=part["value"], mode="lines+markers", name=names[0], showlegend=first,
        line={"color": ORANGE, "width": 2}, text=part["band"].map(label),
        hovertemplate="%{text}: %{y:.4g}", **cell,
    )  # fmt: skip
    if part["wavelength_nm"].notna().all():
        x_axes(plot, title_text="Wavelength (nm)", tickvals=_apart(x.to_numpy(float)), **cell)
    else:
        x_axes(plot, type="category", title_text="Band" if first else None, **cell)


def _across(part: pd.DataFrame) -> pd.Series:
    """Where the bands stand: at their wavelength where all have one, else in order."""
    return part["wavelength_nm"] if part["wavelength_nm"].notna().all() else part["band"].map(label)


def _axis(letter: str, column: int) -> str:
    return letter if column == 1 else f"{letter}{column}"


def _apart(positions: np.ndarray, least: float = 110) -> list[float]:
    """Ticks at those of the ascending positions that leave room for their numbers."""
    ticks: list[float] = []
    for position in positions:
        if not ticks or position - ticks[-1] >= least:
            ticks.append(float(position))
    return ticks


def _caption(table: pd.DataFrame, what: str, own: str, other: str) -> str:
    parts = [f"{what.capitalize()}, band by band."]
    if own and table["own_mean"].notna().any():
        parts.append(
            f"Dashed: mean of {own} in training; shaded: eight of ten of its surveys (10th to 90th percentile)."
        )
    if other and table["other_mean"].notna().any():
        parts.append(f"Dotted, grey: {other}.")
    return " ".join(parts)


def _alt(table: pd.DataFrame, what: str, own: str) -> str:
    summary = ", ".join(f"{b} {number(float(v), 2)}" for b, v in zip(table["band"], table["value"], strict=True))
    inside = table["value"].between(table["own_low"], table["own_high"])
    known = table["own_low"].notna()
    if not known.any():
        return f"Line chart of {what} by band: {summary}."
    among = f"{int(inside[known].sum())} of {int(known.sum())} bands lie within the spread of {own}"
    return f"Line chart of {what} by band: {summary}. {among}."
