"""A data set as a whole: countries, gaps, effort, species, distances; the simulation beside the real figures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from sdm.data.overview import share_of_top
from sdm.data.splits import split_title
from sdm.figures.europe_map import Ground, colour_bar, lay
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GAP,
    GREEN,
    GREY,
    GRID,
    ORANGE,
    PINK,
    Figure,
    label,
    named_rows,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.mercator import mercator_y
from sdm.maps.colours import SPLITS
from sdm.maps.intensity_ramp import RAMPS
from sdm.modalities import MODALITIES
from sdm.number_format import counted, number, percent, whole

MOST_COUNTRIES = 14
LONGEST = 26  # characters of a name
HEIGHT = 330
SOURCE_COLOURS = (BLUE, ORANGE, GREY, GREEN, PINK)
DISTANCES = np.array([0, 0.3, 1, 3, 10, 30, 100, 300, 1000, 21_000])  # km
RARE = 0.01  # share of surveys
BUSIEST = 0.1  # share of cells
NEAR_KM = 10.0


def countries(table: pd.DataFrame, height: int = HEIGHT) -> Figure:
    """The countries with the most surveys of a table of `sdm.data.overview.by_country`, by split."""
    total = table.groupby("country", sort=False)["surveys"].sum()
    shown = total.index[:MOST_COUNTRIES].tolist()
    plot = Plot()
    for split in [name for name in SPLITS if name in set(table["split"])]:
        part = table[table["split"] == split].set_index("country")["surveys"].reindex(shown).fillna(0)
        title, colour = split_title(split), SPLITS[split]
        plot.add_bar(
            x=part, y=np.arange(len(shown)), orientation="h", name=title, marker_color=colour,
            hovertemplate=f"%{{x:,}} {title}<extra></extra>",
        )  # fmt: skip
    quiet(plot, height, barmode="stack", hovermode="closest", showlegend=True)
    x_axes(plot, title_text="Surveys", separatethousands=True)
    named_rows(plot, [label(name, LONGEST) for name in shown])
    rest = f" The table has {counted(len(total) - len(shown), 'more country')}." if len(total) > len(shown) else ""
    caption = f"Where surveys were made, by what they are used for.{rest}"
    largest = f"{total.index[0]} with {percent(total.iloc[0] / total.sum())}" if len(total) else "none"
    return Figure(
        plot, table, caption, f"Surveys by country, {counted(len(total), 'country')}; the most in {largest}."
    )


def missing(table: pd.DataFrame, height: int = HEIGHT) -> Figure:
    """Share of surveys with a file, per source and modality, of a table of `sdm.data.overview.missing`."""
    plot = Plot()
    titles = [MODALITIES[name].title for name in table["modality"].unique()]
    for colour, (source, part) in zip(SOURCE_COLOURS, table.groupby("source", sort=False), strict=False):
        share = part["present"] / part["surveys"]
        detail = [
            f"{whole(present)} of {counted(surveys, 'survey')}; {_gaps(gaps)}"
            for present, surveys, gaps in zip(part["present"], part["surveys"], part["gaps"], strict=True)
        ]
        plot.add_bar(
            x=share, y=[MODALITIES[name].title for name in part["modality"]], name=label(source, LONGEST),
            orientation="h", marker_color=colour, text=list(map(percent, share)), textposition="outside",
            customdata=detail, hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
        )  # fmt: skip
    quiet(plot, height, barmode="group", hovermode="closest", legend_traceorder="normal", showlegend=True)
    x_axes(plot, title_text="Share of surveys that have it", range=[0, 1.12], **share_ticks())
    y_axes(plot, categoryorder="array", categoryarray=titles[::-1])
    caption = (
        "A survey without a file is missing altogether, never filled in; the table tells of gaps inside files."
    )
    return Figure(plot, table, caption, _missing_alt(table))


def effort(table: pd.DataFrame, ground: Ground, what: str, step: float) -> Figure:
    """Surveys per cell of a table of `sdm.data.overview.effort`, on a logarithmic colour scale."""
    shape = (round((NORTH - SOUTH) / step), round((EAST - WEST) / step))
    cells = np.full(shape, np.nan, np.float32)
    line, column = ((table["south"] - SOUTH) / step).round(), ((table["west"] - WEST) / step).round()
    cells[line.astype(int), column.astype(int)] = table["surveys"]
    lon, lat = WEST + step * np.arange(shape[1] + 1), SOUTH + step * np.arange(shape[0] + 1)
    known = table["surveys"].to_numpy(np.float32)
    highest = max(float(np.log10(known.max())), 1.0) if known.size else 1.0
    ticks = np.arange(0, int(highest) + 1)
    scale = [[at, f"rgba({colour},{max(alpha, 0.72)})"] for at, colour, alpha in RAMPS[ground.theme]]
    plot = Plot()
    plot.add_heatmap(
        x=lon, y=mercator_y(lat), z=np.log10(cells), customdata=cells, zmin=0, zmax=highest, colorscale=scale,
        hoverongaps=False, hovertemplate="%{customdata:,.0f} surveys<extra></extra>",
        colorbar=colour_bar(f"{what} per cell")
        | {"tickvals": ticks, "ticktext": [whole(float(10**t)) for t in ticks]},
    )  # fmt: skip
    lay(plot, ground)
    share = share_of_top(known, BUSIEST)
    summary = (
        f"{counted(len(table), 'cell')} have any; the busiest tenth of them holds {percent(share)}."
        if known.size
        else "None."
    )
    caption = f"Cells of {number(step)}°. {summary} Elsewhere nobody looked."
    return Figure(plot, table, caption, f"Map of {what} per cell of {number(step)} degrees. {summary}")


def frequency(table: pd.DataFrame, height: int = HEIGHT) -> Figure:
    """Rank-abundance: surveys per class over its rank, both logarithmic; `sdm.data.overview.frequency`."""
    recorded = table[table["surveys"] > 0]
    loose = table.sort_values("presence_only", ascending=False, kind="stable", ignore_index=True)
    loose = loose[loose["presence_only"] > 0]
    plot = Plot()
    for part, column, title, colour in (
        (loose, "presence_only", "presence-only records", GREY),
        (recorded, "surveys", "surveys", BLUE),
    ):
        if not part.empty:
            plot.add_scatter(
                x=np.arange(1, len(part) + 1), y=part[column], mode="lines+markers", name=title,
                text=[label(name, LONGEST) for name in part["name"]], marker={"size": 4, "color": colour},
                line={"width": 1, "color": colour}, hovertemplate="%{text}: %{y:,}, rank %{x:,}<extra></extra>",
            )  # fmt: skip
    quiet(plot, height, hovermode="closest")
    x_axes(plot, title_text="Rank, from the commonest", type="log", dtick=1, separatethousands=True)
    y_axes(plot, title_text="Number recorded", type="log", dtick=1, exponentformat="none", separatethousands=True)
    shares = table["share"].dropna()
    summary = (
        f"{percent((shares < RARE).mean())} of {whole(len(table))} are on under 1 % of surveys"
        if len(shares)
        else f"{whole(len(table))} in presence-only records, which tell no share of surveys"
    )
    caption = f"A few are everywhere, most are rare: {summary}. Each point is one species or class."
    first = recorded["name"].iloc[0] if len(recorded) else "none"
    return Figure(plot, table, caption, f"Number recorded over rank. Commonest: {first}; {summary}.")


def distances(table: pd.DataFrame, height: int = HEIGHT) -> Figure:
    """How far surveys lie from training, of a table of `sdm.data.overview.distance_to_training`."""
    between = (f"{low:g}–{high:g}" for low, high in pairwise(DISTANCES[1:-1]))
    labels = ["< 0.3", *between, f"> {DISTANCES[-2]:g}"]
    plot, summary, highest = Plot(), [], 0.0
    for split in [name for name in SPLITS if name in set(table["split"])]:
        title, colour = split_title(split), SPLITS[split]
        km = table.loc[table["split"] == split, "km"].to_numpy()
        shares = np.histogram(km, DISTANCES)[0] / len(km)
        highest = max(highest, float(shares.max()))
        plot.add_bar(
            x=labels, y=shares, name=title, marker_color=colour,
            customdata=share_texts(shares, 0), hovertemplate=f"%{{customdata}} of {title}<extra></extra>",
        )  # fmt: skip
        summary.append(
            f"{title}: median {number(float(np.median(km)), 2)} km, {percent((km > NEAR_KM).mean())} beyond 10 km"
        )
    quiet(plot, height, barmode="group")
    x_axes(plot, title_text="Distance to the nearest training survey (km)")
    y_axes(plot, title_text="Share of surveys", **share_ticks(highest))
    caption = f"The farther, the harder: near surveys flatter a model. {'; '.join(summary)}."
    return Figure(plot, table, caption, f"Distances to training. {'; '.join(summary)}.")


def validation(table: pd.DataFrame) -> Figure:
    """Simulated figures as multiples of the real ones; a bar spans the tolerance.

    `table` has the columns of `sdm.analysis.simulation_check`, no stated figure of 0.
    """
    at = np.arange(len(table))
    ratio, allowed = table["measured"] / table["stated"], table["allowed"] / table["stated"].abs()
    plot = Plot()
    plot.add_scatter(
        x=np.ones(len(at)), y=at, mode="markers", name="allowed", hoverinfo="skip",
        marker={"symbol": "line-ns-open", "size": 9, "color": GREY},
        error_x={"type": "data", "array": allowed, "thickness": 9, "width": 0, "color": GAP},
    )  # fmt: skip
    for state, title, colour, symbol in ((True, "within", GREEN, "circle"), (False, "outside", ORANGE, "x")):
        part = table[table["within"] == state]
        plot.add_scatter(
            x=ratio[part.index], y=part.index, mode="markers", name=title,
            marker={"size": 8, "color": colour, "symbol": symbol},
            customdata=part[["measured", "stated"]].to_numpy(),
            hovertemplate="%{customdata[0]:.4g}, real %{customdata[1]:.4g}<extra></extra>",
        )  # fmt: skip
    quiet(plot, 60 + 22 * len(at), hovermode="closest")
    named_rows(plot, [label(figure, 48) for figure in table["statement"]])
    x_axes(plot, title_text="Simulated / real", showgrid=True, gridcolor=GRID)
    summary = f"{table['within'].sum()} of {len(at)} figures lie within what was allowed"
    caption = f"{summary}; 1 is the real figure. Judged before any model saw the simulation."
    return Figure(plot, table, caption, f"Simulated against real figures: {summary}.")


def _gaps(share: float) -> str:
    return "none looked at" if share != share else f"{percent(share)} of values missing"


def _missing_alt(table: pd.DataFrame) -> str:
    summary = [
        f"{MODALITIES[str(modality)].title} at {whole(part['present'].sum())} of "
        f"{counted(int(part['surveys'].sum()), 'survey')}"
        for modality, part in table.groupby("modality", sort=False)
    ]
    return f"What is there: {'; '.join(summary)}."
