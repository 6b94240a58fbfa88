"""What is written of predictions on a grid: the class, its probability and the entropy of all, or a value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import rasterio
from rasterio import Affine

from sdm.data.dataset import TargetKind
from sdm.inference.class_map_files import CERTAINTY, CLASSES, VALUE, Colours
from sdm.runs import Run

TILE = 256  # pixels along a tile of the files


class MapGrid(Protocol):
    """The pixels of a map: reference system, place of its corner and size of its pixels, columns and rows."""

    @property
    def crs(self) -> str: ...
    @property
    def transform(self) -> Affine: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """The entropy along the first axis as a share of the highest possible: 0 certain, 1 all classes alike.

    >>> entropy(np.array([[1.0, 0.5], [0.0, 0.5]])).tolist()
    [0.0, 1.0]
    """
    share = np.clip(probabilities, 1e-12, 1)
    total = -(probabilities * np.log(share)).sum(axis=0)
    return np.asarray(np.clip(total / np.log(max(len(probabilities), 2)), 0, 1)) + 0.0


def summary(values: np.ndarray, kind: TargetKind) -> list[np.ndarray]:
    """What is written: the value (1, ...); or the class from 1, 0 where nothing is known, and its certainty."""
    if kind is TargetKind.REGRESSION:
        return [values]
    known = np.isfinite(values[0])
    best = np.where(known, np.where(known, values, 0).argmax(axis=0) + 1, 0)
    certainty = np.stack([values.max(axis=0), entropy(values)]).astype(np.float32)
    return [best[None].astype(_class_type(len(values))), certainty]


def _class_type(classes: int) -> str:
    return "uint8" if classes < 256 else "uint16"


def map_files(folder: Path, run: Run, grid: MapGrid, colours: Colours) -> Iterator[rasterio.io.DatasetWriter]:
    """The files of the map, ready to be written by windows."""
    shape = {
        "driver": "GTiff", "crs": grid.crs, "transform": grid.transform, "width": grid.width,
        "height": grid.height, "tiled": True, "blockxsize": TILE, "blockysize": TILE, "compress": "deflate",
    }  # fmt: skip
    floating = {"dtype": "float32", "nodata": np.nan, **shape}
    if run.card.kind is TargetKind.REGRESSION:
        writer = rasterio.open(folder / VALUE, "w", count=1, **floating)
        writer.descriptions = (run.card.unit or "value",)
        yield writer
        return
    names = run.card.class_names
    writer = rasterio.open(folder / CLASSES, "w", count=1, dtype=_class_type(len(names)), nodata=0, **shape)
    writer.descriptions = ("most probable class",)
    writer.write_colormap(1, {i: (*colours.get(str(n), (128, 128, 128)), 255) for i, n in enumerate(names, 1)})
    writer.update_tags(1, **{f"CLASS_{i}": str(name) for i, name in enumerate(names, 1)})
    yield writer
    writer = rasterio.open(folder / CERTAINTY, "w", count=2, **floating)
    writer.descriptions = ("probability of the class", "entropy, 0 certain to 1 all classes alike")
    yield writer
