"""Maps of species over the rasters of a data set's predictors: where they lie, how they are made, their tiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sdm.data import catalogue
from sdm.data.dataset import Dataset
from sdm.errors import UnknownNameError
from sdm.files import modified
from sdm.geo.mercator import Tile
from sdm.inference.predictor_grid import PredictorGrid, predictor_grid
from sdm.inference.species_map import COARSE_CELLS, MAP, map_folder, species_model, write_map, write_species_map
from sdm.inference.training_area import training_area
from sdm.jobs import Jobs, Report
from sdm.maps.png import encode
from sdm.maps.raster_tiles import RasterTiles
from sdm.maps.species_map_tiles import draw, open_map
from sdm.occurrences.predictor_grid import FILE
from sdm.runs import Run
from sdm.ui.cache import rasters
from sdm.ui.cache.memo import memo

FOLDER = "species-maps"  # under data/
AREA = "area"  # stands for a species where the map is that of the area of applicability
COARSE, WHOLE = "coarse", "whole"
jobs = memo(1)(Jobs)  # of this process


class SpeciesMap(NamedTuple):
    """A map of `run` over `grid`: of the species `of` (a class_id as text) or of AREA, COARSE or WHOLE."""

    data: Dataset
    run: Run
    grid: PredictorGrid
    of: str
    size: str

    @property
    def folder(self) -> Path:
        """Where it lies or is to lie."""
        home = catalogue.maps_folder(self.data.place, FOLDER)
        return map_folder(home, self.run, self.data, self.grid, f"{self.of} {self.size}")

    @property
    def ready(self) -> bool:
        """Whether it is there."""
        return (self.folder / MAP).exists()

    @property
    def work(self) -> Callable[[Report], None]:
        """What makes it."""
        return partial(_make, self)


_models = memo(4)(species_model)
_areas = memo(4)(training_area)


def grid(data: Dataset) -> PredictorGrid | None:
    """The rasters of the predictors of `data` as they are now; None without any."""
    return _grid(data, modified((data.place or Path()) / FILE))


@memo(8)
def _grid(data: Dataset, at: int) -> PredictorGrid | None:  # noqa: ARG001 another file at the same place
    return predictor_grid(data)


def _make(wanted: SpeciesMap, report: Report) -> None:
    shape = wanted.grid.coarse_shape(COARSE_CELLS) if wanted.size == COARSE else None
    if wanted.of == AREA:
        area = _areas(wanted.run, wanted.data, wanted.grid.modality)
        write_map(area.over_threshold, wanted.grid, wanted.folder, {}, report, shape)
    else:
        ask = _models(wanted.run, int(wanted.of))
        write_species_map(ask, wanted.grid, wanted.folder, report, shape)


@memo(16)
def opened(folder: Path, modified: int) -> RasterTiles:  # noqa: ARG001 another map at the same place
    """A map that is there."""
    return open_map(folder)


def tiles_of(shown: SpeciesMap) -> RasterTiles:
    """The map, ready to draw; UnknownNameError where there is none."""
    if not shown.ready:
        raise UnknownNameError("there is no such map", expected="one that has been made", got=shown.of[:20])
    return opened(shown.folder, (shown.folder / MAP).stat().st_mtime_ns)


@memo(4096)
def species_tile(
    data: Dataset, run: Run, name: tuple[str, str], look: str, theme: str, threshold: str, tile: Tile
) -> bytes:
    """A tile of the map `name`, of a species and a size; UnknownNameError where there is none."""
    over, (of, size) = grid(data), name
    if over is None or size not in (COARSE, WHOLE) or not (of == AREA or of.isdigit()):
        raise UnknownNameError("there is no such map", expected="a map of a species", got=of[:20])
    drawn = draw(tiles_of(SpeciesMap(data, run, over, of, size)), tile, look, theme, _number(threshold))
    return rasters.EMPTY if drawn is None else encode(drawn)


def _number(text: str) -> float:
    """The number in an address; UnknownNameError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UnknownNameError("no threshold", expected="a number", got=text[:20])
    return value
