"""Figures that lie on a picture of Europe, in its projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.style import quiet, share_ticks, x_axes, y_axes
from sdm.geo.mercator import mercator_y
from sdm.maps.intensity_ramp import RAMPS
from sdm.maps.stitched_tiles import extent

APART = 1e-4  # degrees: of pictures of one place and size, Plotly draws only one
BAR_ROOM = 64  # pixels below a map for its colour scale: with less Plotly draws the map twice
INK = {"light": "#1C2723", "dark": "#F2F6F3"}


@dataclass(frozen=True)
class Ground:
    """What a map lies on: the appearance ("light" or "dark"), addresses of pictures of Europe, lowest first, each
    with its opacity, and the height in pixels."""

    theme: str
    pictures: Sequence[tuple[str, float]] = ()
    height: int = 480


def lay(plot: go.Figure, ground: Ground) -> go.Figure:
    """Put `plot`, whose axes are degrees east and `mercator_y`, on `ground`; it is neither panned nor zoomed."""
    west, east, south, north = extent()
    quiet(plot, ground.height, hovermode="closest",
        margin={"l": 0, "r": 0, "t": 0, "b": BAR_ROOM},
        images=[
            {"source": source, "opacity": opacity, "xref": "x", "yref": "y", "x": west, "y": north,
             "sizex": east - west + APART * place, "sizey": north - south, "sizing": "stretch", "layer": "below"}
            for place, (source, opacity) in enumerate(ground.pictures)
        ],
    )  # fmt: skip
    x_axes(plot, visible=False, range=[west, east], constrain="domain", fixedrange=True)
    y_axes(
        plot, visible=False, range=[south, north], constrain="domain", constraintoward="top", fixedrange=True,
        scaleanchor="x", scaleratio=1,
    )  # fmt: skip
    # Plotly draws no axes, hence no map, without any trace that has some.
    plot.add_scatter(x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip")
    return plot


def colour_axis(ground: Ground, title: str, highest: float, *, opaque: bool = False) -> dict[str, Any]:
    """A colour scale of shares from 0 to `highest`, its bar below the map; `opaque` hides the map."""
    scale = [[at, f"rgba({colour},{1.0 if opaque else alpha})"] for at, colour, alpha in RAMPS[ground.theme]]
    bar = colour_bar(title) | share_ticks(highest)
    return {"colorscale": scale, "cmin": 0, "cmax": highest, "colorbar": bar}


def colour_bar(title: str) -> dict[str, Any]:
    """A colour bar below the map."""
    return {
        "title": {"text": title, "side": "top"}, "orientation": "h", "thickness": 9, "len": 0.62, "x": 0.5,
        "xanchor": "center", "y": 0, "yanchor": "bottom", "yref": "container", "outlinewidth": 0,
    }  # fmt: skip


def positions(sites: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the rows of a table of sites; NaN where the position is unknown."""
    lon, lat = (sites[column].to_numpy(np.float64, na_value=np.nan) for column in ("lon", "lat"))
    return lon, mercator_y(lat)
