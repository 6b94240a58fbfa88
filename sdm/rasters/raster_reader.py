"""A data set's pixels or images, read from its rasters on request, so that no more than a window is in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from rasterio.windows import Window

from sdm.rasters.samples import common_side
from sdm.rasters.squares import read_squares
from sdm.rasters.stack import RasterStack

Files = tuple[tuple[Path, ...], tuple[tuple[int, ...], ...]]  # of a stack, and the bands of each

Place = tuple[np.ndarray, np.ndarray, np.ndarray]  # number of the site, row, column


class RasterReader:
    """Reads samples by the site (number), row and column of their upper left pixel.

    `stacks`: for each modality the rasters of each site, opened when first read. `side`: pixels of an image, None
    for single pixels, which are read by windows: pass rows in the order of windows and each is read once.
    """

    def __init__(
        self,
        stacks: Mapping[str, Sequence[Files]],
        place: Place,
        side: int | None,
    ) -> None:
        self._files, self._side = stacks, side
        self._site, self._row, self._column = place
        self._open: dict[tuple[str, int], RasterStack] = {}
        self._held: tuple[tuple[str, int, int, int], np.ndarray] | None = None

    def available(self, modality: str) -> np.ndarray:
        """Every sample has every value; others were left out."""
        return np.ones(len(self._site), bool) if modality in self._files else np.zeros(len(self._site), bool)

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        """float32 (n, bands) of pixels, or (n, bands, side, side) of images."""
        place = self._site[rows], self._row[rows], self._column[rows]
        bands = len(self._stack(modality, int(place[0][0]) if len(rows) else 0).names)
        if self._side is None:
            return self._pixels(modality, place, np.empty((len(rows), bands), np.float32))
        values = np.empty((len(rows), bands, self._side, self._side), np.float32)
        for site in np.unique(place[0]).tolist():
            here = place[0] == site
            values[here] = read_squares(self._stack(modality, site), place[1][here], place[2][here], self._side)
        return values

    def _pixels(self, modality: str, place: Place, values: np.ndarray) -> np.ndarray:
        """`values` filled with those of single pixels, window by window."""
        site, row, column = place
        windows = np.stack([site, row // self._window_side, column // self._window_side], axis=1)
        for key in np.unique(windows, axis=0):
            here = (windows == key).all(axis=1)
            inside = row[here] % self._window_side, column[here] % self._window_side
            values[here] = self._window(modality, *key.tolist())[:, *inside].T
        return values

    def _window(self, modality: str, site: int, down: int, right: int) -> np.ndarray:
        """The values of one window, held until another one is read."""
        key = modality, site, down, right
        if self._held is None or self._held[0] != key:
            side = self._window_side
            window = Window(right * side, down * side, side, side)
            self._held = key, self._stack(modality, site).read(window)
        return self._held[1]

    @cached_property
    def _window_side(self) -> int:
        return common_side([self._stack(name, 0) for name in self._files])

    def _stack(self, modality: str, site: int) -> RasterStack:
        key = modality, site
        if key not in self._open:
            self._open[key] = RasterStack(*self._files[modality][site])
        return self._open[key]
