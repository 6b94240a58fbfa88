"""Figures of docs/virtual-europe.md: `python -m benchmarks.europe_figures PICTURES --seed 0`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from benchmarks.ecosystem_figures import draw
from sdm.figures.style import BLUE, GREEN, ORANGE, PINK, Figure, quiet
from sdm.geo.grid import land_cells
from sdm.geo.projections import degrees_of_metres
from sdm.virtual_europe import flora
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery import render_patches
from sdm.virtual_europe.imagery.patch import SIZE
from sdm.virtual_europe.imagery.sheet import natural
from sdm.virtual_europe.landscape.lattice import PIXEL, windows_at
from sdm.virtual_europe.measures.clustering import REAL, nearest_km
from sdm.virtual_europe.measures.decay import distance_decay
from sdm.virtual_europe.measures.leaks import folds_of, shared_with_nearest
from sdm.virtual_europe.measures.sample import sample
from sdm.virtual_europe.occurrence import probabilities
from sdm.virtual_europe.sampling import draw as draw_surveys

YEAR = 2018
STEP = 0.25  # degrees of the map of richness
SCHEMES = {"random": ORANGE, "site": PINK, "block": BLUE}


def overlap(seed: int) -> Figure:
    """A survey, another 300 m east of it, and both in the next year: one landscape."""
    lon, lat = np.array([9.42]), np.array([56.21])
    at = windows_at(lon, lat)
    east, north = degrees_of_metres((at.west + 30.5) * PIXEL, -(at.north + 0.5) * PIXEL)
    plot = make_subplots(1, 3, subplot_titles=("a survey", "another, 300 m east", "the first, a year later"))
    there = (places(lon, lat, YEAR, seed), places(east, north, YEAR, seed), places(lon, lat, YEAR + 1, seed))
    for column, where in enumerate(there, start=1):
        plot.add_trace(go.Image(z=natural(render_patches(where)[0])), row=1, col=column)
    for column, (left, right) in ((1, (29.5, SIZE - 0.5)), (2, (-0.5, SIZE - 30.5))):
        plot.add_shape(
            type="rect", x0=left + 1, x1=right - 1, y0=0.5, y1=SIZE - 1.5, line={"color": "white", "width": 2},
            row=1, col=column,
        )  # fmt: skip
    plot.update_xaxes(visible=False)
    plot.update_yaxes(visible=False)
    quiet(plot, 340, margin={"t": 40, "l": 8, "r": 12, "b": 8})
    return Figure(plot, None, "", "")


def richness(seed: int) -> Figure:
    """Expected species of a plot of 100 m² over Europe, in the cover of each cell's middle."""
    cells = land_cells(STEP)
    expected = probabilities(places(cells.lon, cells.lat, YEAR, seed)).sum(axis=1)
    points = go.Scattergl(
        x=cells.lon, y=cells.lat, mode="markers",
        marker={"size": 4, "symbol": "square", "color": expected, "colorscale": "Viridis", "cmin": 4, "cmax": 28,
                "colorbar": {"title": "species"}},
    )  # fmt: skip
    plot = go.Figure(points)
    plot.update_xaxes(title="longitude (°)", range=(-11, 41))
    plot.update_yaxes(title="latitude (°)", scaleanchor="x", scaleratio=1.6)
    quiet(plot, 620, margin={"t": 16, "l": 48, "r": 28, "b": 40})
    return Figure(plot, None, "", "")


def decay(seed: int) -> Figure:
    """Similarity of the records of plots of one cover, by distance."""
    table = distance_decay(seed)
    again, apart = table.iloc[0], table.iloc[1:]
    line = go.Scatter(
        x=np.sqrt(apart["from_km"] * apart["to_km"]), y=apart["sorensen"], mode="lines+markers", name="two plots",
        line={"color": BLUE},
    )  # fmt: skip
    revisit = go.Scatter(
        x=[0.012], y=[again["sorensen"]], mode="markers", name="second visit", marker={"color": ORANGE, "size": 10}
    )
    plot = go.Figure([line, revisit])
    plot.update_xaxes(title="distance (km)", type="log", dtick=1)
    plot.update_yaxes(title="Sørensen similarity", range=(0, 0.9))
    quiet(plot, 340, margin={"t": 16, "l": 48, "r": 28, "b": 40})
    return Figure(plot, table, "", "")


def clustering(seed: int) -> Figure:
    """Share of plots whose nearest neighbour lies within a distance, for three numbers of plots."""
    drawn = draw_surveys("train", np.arange(max(REAL)), seed).places
    plot = go.Figure()
    for (count, real), colour in zip(REAL.items(), (ORANGE, GREEN, BLUE), strict=True):
        km = np.sort(nearest_km(drawn.lon[:count], drawn.lat[:count]))
        share = np.arange(1, count + 1) / count
        plot.add_scatter(x=km, y=share, mode="lines", name=f"{count:,} plots", line={"color": colour})
        plot.add_scatter(
            x=(0.1, 0.64), y=real, mode="markers", name="real", showlegend=count == min(REAL),
            marker={"color": colour, "size": 9, "symbol": "diamond-open"},
        )  # fmt: skip
    plot.update_xaxes(title="distance to the nearest plot (km)", type="log", dtick=1, range=(-2, 2))
    plot.update_yaxes(title="share of plots", range=(0, 1))
    quiet(plot, 340, margin={"t": 16, "l": 48, "r": 28, "b": 40})
    return Figure(plot, None, "", "")


def ranks(seed: int) -> Figure:
    """Share of plots by rank of the species: recorded of the named ones, expected of all 11,255."""
    here = sample(seed)
    some = here.surveys.places[np.arange(400)]
    expected = np.sort(probabilities(some, flora.LABEL_SPACE, here.surveys.visits.area[:400]).mean(axis=0))[::-1]
    recorded = np.sort(here.present.mean(axis=0))[::-1]
    plot = go.Figure()
    for name, share, colour in (("named, recorded", recorded, ORANGE), ("all, expected", expected, BLUE)):
        plot.add_scatter(x=np.arange(1, len(share) + 1), y=share, mode="lines", name=name, line={"color": colour})
    plot.add_hline(y=0.01, line={"color": "grey", "dash": "dot"})
    plot.update_xaxes(title="rank", type="log", dtick=1)
    plot.update_yaxes(title="share of plots", type="log", dtick=1, exponentformat="power", range=(-5, 0))
    quiet(plot, 340, margin={"t": 16, "l": 56, "r": 28, "b": 40})
    return Figure(plot, None, "", "")


def leak(seed: int) -> Figure:
    """Similarity with the nearest training survey, and how far it is, by split."""
    here = sample(seed)
    table = shared_with_nearest(here, folds_of(here))
    plot = make_subplots(1, 2, subplot_titles=("distance to training (km)", "similarity with the nearest"))
    for scheme, colour in SCHEMES.items():
        mine = table[table["scheme"] == scheme]
        for column, values in enumerate((mine["km"], mine["sorensen"]), start=1):
            line = go.Scatter(
                x=np.sort(values), y=np.arange(1, len(mine) + 1) / len(mine), mode="lines", name=scheme,
                line={"color": colour}, showlegend=column == 1,
            )  # fmt: skip
            plot.add_trace(line, row=1, col=column)
    plot.update_xaxes(type="log", dtick=1, range=(-2, 2.5), row=1, col=1)
    plot.update_yaxes(title="share of surveys", row=1, col=1)
    quiet(plot, 360, margin={"t": 40, "l": 56, "r": 28, "b": 72}, legend={"y": -0.16})
    return Figure(plot, table, "", "")


FIGURES = {"overlap": overlap, "richness": richness, "distance-decay": decay, "clustering": clustering,
           "rank-curve": ranks, "splits": leak}  # fmt: skip


def figures(seed: int) -> Iterator[tuple[str, Figure]]:
    """File name -> figure."""
    return ((name, make(seed)) for name, make in FIGURES.items())


@click.command()
@click.argument("pictures", type=click.Path(path_type=Path))
@click.option("--seed", default=0, show_default=True)
def main(pictures: Path, seed: int) -> None:
    """Draw the virtual Europe of SEED into the folder PICTURES."""
    draw(figures(seed), pictures)


if __name__ == "__main__":
    main()
