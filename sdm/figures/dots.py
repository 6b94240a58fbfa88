"""Many points of a map as one picture, under a trace that answers the mouse.

A point of a plot is an element of the page with a style of its own, set twice: a map of 1,800 takes a browser
200 ms. As circles of one picture they take 20 with the trace, which has all of them but draws one, invisibly
(`maxdisplayed`); what is pointed at and clicked is found among all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import quote

import numpy as np

from sdm.figures.europe_map import BAR_ROOM, INK, Ground
from sdm.figures.plot import Plot
from sdm.maps.stitched_tiles import extent

UNSEEN = {"opacity": 0, "maxdisplayed": 1, "size": 6}
ALLOWED = " /:='.,"  # in an address of a picture, beside letters and digits


@dataclass(frozen=True)
class Dots:
    """N points, the lowest first: x and y of the map, radius and width of the ring in pixels, CSS colour."""

    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    ring: np.ndarray
    colour: list[str]


def add_dots(plot: Plot, dots: Dots, ground: Ground, marker: dict[str, Any], **trace: Any) -> Ground:
    """Draw `dots`; the ground with their picture on it, for `europe_map.lay`. `marker` and `trace` belong to the
    trace that answers the mouse."""
    plot.add_scatter(
        x=dots.x, y=dots.y, mode="markers", showlegend=False, marker=UNSEEN | marker,
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}}, **trace,
    )  # fmt: skip
    return replace(ground, pictures=(*ground.pictures, (picture(dots, ground), 1.0)))


def picture(dots: Dots, ground: Ground) -> str:
    """The address, `data:`, of an SVG of the mapped part of Europe, in which a unit is a pixel of the page."""
    west, east, south, north = extent()
    scale = (ground.height - BAR_ROOM) / (north - south)
    width, height = (east - west) * scale, (north - south) * scale
    across, down = (dots.x - west) * scale, (north - dots.y) * scale
    drawn = "".join(_groups(dots, across, down))
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:.1f}' height='{height:.1f}' "
        f"viewBox='0 0 {width:.1f} {height:.1f}' stroke='{INK[ground.theme]}'>{drawn}</svg>"
    )
    return f"data:image/svg+xml,{quote(svg, safe=ALLOWED)}"


def _groups(dots: Dots, across: np.ndarray, down: np.ndarray) -> Iterator[str]:
    """Circles that follow each other and look alike, together."""
    looks = list(zip(dots.colour, dots.radius.tolist(), dots.ring.tolist(), strict=True))
    placed = np.isfinite(across) & np.isfinite(down)
    for (colour, radius, ring), rows in groupby(np.flatnonzero(placed).tolist(), key=looks.__getitem__):
        circles = "".join(f"<circle cx='{across[row]:.1f}' cy='{down[row]:.1f}' r='{radius:g}'/>" for row in rows)
        yield f"<g fill='{colour}' stroke-width='{ring:g}'>{circles}</g>"
