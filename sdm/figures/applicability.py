"""Maps of the area of applicability: how unlike the training surveys a place is, and where that is too much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.figures.europe_map import INK, Ground, colour_bar, lay, positions
from sdm.figures.plot import Plot
from sdm.figures.style import Figure
from sdm.geo.grid import LandGrid
from sdm.geo.mercator import mercator_y
from sdm.number_format import counted, percent

HIGHEST = 2.0  # of the colour scale, in thresholds; what is farther is drawn so
# Blue inside the area, from like training surveys to the threshold at 1; orange to red outside (ColorBrewer's RdBu
# turned round a break: colour-blind eyes tell the two apart).
SCALE = (
    (0.0, "rgba(33,102,172,0.15)"), (0.4999, "rgba(33,102,172,0.85)"),
    (0.5, "rgba(244,165,130,0.95)"), (1.0, "rgba(150,10,40,1)"),
)  # fmt: skip
MOST_POINTS = 4000
CAPTION = (
    "How unlike the nearest training survey the environment is, as a multiple of what training surveys are from "
    "each other across blocks. Above 1 (orange to red) is outside the area of applicability: a model extrapolates "
    "there, and the scores measured inside say little of it."
)


def grid_map(dissimilarity: np.ndarray, threshold: float, grid: LandGrid, ground: Ground) -> Figure:
    """Dissimilarity (N,) of the land cells of `grid`, over `threshold`."""
    ratio = dissimilarity / threshold
    table = grid.table(ratio).rename(columns={"probability": "over_threshold"})
    cells = grid.spread(ratio)
    latitude = (grid.lat_edges[1:] + grid.lat_edges[:-1]) / 2
    plot = Plot()
    plot.add_heatmap(
        x=grid.lon_edges, y=mercator_y(grid.lat_edges), z=np.round(cells, 3), coloraxis="coloraxis",
        customdata=np.repeat(latitude[:, None], grid.shape[1], axis=1).astype(np.float32), hoverongaps=False,
        hovertemplate="%{z:.2f} at latitude %{customdata:.2f}°, longitude %{x:.2f}°<extra></extra>",
    )  # fmt: skip
    lay(plot, ground).update_layout(coloraxis=_axis())
    return Figure(plot, table, CAPTION, _said(ratio, "land cell"))


def survey_map(table: pd.DataFrame, ground: Ground) -> Figure:
    """Surveys of a `sdm.analysis.applicability.survey_table`, coloured alike."""
    shown = table[np.isfinite(table["over_threshold"])].sort_values("over_threshold", kind="stable")
    step = -(-max(len(shown), 1) // MOST_POINTS)
    drawn = shown.iloc[::step]
    x, y = positions(drawn)
    plot = Plot()
    plot.add_scatter(
        x=x, y=y, mode="markers", showlegend=False, customdata=drawn["survey_id"],
        marker={"size": 5, "color": drawn["over_threshold"].round(3), "coloraxis": "coloraxis",
                "line": {"width": 0.3, "color": INK[ground.theme]}},
        hovertemplate="survey %{customdata}: %{marker.color:.2f}<extra></extra>",
    )  # fmt: skip
    lay(plot, ground).update_layout(coloraxis=_axis())
    return Figure(plot, table, CAPTION, _said(table["over_threshold"].to_numpy(float), "survey"))


def _axis() -> dict[str, object]:
    ticks = {"tickvals": [0, 0.5, 1, 1.5, HIGHEST], "ticktext": ["0", "0.5", "1: the limit", "1.5", "2 and more"]}
    return {
        "colorscale": [list(stop) for stop in SCALE], "cmin": 0, "cmax": HIGHEST,
        "colorbar": colour_bar("Dissimilarity, in limits") | ticks,
    }  # fmt: skip


def _said(ratio: np.ndarray, item: str) -> str:
    known = ratio[np.isfinite(ratio)]
    outside = percent(float((known > 1).mean())) if known.size else "none"
    return f"Map of {counted(len(known), item)}: {outside} outside the area of applicability."
