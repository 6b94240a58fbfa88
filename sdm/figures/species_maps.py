"""Maps of one species: where it was recorded, and where a run or the simulation expects it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.figures.dots import Dots, add_dots
from sdm.figures.europe_map import INK, Ground, colour_axis, lay, positions
from sdm.figures.plot import Plot
from sdm.figures.style import GREY, Figure, share_texts
from sdm.geo.coordinates import coordinates
from sdm.geo.grid import LandGrid
from sdm.geo.mercator import mercator_y
from sdm.maps.colours import SPLITS
from sdm.maps.intensity_ramp import bar_colours
from sdm.number_format import counted, number, percent, whole

MOST_POINTS = 2000  # more cannot be told apart, and slow the browser down
PROBABILITY = "Predicted probability"
LEAST_TOP = 0.05  # of a colour scale: below it, differences are noise
SHADES = 64  # of a colour scale: more are not told apart


def recorded_map(surveys: pd.DataFrame, ground: Ground, tests: bool) -> Figure:
    """Test surveys with the species as points over the pictures of `ground`, which show all others.

    `surveys`: row, survey_id, split, lon, lat of those points. `tests`: whether the truth of tests is known.
    """
    plot, splits = Plot(), surveys["split"].astype(str)
    x, y = positions(surveys)
    dots = Dots(
        x, y, np.full(len(surveys), 2.5), np.full(len(surveys), 0.5),
        [SPLITS.get(split, GREY) for split in splits],
    )  # fmt: skip
    below = add_dots(
        plot, dots, ground, {"color": dots.colour}, customdata=surveys["survey_id"],
        hovertemplate="survey %{customdata}: recorded<extra></extra>",
    )  # fmt: skip
    lay(plot, below).update_layout(showlegend=False)
    hidden = "" if tests else " What grows at the test surveys is not known."
    caption = f"Where it was recorded. Faint: surveyed, but not recorded there.{hidden}"
    return Figure(plot, surveys, caption, f"Map of its records; among them {len(surveys)} test surveys.")


def predicted_map(
    surveys: pd.DataFrame, ground: Ground, title: str = PROBABILITY, picked: int | None = None
) -> Figure:
    """Surveys coloured by what is predicted, called `title`, those with the species ringed, that of row `picked`
    in a wide ring.

    `surveys`: row, survey_id, lon, lat, recorded, probability. A point's customdata is [row, survey_id].
    """
    plot, top = Plot(), top_of(surveys["probability"].to_numpy())
    drawn = _shaded(_thinned(surveys), top).sort_values(["shade", "recorded"], kind="stable")
    recorded = drawn["recorded"].to_numpy(bool)
    below = add_dots(
        plot, _dots(drawn, ground.theme), ground, {"color": drawn["probability"], "coloraxis": "coloraxis"},
        text=[
            f"{share}, {'' if there else 'not '}recorded"
            for share, there in zip(share_texts(drawn["probability"], 1), recorded, strict=True)
        ],
        customdata=drawn[["row", "survey_id"]].to_numpy().tolist(),
        hovertemplate="survey %{customdata[1]}: %{text}<extra></extra>",
    )  # fmt: skip
    _mark(plot, drawn[drawn["row"] == picked], INK[ground.theme])
    lay(plot, below).update_layout(coloraxis=colour_axis(ground, title, top, opaque=True))
    rest = (
        f" {whole(len(drawn))} of {counted(len(surveys), 'survey')} are drawn."
        if len(drawn) < len(surveys)
        else ""
    )
    what = "How likely the model finds it" if title == PROBABILITY else f"{title} by the model"
    caption = f"{what} at each survey; thick ring: recorded. Click one for its dossier.{rest}"
    return Figure(plot, surveys, caption, _predicted_alt(surveys, title))


def _shaded(surveys: pd.DataFrame, top: float) -> pd.DataFrame:
    """The place of each among the shades, too; 0 for what is unknown."""
    share = np.nan_to_num(np.clip(surveys["probability"].to_numpy(float) / top, 0, 1))
    return surveys.assign(shade=np.rint(share * (SHADES - 1)).astype(int))


def _dots(drawn: pd.DataFrame, theme: str) -> Dots:
    """Larger and in a thick ring where it was recorded."""
    x, y = positions(drawn)
    recorded, colours = drawn["recorded"].to_numpy(bool), bar_colours(theme, SHADES)
    return Dots(
        x, y, np.where(recorded, 4.5, 3.0), np.where(recorded, 1.8, 0.4),
        [colours[shade] for shade in drawn["shade"]],
    )  # fmt: skip


def _mark(plot: Plot, picked: pd.DataFrame, ink: str) -> None:
    """A wide ring round what was clicked."""
    if len(picked):
        x, y = positions(picked)
        plot.add_scatter(
            x=x, y=y, mode="markers", showlegend=False, hoverinfo="skip",
            marker={"size": 19, "symbol": "circle-open", "color": ink, "line": {"width": 2.5, "color": ink}},
        )  # fmt: skip


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
