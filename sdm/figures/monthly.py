"""A pixel's dates through a year: chosen bands against the spread of its class, and all bands by date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.plot import Plot
from sdm.figures.style import BLUE, GAP, GREY, ORANGE, Figure, band, label, quiet, x_axes, y_axes
from sdm.number_format import counted, number

OWN_FILL, OTHER_FILL = "rgba(0,114,178,0.20)", "rgba(128,140,134,0.25)"
HEAD, PANEL, ROW = 66, 165, 17  # pixels: legend and axis, a panel, a band of the image
AXIS = "Date of the pixel, in order"


def monthly_curves(
    table: pd.DataFrame, bands: Sequence[str], own: str, other: str = "", across: int = 2,
    when: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """Panels of `bands`, `across` side by side, of a `sdm.analysis.monthly.monthly_table`.

    `own`, `other`: names of the groups; `when`: what the first steps are called, their numbers if empty; those
    after them have no date. Dates without any value are shaded, lines end at gaps.
    """
    when = _named(table, when)
    across = min(across, max(len(bands), 1))
    down = -(-len(bands) // across)
    parts = {name: table[table["band"] == name] for name in bands}
    plot = make_subplots(
        rows=max(down, 1), cols=across, shared_xaxes=True, horizontal_spacing=0.17,
        vertical_spacing=0.26 / max(down, 1),
        subplot_titles=[label(_panel_title(part), 34) for part in parts.values()],
    )  # fmt: skip
    empty = _empty_steps(table)
    for place, part in enumerate(parts.values()):
        row, column = place // across + 1, place % across + 1
        _panel(plot, part, (own, other), (row, column), when, first=place == 0)
        for step in empty:
            plot.add_vrect(step - 0.5, step + 0.5, fillcolor=GAP, line_width=0, row=row, col=column)
        y_axes(plot, title_text=str(part["unit"].iloc[0]).capitalize(), row=row, col=column)
    quiet(plot, HEAD + PANEL * max(down, 1), hovermode="closest", margin={"t": 54})
    plot.update_layout(legend_y=1 + 34 / (PANEL * max(down, 1)))
    plot.update_annotations(font_size=12.5)
    x_axes(plot, **_ticks(int(table["step"].max()), when))
    for row in range(1, down):
        x_axes(plot, showticklabels=False, row=row)
    for column in range(1, across + 1):
        x_axes(plot, title_text="" if when else AXIS, row=max(down, 1), col=column)
    return Figure(plot, table, _caption(table, own, other), _alt(table, bands, own))


def monthly_image(table: pd.DataFrame, when: Sequence[str] = ()) -> Figure:
    """All bands by date of a `monthly_table`: dark low, bright high for the band, nothing where it is missing."""
    when = _named(table, when)
    bands = list(dict.fromkeys(table["band"]))
    steps = int(table["step"].max())
    level, value = (table[name].to_numpy(float).reshape(len(bands), steps) for name in ("level", "value"))
    units = table.drop_duplicates("band")[["title", "unit"]].to_numpy(str)
    words = [
        [f"{title}: {'missing' if np.isnan(v) else f'{number(v, 3)} {unit}'}" for v in row]
        for (title, unit), row in zip(units, value, strict=True)
    ]
    plot = Plot()
    plot.add_heatmap(
        z=level, x=np.arange(1, steps + 1), y=bands, customdata=words, colorscale="Viridis", zmin=0, zmax=1,
        xgap=1, ygap=1, hoverongaps=False, hovertemplate="%{customdata}<extra></extra>",
        colorbar={"thickness": 10, "tickvals": [0, 1], "ticktext": ["low", "high"]},
    )  # fmt: skip
    quiet(plot, 70 + ROW * len(bands), hovermode="closest", margin_t=8, plot_bgcolor=GAP)
    x_axes(plot, title_text="" if when else AXIS, **_ticks(steps, when, every=True))
    y_axes(plot, autorange="reversed", showgrid=False, dtick=1)
    missing, empty = int(np.isnan(value).sum()), len(_empty_steps(table))
    said = f"{counted(empty, 'date')} without any value, {missing} of {counted(value.size, 'cell')} missing"
    caption = (
        f"A row per band, a column per date; grey: missing ({said}). Low and high: for that band, over the "
        "training pixels of all classes."
    )
    return Figure(plot, table, caption, f"Image of {counted(len(bands), 'band')} by {steps} dates: {said}.")


def _panel(
    plot: go.Figure, part: pd.DataFrame, names: tuple[str, str], at: tuple[int, int], when: Sequence[str],
    *, first: bool,
) -> None:  # fmt: skip
    x, cell = part["step"], {"row": at[0], "col": at[1]}
    for prefix, name, colour, fill, dash in (
        ("other", names[1], GREY, OTHER_FILL, "dot"), ("own", names[0], BLUE, OWN_FILL, "dash"),
    ):  # fmt: skip
        known = part[part[f"{prefix}_mean"].notna()]
        if not name or known.empty:
            continue
        band(plot, known["step"], known[f"{prefix}_low"], known[f"{prefix}_high"], fill, **cell)
        plot.add_scatter(
            x=known["step"], y=known[f"{prefix}_mean"], mode="lines", name=label(name, 34), showlegend=first,
            line={"color": colour, "dash": dash}, hoverinfo="skip", **cell,
        )  # fmt: skip
    steps = [when[step - 1] if when else f"date {step}" for step in x]
    plot.add_scatter(
        x=x, y=part["value"], mode="lines+markers", name="this pixel", showlegend=first, connectgaps=False,
        line={"color": ORANGE, "width": 2}, marker={"size": 5}, customdata=steps,
        hovertemplate="%{customdata}: %{y:.4g}<extra></extra>", **cell,
    )  # fmt: skip


def _named(table: pd.DataFrame, when: Sequence[str]) -> list[str]:
    """What every step is called; nothing for those beyond the last date, and for all where no dates are known."""
    return [*when, *[""] * (int(table["step"].max()) - len(when))] if when else []


def _panel_title(part: pd.DataFrame) -> str:
    band, title = part[["band", "title"]].iloc[0]
    text = str(title) if str(band) in str(title) else f"{band}, {title}"
    return f"{text[:1].upper()}{text[1:]}"


def _ticks(steps: int, when: Sequence[str], *, every: bool = False) -> dict[str, Any]:
    """Ticks of the axis of dates: all of an image, every other of a panel that has many."""
    stride = 1 if every else 3 if when else 2
    ticks = list(range(1, steps + 1, stride))
    texts = [when[i - 1] for i in ticks] if when else [str(i) for i in ticks]
    angle = {} if every else {"tickangle": 0}
    return {"range": [0.5, steps + 0.5], "tickvals": ticks, "ticktext": texts, "showticklabels": True, **angle}


def _empty_steps(table: pd.DataFrame) -> list[int]:
    """The steps without a value in any band."""
    known = table["value"].notna().groupby(table["step"]).any()
    return [int(step) for step in known.index[~known]]


def _caption(table: pd.DataFrame, own: str, other: str) -> str:
    parts = ["One point a date; grey: no value at that date in any band."]
    if own and table["own_mean"].notna().any():
        parts.append(f"Dashed: mean of {own} in training; shaded: eight of ten of its pixels.")
    if other and table["other_mean"].notna().any():
        parts.append(f"Dotted, grey: {other}.")
    return " ".join(parts)


def _alt(table: pd.DataFrame, bands: Sequence[str], own: str) -> str:
    said = []
    for name in bands:
        part = table[table["band"] == name]
        known = part.dropna(subset=["value"])
        if known.empty:
            said.append(f"{name} missing")
            continue
        span = f"{name} {number(known['value'].min(), 2)} to {number(known['value'].max(), 2)}"
        compared = known.dropna(subset=["own_low"])
        inside = int(compared["value"].between(compared["own_low"], compared["own_high"]).sum())
        said.append(f"{span}, {inside} of {len(compared)} within the spread of {own}" if len(compared) else span)
    return f"Curves of a pixel through its dates: {'; '.join(said)}."
