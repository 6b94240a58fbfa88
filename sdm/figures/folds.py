"""Split schemes: the surveys on the map by the fold that holds them back, and how far from training they lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.data.splits import split_title
from sdm.data.validation_folds import PATCH_KM
from sdm.figures.enlarged_part import AXES, crowded_part, enlarge, inside
from sdm.figures.europe_map import INK, Ground, lay, positions
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    ORANGE,
    PINK,
    SKY,
    Figure,
    label,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.maps.colours import OTHER, SPLITS
from sdm.number_format import counted, distance, whole

# Told apart by colour-blind eyes, from each other and from the land: CIELAB distances of at least 27 under
# simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009, doi:10.1109/TVCG.2009.113).
FOLD_COLOURS = {
    "light": ("#E69F00", "#56B4E9", "#332288", "#117733", "#882255"),
    "dark": ("#E69F00", "#56B4E9", "#6A5ACD", "#117733", "#FFF3B0"),
}
SCHEME_LINES = {
    "random": (ORANGE, "solid"), "site": (GREEN, "dash"), "block": (BLUE, "solid"), "polygon": (PINK, "dash"),
    "point": (PINK, "dash"), "main_type": (SKY, "dot"),
}  # fmt: skip
STEP = 0.15  # degrees: of the surveys in a cell one is drawn, as their dots would lie on each other
LEAST_KM = 0.01  # what lies nearer is drawn there
BELOW = {
    "itemsizing": "constant", "x": 0.5, "xanchor": "center", "y": 0, "yref": "container", "yanchor": "bottom",
}  # fmt: skip
QUANTILES = np.linspace(0, 1, 201)
HEIGHT = 440
METRES = 10.0  # km: where all lie nearer, the axis is in metres


def fold_map(table: pd.DataFrame, ground: Ground) -> Figure:
    """The surveys of a `sdm.data.validation_folds.fold_table`, coloured by the fold that holds them back.

    Where many are crowded into one part of the map, that part stands enlarged in its corner.
    """
    sizes, plot = table["part"].value_counts(), Plot()
    parts = sorted(sizes.index, key=lambda part: (part != "train", part))
    drawn, crowd = _thinned(table, STEP), crowded_part(*positions(table))
    _points(plot, drawn, {part: f"{_name(part)} ({whole(sizes[part])})" for part in parts}, ground)
    below = {
        "itemsizing": "constant",
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "x": 0.5,
        "xanchor": "center",
    }
    lay(plot, ground).update_layout(showlegend=True, legend=below)
    caption = (
        "Surveys by the fold that holds them back to validate models"
        if "1" in sizes
        else "Surveys by what they are used for"
    )
    caption += "; a click on a name in the legend hides it, a double click shows it alone."
    if crowd is not None:
        finer = _thinned(table[inside(*positions(table), crowd)], STEP / 3)
        _points(plot, finer, dict.fromkeys(parts, ""), ground, showlegend=False, **AXES)
        enlarge(plot, crowd, ground)
        caption += " In the corner: the most crowded part, enlarged."
    if len(drawn) < len(table):
        caption += (
            f" {whole(len(drawn))} of {counted(len(table), 'survey')} are drawn, the others lie beside them."
        )
    said = ", ".join(f"{_name(part)} {whole(sizes[part])}" for part in parts)
    return Figure(plot, table, caption, f"Map of {counted(len(table), 'survey')}: {said}.")


def _points(plot: go.Figure, drawn: pd.DataFrame, titles: Mapping[str, str], ground: Ground, **more: Any) -> None:
    """A trace of dots per part; `more` goes to each."""
    for part, title in titles.items():
        of_part = drawn[drawn["part"] == part]
        x, y = positions(of_part)
        plot.add_scatter(
            x=x, y=y, mode="markers", name=title, legendgroup=part, customdata=of_part["survey_id"],
            marker={"size": 4.5, "color": _colour(part, ground.theme),
                    "line": {"width": 0.3, "color": INK[ground.theme]}},
            hovertemplate=f"survey %{{customdata}}: {_name(part)}<extra></extra>", **more,
        )  # fmt: skip


def _name(part: str) -> str:
    return f"fold {part}" if part.isdigit() else split_title(part)


def _colour(part: str, theme: str) -> str:
    colours = FOLD_COLOURS[theme]
    return colours[(int(part) - 1) % len(colours)] if part.isdigit() else SPLITS.get(part, OTHER)


def _thinned(table: pd.DataFrame, step: float) -> pd.DataFrame:
    """One survey of each cell of `step` degrees, whatever its fold; none outside the mapped window."""
    lon, lat = (table[name].to_numpy(np.float64) for name in ("lon", "lat"))
    cells = table.assign(column=lon // step, line=lat // step)
    inside = (lon >= WEST) & (lon < EAST) & (lat >= SOUTH) & (lat < NORTH)
    return cells[inside].sample(frac=1, random_state=0).drop_duplicates(["column", "line"])


def fold_distances(table: pd.DataFrame, titles: Mapping[str, str], *, patches: bool) -> Figure:
    """Share of the surveys held back whose nearest training survey is within a distance, a line per scheme.

    `table` is of `sdm.data.validation_folds.held_back_distances`; `titles`: scheme -> its name, in the order of
    the legend. `patches`: mark the distance below which satellite patches overlap.
    """
    plot, medians = Plot(), []
    unit, scale = ("m", 1000) if table["km"].max() < METRES else ("km", 1)
    for scheme, title in titles.items():
        km = table.loc[table["scheme"] == scheme, "km"].to_numpy()
        colour, dash = SCHEME_LINES.get(scheme, (GREY, "dot"))
        at = np.maximum(np.quantile(km, QUANTILES), LEAST_KM) * scale
        plot.add_scatter(
            x=at, y=QUANTILES, mode="lines", name=label(title), line={"color": colour, "dash": dash, "width": 2.5},
            customdata=[f"{share} within {distance(km / scale)}"
                        for share, km in zip(share_texts(QUANTILES, 0), at, strict=True)],
            hovertemplate=f"{label(title)}: %{{customdata}}<extra></extra>",
        )  # fmt: skip
        medians.append(f"{title} {distance(float(np.median(km)))}")
    if patches:
        plot.add_vline(x=PATCH_KM * scale, line={"color": GREY, "dash": "dot", "width": 1.5})
    quiet(plot, HEIGHT, hovermode="closest", showlegend=True)
    x_axes(plot, title_text=f"Distance to the nearest training survey ({unit})", type="log", dtick=1,
           exponentformat="none", separatethousands=True, showgrid=True, gridcolor=GRID)  # fmt: skip
    y_axes(plot, title_text="Share of surveys held back", range=[0, 1.02], **share_ticks(1.0))
    middle = f"Half of the surveys held back have a training survey within: {'; '.join(medians)}."
    dotted = " Left of the dotted line, 640 m, satellite patches overlap." if patches else ""
    return Figure(plot, table, f"{middle}{dotted}", f"Distance to training by split scheme. {middle}")
