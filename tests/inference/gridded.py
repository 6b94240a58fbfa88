"""A data set of simulated occurrences with rasters of its predictors, and runs trained on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.predictor_grid import FILE
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.models.presence_only.fitting import QUICK
from tests.occurrences.tables import tables

ROWS, COLUMNS = 300, 270  # more than one window each way
WEST, NORTH, STEP = 8.0, 47.5, 0.5 / 300


def gridded(folder: Path, sites: int = 300) -> Dataset:
    """The data set in the new folder: `wet` rises to the east, `road` to the north, `soil` is in three belts; the
    first ten rows are sea."""
    files = tables(sites).write(_made(folder.with_name(f"{folder.name}-tables")))
    import_occurrences(files, folder, ImportOptions(categories=("soil",)))
    write_grid(folder / FILE)
    return open_dataset(folder)


def write_grid(path: Path) -> None:
    """Rasters in the order of the modality of `tables`: wet, road, then the code soil."""
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", count=3, nodata=np.nan, crs="EPSG:4326", width=COLUMNS,
        height=ROWS, transform=from_origin(WEST, NORTH, STEP, STEP), tiled=True,
    ) as file:  # fmt: skip
        file.write(values())
        file.descriptions = ("wet", "road", "soil")


def values() -> np.ndarray:
    """float32 (3, ROWS, COLUMNS)."""
    wet = np.tile(np.linspace(0, 1, COLUMNS), (ROWS, 1))
    road = np.repeat(np.linspace(1, 0, ROWS)[:, None], COLUMNS, axis=1)
    soil = np.array([1, 2, 5])[np.arange(ROWS) * 3 // ROWS][:, None] + np.zeros((ROWS, COLUMNS))
    every = np.stack([wet, road, soil]).astype(np.float32)
    every[:, :10] = np.nan
    return every


def quick_run(data: Dataset, folder: Path, model: str = "balanced-forest") -> Run:
    """A small run of `model` on all that `data` has."""
    return train(data, folder, TrainingOptions(model, QUICK[model]), Runtime(device="cpu"))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
