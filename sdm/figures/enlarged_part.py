"""The most crowded part of a map of Europe, enlarged in its north-western corner, where the sea is."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from sdm.figures.europe_map import INK, Ground
from sdm.maps.stitched_tiles import extent

SIDE = 6  # degrees of longitude, of the square that is enlarged
CROWDED, FEWEST = 0.25, 200  # share and number of the points in it
CORNER = 0.4  # of the map's side
AXES = {"xaxis": "x2", "yaxis": "y2"}  # those of the enlarged part, for its traces


def crowded_part(x: np.ndarray, y: np.ndarray) -> tuple[float, float] | None:
    """West and south edge of the square of SIDE degrees with the most points; `y` is `mercator_y`.

    None where too few are in it, or where points lie in the corner that it would cover.
    """
    west, east, south, north = extent()
    covered = (x < west + CORNER * (east - west)) & (y > north - CORNER * (north - south))
    columns, lines = np.arange(west, east + 1), np.arange(south, north + 1)
    count = np.histogram2d(x, y, (columns, lines))[0]
    sums = np.lib.stride_tricks.sliding_window_view(count, (SIDE, SIDE)).sum(axis=(2, 3))
    if covered.any() or sums.max() < max(CROWDED * len(x), FEWEST):
        return None
    column, line = np.unravel_index(sums.argmax(), sums.shape)
    return float(columns[column]), float(lines[line])


def inside(x: np.ndarray, y: np.ndarray, part: tuple[float, float]) -> np.ndarray:
    """bool (N,): which points lie in the part."""
    west, south = part
    return (x >= west) & (x < west + SIDE) & (y >= south) & (y < south + SIDE)


def enlarge(plot: go.Figure, part: tuple[float, float], ground: Ground) -> None:
    """Lay the part on the map `plot` of `ground`, on AXES, and frame it in both places."""
    west, south = part
    edge = {"color": INK[ground.theme], "width": 1}
    axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    again = [go.layout.Image(picture).update(xref="x2", yref="y2") for picture in plot.layout.images]
    plot.update_layout(
        xaxis2={**axis, "domain": [0.04, CORNER], "range": [west, west + SIDE], "anchor": "y2",
                "constraintoward": "right"},
        yaxis2={**axis, "domain": [1 - CORNER, 1], "range": [south, south + SIDE], "anchor": "x2",
                "scaleanchor": "x2", "scaleratio": 1, "constraintoward": "top"},
        images=[*plot.layout.images, *again],
        shapes=[{"type": "rect", "x0": west, "x1": west + SIDE, "y0": south, "y1": south + SIDE, "line": edge},
                {"type": "rect", "xref": "x2 domain", "yref": "y2 domain", "x0": 0, "x1": 1, "y0": 0, "y1": 1,
                 "line": edge}],
    )  # fmt: skip
