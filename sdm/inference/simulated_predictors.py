"""Rasters of predictors where they are those of a virtual Europe, which can be simulated at any place.

Data whose predictors are the environment at the nearest survey of a virtual Europe have no rasters: predictors are
simulated at the middles of cells round the sites, and kept beside the data as imported rasters are.
"""

from __future__ import annotations

import math

import numpy as np
import rasterio
from rasterio.transform import from_origin

from sdm.data.dataset import Dataset
from sdm.data.worlds import VERSION
from sdm.errors import DataError
from sdm.evaluation.species.predictors import responding
from sdm.files import atomic
from sdm.geo.regions import in_europe
from sdm.inference.predictor_grid import SIDE
from sdm.jobs import Report, no_report
from sdm.modalities import ENVIRONMENT, MODALITIES
from sdm.modalities.predictors import predictor_label
from sdm.occurrences.predictor_grid import FILE
from sdm.occurrences.report import read_report
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.grid import YEAR

MOST_CELLS = 40_000  # some seven seconds
FINEST, COARSEST = 0.02, 0.25  # degrees
MARGIN = 0.1  # of the longer side of the extent of the sites
BLOCK = 2_048  # places simulated at once


def can_simulate(dataset: Dataset) -> bool:
    """Whether the predictors of `dataset` can be simulated, and there are no rasters yet."""
    if dataset.place is None or (dataset.place / FILE).exists() or _columns(dataset) is None:
        return False
    try:
        report = read_report(dataset.place)
    except DataError:
        return False
    placed = bool(dataset.sites[["lon", "lat"]].notna().all(axis=1).any())
    return placed and report is not None and report.world.get("version") == VERSION


def write_simulated_predictors(dataset: Dataset, report: Report = no_report) -> None:
    """Write the rasters into the folder of `dataset`, whole or not at all. `report` hears of every block of places
    and may raise to stop. DataError where nothing can be simulated."""
    columns = _columns(dataset)
    if not can_simulate(dataset) or columns is None or dataset.place is None:
        raise DataError("the predictors of this data set cannot be simulated", where=dataset.place)
    about = read_report(dataset.place)
    assert about is not None
    west, north, step, shape = _grid(dataset)
    lon = west + step * (np.arange(shape[1]) + 0.5)
    lat = north - step * (np.arange(shape[0]) + 0.5)
    east, up = (axis.ravel() for axis in np.meshgrid(lon, lat))
    land = np.flatnonzero(in_europe(east, up))
    values = np.full((len(columns), east.size), np.nan, np.float32)
    for start in range(0, len(land), BLOCK):
        report(start, len(land), "places")
        part = land[start : start + BLOCK]
        values[:, part] = environment(places(east[part], up[part], YEAR, int(about.world["seed"])))[:, columns].T
    report(len(land), len(land), "places")
    with atomic(dataset.place / FILE) as file, rasterio.MemoryFile() as memory:
        with memory.open(
            driver="GTiff", dtype="float32", count=len(columns), nodata=math.nan, crs="EPSG:4326", width=shape[1],
            height=shape[0], transform=from_origin(west, north, step, step), tiled=True, blockxsize=SIDE,
            blockysize=SIDE, compress="deflate",
        ) as raster:  # fmt: skip
            raster.write(values.reshape(-1, *shape))
            raster.descriptions = tuple(ENVIRONMENT.channels[column] for column in columns)
        file.write(memory.read())


def _columns(dataset: Dataset) -> list[int] | None:
    """Where the predictors of `dataset` stand among those of the environment; None where one is another."""
    name = responding(dataset.modalities)
    if name is None:
        return None
    at = {predictor_label(channel): column for column, channel in enumerate(ENVIRONMENT.channels)}
    found = [at.get(predictor_label(channel)) for channel in MODALITIES[name].channels]
    known = [column for column in found if column is not None]
    return known if len(known) == len(found) else None


def _grid(dataset: Dataset) -> tuple[float, float, float, tuple[int, int]]:
    """West, north and step in degrees, rows and columns: the extent of the sites with a margin."""
    sites = dataset.sites[["lon", "lat"]].dropna().to_numpy(float)
    (west, south), (east, north) = sites.min(axis=0), sites.max(axis=0)
    margin = max(MARGIN * max(east - west, north - south), FINEST)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    step = min(max(math.sqrt((east - west) * (north - south) / MOST_CELLS), FINEST), COARSEST)
    rows, columns = math.ceil((north - south) / step), math.ceil((east - west) / step)
    return west, north, step, (rows, columns)
