"""Maps of one species: where it was recorded, and where a run or the simulation expects it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.splits import split_title
from sdm.figures.europe_map import INK, Ground, colour_axis, lay, positions
from sdm.figures.plot import Plot
from sdm.figures.style import GREY, Figure, share_texts
from sdm.geo.coordinates import coordinates
from sdm.geo.grid import LandGrid
from sdm.geo.mercator import mercator_y
from sdm.maps.colours import SPLITS
from sdm.number_format import counted, number, percent, whole

MOST_POINTS = 2000  # more cannot be told apart, and slow the browser down
PROBABILITY = "Predicted probability"
LEAST_TOP = 0.05  # of a colour scale: below it, differences are noise


def recorded_map(surveys: pd.DataFrame, ground: Ground, tests: bool) -> Figure:
    """Test surveys with the species as points over the pictures of `ground`, which show all others.

    `surveys`: row, survey_id, split, lon, lat of those points. `tests`: whether the truth of tests is known.
    """
    plot = Plot()
    for split, part in surveys.groupby("split", sort=True):
        title, colour = split_title(str(split)), SPLITS.get(str(split), GREY)
        x, y = positions(part)
        plot.add_scatter(
            x=x, y=y, mode="markers", name=title, customdata=part["survey_id"],
            marker={"size": 5, "color": colour, "line": {"width": 0.5, "color": INK[ground.theme]}},
            hovertemplate="survey %{customdata}: recorded<extra></extra>",
        )  # fmt: skip
    lay(plot, ground).update_layout(showlegend=False)
    hidden = "" if tests else " What grows at the test surveys is not known."
    caption = f"Where it was recorded. Faint: surveyed, but not recorded there.{hidden}"
    return Figure(plot, surveys, caption, f"Map of its records; among them {len(surveys)} test surveys.")


def predicted_map(surveys: pd.DataFrame, ground: Ground, title: str = PROBABILITY) -> Figure:
    """Surveys coloured by what is predicted, called `title`, those with the species ringed.

    `surveys`: row, survey_id, lon, lat, recorded, probability. A point's customdata is [row, survey_id].
    """
    drawn = _thinned(surveys).sort_values("probability", kind="stable")
    x, y = positions(drawn)
    recorded = drawn["recorded"].to_numpy(bool)
    plot = Plot()
    plot.add_scatter(
        x=x, y=y, mode="markers", showlegend=False,
        text=[
            f"{share}, {'' if there else 'not '}recorded"
            for share, there in zip(share_texts(drawn["probability"], 1), recorded, strict=True)
        ],
        customdata=drawn[["row", "survey_id"]].to_numpy().tolist(),
        marker={"size": np.where(recorded, 9, 6), "color": drawn["probability"], "coloraxis": "coloraxis",
                "line": {"width": np.where(recorded, 1.8, 0.4), "color": INK[ground.theme]}},
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 0.35}},
        hovertemplate="survey %{customdata[1]}: %{text}<extra></extra>",
    )  # fmt: skip
    axis = colour_axis(ground, title, top_of(surveys["probability"].to_numpy()), opaque=True)
    lay(plot, ground).update_layout(coloraxis=axis)
    rest = (
        f" {whole(len(drawn))} of {counted(len(surveys), 'survey')} are drawn."
        if len(drawn) < len(surveys)
        else ""
    )
    what = "How likely the model finds it" if title == PROBABILITY else f"{title} by the model"
    caption = f"{what} at each survey; thick ring: recorded. Click one for its dossier.{rest}"
    return Figure(plot, surveys, caption, _predicted_alt(surveys, title))


def grid_map(
    table: pd.DataFrame, grid: LandGrid, ground: Ground, title: str, highest: float, caption: str
) -> Figure:
    """A `LandGrid.table`: the land cells of `grid`, coloured from 0 to `highest`."""
    values = table["probability"].to_numpy()
    cells = grid.spread(values)
    lat = (grid.lat_edges[1:] + grid.lat_edges[:-1]) / 2
    plot = Plot()
    plot.add_heatmap(
        x=grid.lon_edges, y=mercator_y(grid.lat_edges), z=cells, coloraxis="coloraxis",
        customdata=np.repeat(lat[:, None], grid.shape[1], axis=1).astype(np.float32), hoverongaps=False,
        text=[share_texts(row, 1) for row in cells],
        hovertemplate="%{text} at latitude %{customdata:.2f}°, longitude %{x:.2f}°<extra></extra>",
    )  # fmt: skip
    lay(plot, ground).update_layout(coloraxis=colour_axis(ground, title, highest))
    best = table.iloc[int(values.argmax())]
    alt = (
        f"{title} at {counted(len(table), 'land cell')} of {number(grid.step)} degrees: "
        f"mean {percent(values.mean())}, highest {percent(best['probability'])} near "
        f"{coordinates(best['lon'], best['lat'], 1)}."
    )
    return Figure(plot, table, caption, alt)


def top_of(*values: np.ndarray) -> float:
    """The upper end of a colour scale shared by maps of `values`."""
    known = np.concatenate([part[np.isfinite(part)] for part in values])
    return max(LEAST_TOP, float(known.max())) if known.size else 1.0


def _thinned(surveys: pd.DataFrame) -> pd.DataFrame:
    """All surveys with a position, or, of too many, an even choice in which those with the species are half."""
    placed = surveys[np.isfinite(surveys["lon"]) & np.isfinite(surveys["lat"])]
    if len(placed) <= MOST_POINTS:
        return placed
    having, others = placed[placed["recorded"]], placed[~placed["recorded"]]
    having = _evenly(having, max(MOST_POINTS // 2, MOST_POINTS - len(others)))
    return pd.concat([having, _evenly(others, MOST_POINTS - len(having))])


def _evenly(table: pd.DataFrame, count: int) -> pd.DataFrame:
    return table.iloc[np.linspace(0, len(table) - 1, count).astype(int)] if len(table) > count else table


def _predicted_alt(surveys: pd.DataFrame, title: str) -> str:
    means = surveys.groupby("recorded")["probability"].mean()
    words = {True: "recorded", False: "not recorded"}
    summary = [f"{percent(means[state])} where {words[state]}" for state in (True, False) if state in means.index]
    mean = " and ".join(summary) or "unknown"
    return f"Map of {counted(len(surveys), 'survey')} by {title.lower()}; mean {mean}."
