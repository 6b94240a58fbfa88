"""The figure of docs/virtual-mountain.md: `python -m benchmarks.mountain_figure FOLDER PICTURES`."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from benchmarks.ecosystem_figures import draw
from sdm.figures.style import BLUE, GREEN, ORANGE, PINK, YELLOW, Figure, quiet
from sdm.virtual_mountain.measures import exported, once, truth
from sdm.virtual_mountain.parameters import LABELLED, UNSEEN, classes

COLOURS = dict(zip(classes(), (ORANGE, GREEN, BLUE, PINK, YELLOW), strict=True))
CURVES = {"NDVI": 1.0, "B8": 1e-4, "B11": 1e-4}  # feature: unit
TITLES = ("NDVI by month", "B8 by month (reflectance)", "B11 by month (reflectance)",
          "true classes of Beishan", "NDVI on 16 October", "months with a value (4 to 12)")  # fmt: skip


def figure(folder: Path) -> Figure:
    """Curves of the classes at the labelled site, and maps of the unseen one."""
    labelled, unseen, land = exported(folder, LABELLED), exported(folder, UNSEEN), truth(folder, UNSEEN)["class"]
    plot = make_subplots(2, 3, subplot_titles=TITLES, horizontal_spacing=0.08, vertical_spacing=0.12)
    table = _curves(plot, once(labelled))
    seen = once(unseen).dropna(subset=["NDVI"])
    october = seen[seen["month"] == 10].set_index("pixel")["NDVI"]
    colours = ("#d9d9d9", *COLOURS.values())
    steps = [[(i + edge) / len(colours), colour] for i, colour in enumerate(colours) for edge in (0, 1)]
    _map(plot, land, 1, steps, (-0.5, 5.5))
    _map(plot, _lattice(october, land.shape), 2, "Viridis", (0.2, 0.9))
    _map(plot, _lattice(seen.groupby("pixel").size(), land.shape), 3, "Cividis", (4, 12))
    quiet(plot, 560, margin={"t": 60, "l": 8, "r": 8, "b": 8}, legend={"y": 1.06})
    plot.update_annotations(font_size=13)
    return Figure(plot, table, "Curves: mean, and from the 10th to the 90th percentile.", "")


def _curves(plot: go.Figure, rows: pd.DataFrame) -> pd.DataFrame:
    for column, (feature, unit) in enumerate(CURVES.items(), start=1):
        for name, colour in COLOURS.items():
            of_month = rows[rows["Class"] == name].groupby("month")[feature]
            parts = (of_month.quantile(0.1), of_month.quantile(0.9), of_month.mean())
            low, high, mean = (part * unit for part in parts)
            band = go.Scatter(
                x=[*low.index, *high.index[::-1]], y=[*low, *high[::-1]], fill="toself", mode="none",
                fillcolor=colour, opacity=0.15, showlegend=False,
            )  # fmt: skip
            line = go.Scatter(
                x=mean.index, y=mean, mode="lines", line={"color": colour, "width": 2}, name=name,
                showlegend=column == 1,
            )  # fmt: skip
            plot.add_traces([band, line], rows=1, cols=column)
    return rows.groupby(["Class", "month"])[list(CURVES)].mean().reset_index()


def _lattice(values: pd.Series, shape: tuple[int, ...]) -> np.ndarray:
    """Values by pixel on the lattice, NaN elsewhere."""
    return values.reindex(np.arange(int(np.prod(shape)))).to_numpy(float).reshape(shape)


def _map(plot: go.Figure, values: np.ndarray, column: int, colours: object, span: tuple[float, float]) -> None:
    image = go.Heatmap(z=values, colorscale=colours, zmin=span[0], zmax=span[1], showscale=False)
    plot.add_trace(image, row=2, col=column)
    plot.update_xaxes(visible=False, constrain="domain", row=2, col=column)
    plot.update_yaxes(visible=False, autorange="reversed", scaleanchor=f"x{3 + column}", row=2, col=column)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("pictures", type=click.Path(path_type=Path))
def main(folder: Path, pictures: Path) -> None:
    """Draw the mountain in FOLDER into the folder PICTURES."""
    draw(iter([("virtual-mountain", figure(folder))]), pictures)


if __name__ == "__main__":
    main()
