"""Squares of a raster, many at a time: those near each other are read as one window, in half the time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from rasterio.windows import Window

from sdm.rasters.stack import RasterStack

TOGETHER = 512  # pixels along which corners of squares are read together
MOST = 32  # squares read together: they may overlap, and are large then


def neighbours(row: np.ndarray, column: np.ndarray) -> Iterator[np.ndarray]:
    """Positions of squares near each other by their upper left pixels, MOST at a time, each once.

    >>> [near.tolist() for near in neighbours(np.array([0, 9, 600]), np.array([5, 700, 0]))]
    [[0], [1], [2]]
    """
    _, group = np.unique(np.stack([row, column], axis=1) // TOGETHER, axis=0, return_inverse=True)
    for number in range(int(group.max(initial=-1)) + 1):
        positions = np.flatnonzero(group.ravel() == number)
        yield from np.split(positions, range(MOST, len(positions), MOST))


def read_squares(stack: RasterStack, row: np.ndarray, column: np.ndarray, side: int) -> np.ndarray:
    """float32 (n, bands, side, side) of the squares with these upper left pixels, as `RasterStack.read` gives."""
    values = np.empty((len(row), len(stack.names), side, side), np.float32)
    for near in neighbours(row, column):
        top, left = int(row[near].min()), int(column[near].min())
        height, width = int(row[near].max()) - top + side, int(column[near].max()) - left + side
        window = stack.read(Window(left, top, width, height))
        views = sliding_window_view(window, (side, side), axis=(1, 2))
        values[near] = views[:, row[near] - top, column[near] - left].swapaxes(0, 1)
    return values
