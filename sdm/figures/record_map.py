"""Where records lie, and which of them filters take."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.figures.europe_map import INK, Ground, lay, positions
from sdm.figures.plot import Plot
from sdm.figures.style import GREEN, GREY, Figure, x_axes, y_axes
from sdm.geo.mercator import mercator_y
from sdm.maps.stitched_tiles import extent
from sdm.number_format import counted

KEPT = "kept"
MOST_POINTS = 3000  # of a state: more cannot be told apart
COLOURS = ("#D55E00", "#0072B2", "#CC79A7", "#E69F00", "#56B4E9", "#8A5A00", "#7A3E9D", "#B00020", "#404040")
SYMBOLS = (
    "x", "square-open", "diamond-open", "triangle-up-open", "star-open", "cross", "circle-open", "hourglass",
    "bowtie",
)  # fmt: skip
MOST_OF_THEM, OUTERMOST = 0.5, 0.01  # shares of the records
LEAST_DEGREES = 1.0  # across: less of the picture of Europe shows nothing


def record_map(table: pd.DataFrame, states: list[str], applied: list[str], ground: Ground) -> Figure:
    """Records over Europe, as near as they lie together.

    `table`: lon, lat, state, a row per record that is kept and one per filter and record that it takes.
    `states`: KEPT and the filters that take any, in the order of the legend; those that are not `applied` are in
    the legend alone, until they are clicked.
    """
    plot = Plot()
    for place, state in enumerate(states):
        part = _thinned(table[table["state"] == state])
        x, y = positions(part)
        kept = state == KEPT
        plot.add_scatter(
            x=x, y=y, mode="markers", name=state, visible=True if kept or state in applied else "legendonly",
            customdata=np.round(part["lat"].to_numpy(float), 4),
            marker={
                "size": 5 if kept else 9, "symbol": "circle" if kept else SYMBOLS[(place - 1) % len(SYMBOLS)],
                "color": GREEN if kept else COLOURS[(place - 1) % len(COLOURS)],
                "line": {"width": 0.5 if kept else 1.5, "color": INK[ground.theme] if kept else None},
            },
            hovertemplate=f"{state}: %{{customdata}}°, %{{x:.4f}}°<extra></extra>",
        )  # fmt: skip
    lay(plot, ground).update_layout(
        showlegend=len(states) > 1, margin={"l": 0, "r": 0, "t": 0, "b": 0},
        legend={"orientation": "h", "y": 0, "yanchor": "top", "x": 0, "font": {"color": GREY}},
    )  # fmt: skip
    _nearer(plot, table)
    count = int((table["state"] == KEPT).sum())
    caption = f"{counted(count, 'record')} kept, over the map of Europe." + (
        " Click a filter in the legend to see or hide what it takes." if len(states) > 1 else ""
    )
    return Figure(plot, table, caption, f"Map of {counted(count, 'record')} that are kept, and of those in doubt.")


def _nearer(plot: Plot, table: pd.DataFrame) -> None:
    """Show what lies round the records alone."""
    known = _bulk(table[np.isfinite(table["lon"]) & np.isfinite(table["lat"])])
    if known.empty:
        return
    (west, east), (south, north) = ((known[name].min(), known[name].max()) for name in ("lon", "lat"))
    margin = max(0.08 * max(east - west, north - south), LEAST_DEGREES / 2)
    x_axes(plot, range=[west - margin, east + margin])
    y_axes(plot, range=mercator_y(np.clip([south - margin, north + margin], -85, 85)).tolist())


def _bulk(known: pd.DataFrame) -> pd.DataFrame:
    """The records that tell what is shown: in Europe where most lie there; else all but the outermost hundredth on
    each side. Those at 0, 0 do not count, unless there are no others."""
    placed = known[(known["lon"] != 0) | (known["lat"] != 0)]
    if placed.empty:
        return known
    x, y = positions(placed)
    west, east, south, north = extent()
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    if inside.mean() > MOST_OF_THEM:
        return placed[inside]
    low, high = placed[["lon", "lat"]].quantile(OUTERMOST), placed[["lon", "lat"]].quantile(1 - OUTERMOST)
    trimmed = placed[((placed[["lon", "lat"]] >= low) & (placed[["lon", "lat"]] <= high)).all(axis=1)]
    return placed if trimmed.empty else trimmed


def _thinned(part: pd.DataFrame) -> pd.DataFrame:
    if len(part) <= MOST_POINTS:
        return part
    return part.iloc[np.linspace(0, len(part) - 1, MOST_POINTS).astype(int)]
