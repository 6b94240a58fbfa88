"""Twenty years of Landsat at one pixel: a band or an index per quarter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.figures.style import BLUE, GAP, GREEN, ORANGE, YELLOW, Figure, quiet
from sdm.schema import LANDSAT, LANDSAT_YEARS, QUARTERS

SEASON_COLOURS = dict(zip(QUARTERS, (BLUE, GREEN, YELLOW, ORANGE), strict=True))
BAND_TITLES = {"nir": "Near infrared", "swir1": "Short-wave infrared 1", "swir2": "Short-wave infrared 2"}


@dataclass(frozen=True)
class Measure:
    """What can be drawn: `value` maps reflectance (6, 4, 21) to (4, 21)."""

    title: str
    axis: str
    meaning: str
    value: Callable[[np.ndarray], np.ndarray]


def _ratio(first: str, second: str) -> Callable[[np.ndarray], np.ndarray]:
    a, b = LANDSAT.channels.index(first), LANDSAT.channels.index(second)

    def normalised_difference(cube: np.ndarray) -> np.ndarray:
        total = cube[a] + cube[b]
        return np.divide(cube[a] - cube[b], total, out=np.full_like(total, np.nan), where=total > 0)

    return normalised_difference


def _band(name: str) -> Measure:
    index = LANDSAT.channels.index(name)
    title = BAND_TITLES.get(name, name.capitalize())
    return Measure(
        title, f"{title}, reflectance", f"Share of {title.lower()} light sent back.", lambda c: c[index]
    )


MEASURES = {
    "ndvi": Measure("NDVI", "NDVI (−1 to 1)", "Greenness: high where plants grow densely.", _ratio("nir", "red")),
    "nbr": Measure("NBR", "NBR (−1 to 1)", "Falls sharply after fire or felling.", _ratio("nir", "swir2")),
    "ndwi": Measure("NDWI", "NDWI (−1 to 1)", "Above 0: open water.", _ratio("green", "nir")),
    **{name: _band(name) for name in LANDSAT.channels},
}


def table(cube: np.ndarray, measure: str = "ndvi") -> pd.DataFrame:
    """One row per quarter, 84 in time order: year, quarter, time (decimal year of its middle), value or NaN."""
    values = MEASURES[measure].value(LANDSAT.to_physical(cube))
    year, quarter = np.meshgrid(LANDSAT_YEARS, np.arange(4), indexing="ij")
    # Winter runs from 2 December to 20 March: its middle is late January of the named year.
    time = year + (quarter + 0.25) / 4
    return pd.DataFrame(
        {
            "year": year.ravel(),
            "quarter": np.array(QUARTERS)[quarter.ravel()],
            "time": time.ravel(),
            measure: values.T.ravel().astype(float),
        }
    )


def series(cube: np.ndarray, measure: str = "ndvi", height: int = 230) -> Figure:
    """The curve, its points coloured by season; quarters without data are shaded, not bridged."""
    chosen, data = MEASURES[measure], table(cube, measure)
    plot = go.Figure()
    plot.add_scatter(
        x=data["time"], y=data[measure], mode="lines", line={"width": 1, "color": "rgba(122,133,128,0.7)"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for season, colour in SEASON_COLOURS.items():
        part = data[data["quarter"] == season]
        plot.add_scatter(
            x=part["time"], y=part[measure], mode="markers", name=season, customdata=part["year"],
            marker={"size": 5, "color": colour}, hovertemplate=f"{season} %{{customdata}}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    for start, end in gaps(data[measure].to_numpy()):
        plot.add_vrect(data["time"][start] - 0.125, data["time"][end] + 0.125, fillcolor=GAP, line_width=0)
    quiet(plot, height).update_layout(hovermode="closest")
    plot.update_xaxes(range=[LANDSAT_YEARS[0] - 0.2, LANDSAT_YEARS[-1] + 1.2], title_text=None, tickformat="d")
    plot.update_yaxes(title_text=chosen.axis)
    caption = f"{chosen.meaning} One point a quarter at the survey's pixel; grey bands: no data."
    return Figure(plot, data, caption, _alt(data, measure, chosen))


def gaps(values: np.ndarray) -> list[tuple[int, int]]:
    """First and last position of each run of NaN.

    >>> gaps(np.array([np.nan, 1.0, np.nan, np.nan]))
    [(0, 0), (2, 3)]
    """
    missing = np.concatenate([[False], np.isnan(values), [False]])
    edges = np.flatnonzero(missing[1:] != missing[:-1])
    return [(int(start), int(end) - 1) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _alt(data: pd.DataFrame, measure: str, chosen: Measure) -> str:
    known = data.dropna(subset=[measure])
    if known.empty:
        return f"{chosen.title} from 2000 to 2020: no data in any quarter."
    by_season = known.groupby("quarter")[measure].mean()
    spread = f"from {known[measure].min():.2f} to {known[measure].max():.2f}"
    return (
        f"{chosen.title} per quarter, 2000 to 2020: {spread}, highest on average in {by_season.idxmax()}; "
        f"{len(data) - len(known)} of {len(data)} quarters have no data."
    )
