"""Predicted maps of scenes: where they lie, and their tiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data import catalogue
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.views import seen_through
from sdm.errors import UnknownNameError
from sdm.geo.bounds import Bounds, read_bounds
from sdm.geo.mercator import Tile
from sdm.inference.class_map_files import Colours, class_areas, layer_for, map_folder
from sdm.inference.class_map_grid import ClassMapGrid, grid_of
from sdm.jobs import Jobs
from sdm.maps.class_colours import CLASS, levels
from sdm.maps.class_map_tiles import SHOWN, draw, limits_of_map, open_map
from sdm.maps.png import encode
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import Scene
from sdm.rasters.stack import RasterStack
from sdm.runs import Run
from sdm.ui.cache import rasters
from sdm.ui.cache.memo import memo

FOLDER = "class-maps"  # under data/
jobs = memo(1)(Jobs)  # of this process


def home(data: Dataset) -> Path:
    """The folder of predicted maps: within a data set made in the app, with which they go, one for all others."""
    return catalogue.maps_folder(data.place, FOLDER)


def folder_of(data: Dataset, run: Run, scene: Scene, within: Bounds | None = None) -> Path:
    """Where the map of a run on a scene, or on the part of it within bounds, lies or is to lie."""
    return map_folder(home(data), run, scene, data.fingerprint, within)


@memo(16)
def grid(data: Dataset, run: Run, scene: Scene) -> ClassMapGrid:
    """The places of a scene that a run predicts; DataError where the raster cannot be read."""
    layer = layer_for(run, scene)
    assert layer is not None
    with RasterStack.of_layer(layer, data.place) as stack:
        return grid_of(stack, layer.modality)


@memo(16, "Measuring how long a map takes …")
def seconds_each(data: Dataset, run: Run, scene: Scene) -> float:
    """How long one place of a map takes."""
    layer = layer_for(run, scene)
    assert layer is not None
    from sdm.inference.scene_class_map import (
        seconds_each as measured,  # with torch, which the server loads when it is up
    )

    return measured(run, layer, data.place)


def classes_of(data: Dataset, run: Run, level: str) -> tuple[Dataset, str]:
    """The data set with the classes that the run predicts, and the level of their colours: `level`, or that of the
    classes themselves where it is no coarser one."""
    seen = seen_through(data, run.card.view)
    return seen, level if level in levels(seen.targets) else CLASS


def colours(data: Dataset, run: Run, level: str) -> Colours:
    """Colours at a level of the classes that the run predicts, by name; none of a number."""
    return {} if data.targets.kind is TargetKind.REGRESSION else rasters.palette(*classes_of(data, run, level))


@memo(16)
def areas(folder: Path, run: Run) -> pd.DataFrame:
    """How much of the scene each class covers."""
    return class_areas(folder, run.card.class_names)


@memo(16)
def opened(folder: Path, what: str, modified: int) -> RasterTiles:  # noqa: ARG001 another map at the same place
    """The file of a map that holds `what`."""
    return open_map(folder, what)


def limits(folder: Path, what: str) -> tuple[float, float]:
    """The ends of the ramp of `what`."""
    known = SHOWN[what][2]
    return known or limits_of_map(opened(folder, what, folder.stat().st_mtime_ns))


@memo(4096)
def map_tile(
    data: Dataset, run: Run, place: tuple[str, str], what: str, level: str, tile: Tile, only: tuple[str, ...] = ()
) -> bytes:
    """A tile of `what` the run predicts on a scene; UnknownNameError where there is no such map.

    `place`: the source of the scene, and the bounds of its part as an address has them, "" for all of it. `only`:
    the classes at `level` that are painted, all where there is none.
    """
    source, part = place
    scene = next((one for one in rasters.scenes(data) if one.source == source), None)
    folder = None if scene is None else folder_of(data, run, scene, read_bounds(part))
    if folder is None or what not in SHOWN or not (folder / SHOWN[what][0]).exists():
        raise UnknownNameError("there is no such map", expected=", ".join(SHOWN), got=what[:40])
    tiles = opened(folder, what, folder.stat().st_mtime_ns)
    drawn = draw(tiles, tile, what, palette_of(data, run, level, only) if what == "class" else None)
    return rasters.EMPTY if drawn is None else encode(drawn)


@memo(16)
def palette_of(data: Dataset, run: Run, level: str, only: tuple[str, ...] = ()) -> np.ndarray:
    """uint8 (S + 1, 4): the colour of each class of the run, from 1; the first is transparent, as are those that
    are not of `only` where anything is."""
    known, label = colours(data, run, level), labels(data, run, level)
    shown = [not only or label.get(str(name)) in only for name in run.card.class_names]
    rows = [(*known.get(str(name), (128, 128, 128)), 255) for name in run.card.class_names]
    rows = [row if drawn else (0, 0, 0, 0) for row, drawn in zip(rows, shown, strict=True)]
    return np.array([(0, 0, 0, 0), *rows], np.uint8)


def labels(data: Dataset, run: Run, level: str) -> dict[str, str]:
    """Class of the run -> what it is called at a level."""
    seen, level = classes_of(data, run, level)
    return dict(zip(seen.targets.classes["name"].astype(str), rasters.colours(seen, level).label, strict=True))
