"""A data set's pixels or images, read from its rasters on request, so that no more than a window is in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rasterio.windows import Window

from sdm.rasters.samples import common_side
from sdm.rasters.stack import RasterStack

Files = tuple[tuple[Path, ...], tuple[tuple[int, ...], ...]]  # of a stack, and the bands of each


class RasterReader:
    """Reads samples by the site (number), row and column of their upper left pixel.

    `stacks`: for each modality the rasters of each site, opened when first read. `side`: pixels of an image, None
    for single pixels, which are read by windows: pass rows in the order of windows and each is read once.
    """

    def __init__(
        self,
        stacks: Mapping[str, Sequence[Files]],
        place: tuple[np.ndarray, np.ndarray, np.ndarray],
        side: int | None,
    ) -> None:
        self._files, self._side = stacks, side
        self._site, self._row, self._column = place
        self._open: dict[tuple[str, int], RasterStack] = {}
        self._window: tuple[tuple[str, int, int, int], np.ndarray] | None = None

    def available(self, modality: str) -> np.ndarray:
        """Every sample has every value; others were left out."""
        return np.ones(len(self._site), bool) if modality in self._files else np.zeros(len(self._site), bool)

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        values = [
            self._image(modality, int(row)) if self._side else self._pixel(modality, int(row)) for row in rows
        ]
        bands = len(self._stack(modality, 0).names)
        shape = (bands, self._side, self._side) if self._side else (bands,)
        return np.array(values, np.float32).reshape(len(rows), *shape)

    def _image(self, modality: str, row: int) -> np.ndarray:
        side = self._side or 1
        window = Window(int(self._column[row]), int(self._row[row]), side, side)
        return self._stack(modality, int(self._site[row])).read(window)

    def _pixel(self, modality: str, row: int) -> np.ndarray:
        site, y, x = int(self._site[row]), int(self._row[row]), int(self._column[row])
        side = common_side([self._stack(name, site) for name in self._files])
        key = modality, site, y // side, x // side
        if self._window is None or self._window[0] != key:
            window = Window(x // side * side, y // side * side, side, side)
            self._window = key, self._stack(modality, site).read(window)
        return self._window[1][:, y % side, x % side]

    def _stack(self, modality: str, site: int) -> RasterStack:
        key = modality, site
        if key not in self._open:
            self._open[key] = RasterStack(*self._files[modality][site])
        return self._open[key]
