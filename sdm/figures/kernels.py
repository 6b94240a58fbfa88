"""The kernels of a first convolution as small multiples: a block per band, a tile per kernel."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from sdm.evaluation.first_convolution import Kernels
from sdm.figures.colour_scale import DIVERGING
from sdm.figures.style import Figure, label, quiet, x_axes, y_axes
from sdm.number_format import number

ACROSS = 8  # kernels of a row of a block
MOST_BANDS, MOST_KERNELS = 6, 64
TILE = 14  # screen pixels of a pixel of a kernel of 3 x 3
TALLEST = 520


def kernels(first: Kernels) -> Figure:
    """A tile per kernel and band, each kernel over its largest absolute weight in any band."""
    values, bands, table = first.values, first.bands, first.weights
    shown = values[:MOST_KERNELS, :MOST_BANDS]
    largest = np.abs(shown).max(axis=(1, 2, 3), keepdims=True)
    relative = np.divide(shown, largest, out=np.zeros(shown.shape, np.float32), where=largest > 0)
    blocks = [_block(relative[:, band]) for band in range(relative.shape[1])]
    gap = np.full((len(blocks[0]), 2), np.nan, np.float32)
    mosaic = np.hstack([part for block in blocks for part in (block, gap)][:-1])
    step = blocks[0].shape[1] + 2
    plot = go.Figure(
        go.Heatmap(
            z=mosaic, zmin=-1, zmax=1, colorscale=[[i / 4, colour] for i, colour in enumerate(DIVERGING)],
            colorbar={"title": {"text": "weight"}, "tickvals": [-1, 0, 1], "thickness": 10}, hoverinfo="skip",
        )
    )  # fmt: skip
    quiet(plot, min(TALLEST, 90 + TILE * len(mosaic)))
    middles = [step * band + (step - 3) / 2 for band in range(len(blocks))]
    names = [label(band) for band in bands[: len(blocks)]]
    x_axes(plot, tickvals=middles, ticktext=names, side="top", showgrid=False, ticks="")
    y_axes(plot, autorange="reversed", showticklabels=False, showgrid=False, scaleanchor="x", constrain="domain")
    size = f"{values.shape[2]} x {values.shape[3]}"
    part = "" if shown.shape == values.shape else f" Shown: {len(shown)} kernels, {shown.shape[1]} bands."
    caption = (
        f"Kernels of the first convolution: {len(values)} of {size} pixels on {values.shape[1]} bands. A block "
        f"per band, the same kernel at the same place of each; every kernel over its own largest weight.{part}"
    )
    weights = ", ".join(f"{band} {number(weight)}" for band, weight in table.head(MOST_BANDS).to_numpy())
    return Figure(plot, table, caption, f"Mean absolute weight by band: {weights}.")


def _block(kernels_of_band: np.ndarray) -> np.ndarray:
    """A mosaic (rows, columns) of kernels (n, k, k), ACROSS in a row, an empty line between."""
    count, height, width = kernels_of_band.shape
    rows = -(-count // ACROSS)
    tiles = np.full((rows * ACROSS, height + 1, width + 1), np.nan, np.float32)
    tiles[:count, :height, :width] = kernels_of_band
    grid = tiles.reshape(rows, ACROSS, height + 1, width + 1).transpose(0, 2, 1, 3)
    return grid.reshape(rows * (height + 1), -1)[:-1, :-1]
