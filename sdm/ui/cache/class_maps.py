"""Predicted maps of scenes: where they lie, and their tiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data import catalogue
from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import UnknownNameError
from sdm.geo.mercator import Tile
from sdm.inference.class_map_files import Colours, class_areas, map_folder
from sdm.jobs import Jobs
from sdm.maps.class_map_tiles import SHOWN, draw, open_map
from sdm.maps.png import encode
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import Scene
from sdm.runs import Run
from sdm.ui.cache import datasets, rasters
from sdm.ui.cache.memo import memo

FOLDER = "class-maps"  # under data/
jobs = memo(1)(Jobs)  # of this process


def folder_of(data: Dataset, run: Run, scene: Scene) -> Path:
    """Where the map of a run on a scene lies, or is to lie."""
    return map_folder(catalogue.HOME / FOLDER, run, scene, data.fingerprint)


def colours(data: Dataset, level: str) -> Colours:
    """Class name -> colour at a level; none of a number."""
    return {} if data.targets.kind is TargetKind.REGRESSION else rasters.palette(data, level)


@memo(16)
def areas(folder: Path, run: Run) -> pd.DataFrame:
    """How much of the scene each class covers."""
    return class_areas(folder, run.card.class_names)


@memo(16)
def opened(folder: Path, what: str, modified: int) -> RasterTiles:  # noqa: ARG001 another map at the same place
    """The file of a map that holds `what`."""
    return open_map(folder, what)


@memo(4096)
def map_tile(key: str, run: Run, source: str, what: str, level: str, tile: Tile) -> bytes:
    """A tile of `what` the run predicts on a scene; UnknownNameError where there is no such map."""
    data = datasets.dataset(key)
    scene = next((one for one in rasters.scenes(data) if one.source == source), None)
    folder = None if scene is None else folder_of(data, run, scene)
    if folder is None or what not in SHOWN or not (folder / SHOWN[what][0]).exists():
        raise UnknownNameError("there is no such map", expected=", ".join(SHOWN), got=what[:40])
    tiles = opened(folder, what, folder.stat().st_mtime_ns)
    drawn = draw(tiles, tile, what, palette_of(data, run, level) if what == "class" else None)
    return rasters.EMPTY if drawn is None else encode(drawn)


def palette_of(data: Dataset, run: Run, level: str) -> np.ndarray:
    """uint8 (S + 1, 4): the colour of each class of the run, from 1; the first is transparent."""
    known = colours(data, level)
    rows = [(*known.get(str(name), (128, 128, 128)), 255) for name in run.card.class_names]
    return np.array([(0, 0, 0, 0), *rows], np.uint8)
