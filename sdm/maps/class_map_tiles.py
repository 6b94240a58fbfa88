"""Predicted maps of a scene as tiles: classes in their colours, probability, entropy and numbers on a ramp."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdm.geo.mercator import Tile
from sdm.inference.class_map_files import CERTAINTY, CLASSES, VALUE
from sdm.maps.class_colours import value_ramp
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import Layer

OUTERMOST = 0.01  # share of the numbers at each end that take the end's colour
# What is drawn -> its file, band (from 0), and the ends of its ramp where they are known.
SHOWN: dict[str, tuple[str, int, tuple[float, float] | None]] = {
    "class": (CLASSES, 0, None),
    "probability": (CERTAINTY, 0, (0.0, 1.0)),
    "entropy": (CERTAINTY, 1, (0.0, 1.0)),
    "value": (VALUE, 0, None),
}


def open_map(folder: Path, what: str) -> RasterTiles:
    """The file of the map in `folder` that holds `what`; DataError where it cannot be read."""
    file, _, _ = SHOWN[what]
    bands = ("a", "b") if file == CERTAINTY else ("a",)
    numbers = tuple(range(1, len(bands) + 1))
    return RasterTiles.build(Layer(what, what, "", (file,), (numbers,)), folder, bands)


def draw(tiles: RasterTiles, tile: Tile, what: str, palette: np.ndarray | None) -> np.ndarray | None:
    """uint8 (256, 256, 4) of `what`; `palette` uint8 (S + 1, 4) of classes, from 1."""
    _, band, limits = SHOWN[what]
    values = tiles.sample(tile, [band])
    if values is None:
        return None
    if what == "class":
        assert palette is not None
        return palette[np.nan_to_num(values[0]).astype(int)]
    return value_ramp(values[0], limits or limits_of_map(tiles))


def limits_of_map(tiles: RasterTiles) -> tuple[float, float]:
    """The ends of the ramp for a number: all but the outermost hundredth on each side, (0, 1) without any."""
    known = tiles.overview[np.isfinite(tiles.overview)]
    low, high = np.quantile(known, (OUTERMOST, 1 - OUTERMOST)) if known.size else (0.0, 1.0)
    return float(low), float(high)
