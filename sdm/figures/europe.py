"""Figures that lie on a picture of Europe, in its projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.style import quiet
from sdm.maps.europe import extent, mercator_y

HEIGHT = 430
# From nothing to much, over the base map of each appearance: the lowest values let the map through. Ends of the
# "inferno" and "YlOrRd" families, evenly falling or rising in lightness (colour-blind safe).
RAMPS = {
    "light": ((0.0, "rgba(253,190,100,0.0)"), (0.08, "rgba(253,190,100,0.72)"), (0.35, "rgba(236,112,50,0.9)"),
              (0.65, "rgba(165,30,80,0.95)"), (1.0, "rgba(50,8,70,1.0)")),
    "dark": ((0.0, "rgba(70,40,110,0.0)"), (0.08, "rgba(92,40,120,0.75)"), (0.35, "rgba(190,55,85,0.9)"),
             (0.65, "rgba(249,140,40,0.95)"), (1.0, "rgba(252,250,170,1.0)")),
}  # fmt: skip
INK = {"light": "#1C2723", "dark": "#F2F6F3"}


@dataclass(frozen=True)
class Ground:
    """What a map lies on: the appearance ("light" or "dark") and addresses of pictures of Europe, lowest first,
    each with its opacity."""

    theme: str
    pictures: Sequence[tuple[str, float]] = ()


def lay(plot: go.Figure, ground: Ground, height: int = HEIGHT) -> go.Figure:
    """Put `plot`, whose axes are degrees east and `mercator_y`, on `ground`; it can neither be panned nor zoomed."""
    west, east, south, north = extent()
    quiet(plot, height).update_layout(
        hovermode="closest",
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        images=[
            {"source": source, "opacity": opacity, "xref": "x", "yref": "y", "x": west, "y": north,
             "sizex": east - west, "sizey": north - south, "sizing": "stretch", "layer": "below"}
            for source, opacity in ground.pictures
        ],
    )  # fmt: skip
    plot.update_xaxes(visible=False, range=[west, east], constrain="domain", fixedrange=True)
    plot.update_yaxes(
        visible=False, range=[south, north], constrain="domain", fixedrange=True, scaleanchor="x", scaleratio=1
    )
    return plot


def colour_axis(ground: Ground, title: str, highest: float, tick_format: str = ".0%") -> dict[str, object]:
    """A colour scale from 0 to `highest`, its bar lying below the map."""
    return {
        "colorscale": RAMPS[ground.theme],
        "cmin": 0,
        "cmax": highest,
        "colorbar": {
            "title": {"text": title, "side": "top"}, "orientation": "h", "thickness": 9, "len": 0.62, "x": 0.5,
            "xanchor": "center", "y": 0, "yanchor": "top", "tickformat": tick_format, "outlinewidth": 0, "nticks": 5,
        },
    }  # fmt: skip


def positions(sites: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the rows of a table of sites; NaN where the position is unknown."""
    lon, lat = (sites[column].to_numpy(np.float64, na_value=np.nan) for column in ("lon", "lat"))
    return lon, mercator_y(lat)
