"""What a run says of one species at every cell of a data set's predictor rasters, as a GeoTIFF.

The rasters are read and predicted by windows, so that neither they nor the map need fit into memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from rasterio import Affine

from sdm.data.dataset import Dataset
from sdm.errors import RunError
from sdm.evaluation.run_model import open_model
from sdm.files import atomic_folder, modified
from sdm.inference.predictor_grid import SIDE, PredictorGrid
from sdm.inference.threads import use_threads
from sdm.jobs import Report, no_report
from sdm.models.contract import Model
from sdm.models.preparation import make_batch
from sdm.models.presence_only.model import PresenceOnly
from sdm.models.registry import REGISTRY
from sdm.runs import Run

COARSE_CELLS = 6_000  # of the first answer
AT_ONCE = 8_192  # cells predicted together
MAP = "map.tif"  # in the folder of a map
PREVALENCE = "PREVALENCE"  # tag: the share of background sites with a record; of presence-only models


@dataclass(frozen=True)
class SpeciesModel:
    """A run that can be asked about one species: `column` of what `model` gives.

    `prevalence` is the share of background sites with a record, NaN of a model that knows none.
    """

    run: Run
    model: Model
    column: int
    prevalence: float = float("nan")

    def predict(self, values: np.ndarray) -> np.ndarray:
        """float32 (n,) of predictors `values` float32 (n, P) in stored units; NaN where all are missing."""
        name, card = next(iter(self.run.card.inputs)), self.run.card
        known = np.flatnonzero(np.isfinite(values).any(axis=1))
        result = np.full(len(values), np.nan, np.float32)
        for part in np.array_split(known, max(1, -(-len(known) // AT_ONCE))):
            batch = make_batch({name: values[part]}, _nowhere(len(part)), card.inputs, card.statistics)
            result[part] = self.model.predict(batch).numpy()[:, self.column]
        if not np.isfinite(result[known]).all():
            raise RunError("the model gives values that are no numbers", where=self.run.path)
        return result


def species_model(run: Run, class_id: int) -> SpeciesModel:
    """`run` ready to predict the class alone; RunError where it cannot, or does not know the class."""
    if class_id not in run.card.class_ids:
        raise RunError("the run does not know this species", where=run.path, got=class_id)
    column, model = run.card.class_ids.index(class_id), open_model(run)
    if isinstance(model, PresenceOnly):
        return SpeciesModel(run, model.only(column), 0, float(model.prevalence[column]))
    return SpeciesModel(run, model, column)


def why_no_map(run: Run, grid: PredictorGrid) -> str:
    """Why `run` cannot be asked all over `grid`, "" where it can."""
    if not run.card.predicts:
        return "Only stored predictions are here. The model itself is not."
    if list(run.card.inputs) != [grid.modality]:
        return "This model sees something else than the predictors of the rasters."
    spec = REGISTRY.get(run.card.model)
    if spec is not None and spec.sees_place(run.card.model_config):
        return "This model knows the place itself, not only the predictors of the rasters."
    return ""


def map_folder(home: Path, run: Run, dataset: Dataset, grid: PredictorGrid, what: str) -> Path:
    """Where a map of `what` of `run` on `grid` is kept below `home`: another place for other data or models."""
    text = f"{run.card.digest} {dataset.identity} {grid.path} {modified(grid.path)} {what}"
    return home / f"{run.name}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def write_species_map(
    ask: SpeciesModel, grid: PredictorGrid, out: Path, report: Report = no_report,
    shape: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    """Write the map of the species into the folder `out`, whole or not at all, in `shape` where one is given.

    `report` hears of every window and may raise to stop. RunError where the run is damaged, DataError where the
    rasters are.
    """
    write_map(ask.predict, grid, out, {PREVALENCE: repr(ask.prevalence)}, report, shape)


def write_map(
    answer: Callable[[np.ndarray], np.ndarray], grid: PredictorGrid, out: Path, tags: dict[str, str],
    report: Report = no_report, shape: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    """Write what `answer` gives, (n,) of predictors (n, P), for all cells of `grid` into the folder `out`.

    In one piece where a coarse `shape` is given, else by windows.
    """
    with atomic_folder(out) as building:
        rows, columns = shape or (grid.height, grid.width)
        place = grid.placed((rows, columns))
        with rasterio.open(building / MAP, "w", **profile(grid.crs, place, rows, columns)) as file:
            file.update_tags(**tags)
            if shape is not None:
                file.write(_asked(answer, grid.read(shape=shape)), 1)
                return
            windows = list(grid.windows())
            use_threads(AT_ONCE)
            for done, window in enumerate(windows):
                report(done, len(windows), "windows")
                file.write(_asked(answer, grid.read(window)), 1, window=window)
            report(len(windows), len(windows), "windows")


def profile(crs: str, transform: Affine, rows: int, columns: int) -> dict[str, Any]:
    """How a map of one number per cell is stored: float32, NaN where nothing is known."""
    return {
        "driver": "GTiff", "dtype": "float32", "count": 1, "nodata": np.nan, "crs": crs, "transform": transform,
        "width": columns, "height": rows, "tiled": True, "blockxsize": SIDE, "blockysize": SIDE,
        "compress": "deflate",
    }  # fmt: skip


def _asked(answer: Callable[[np.ndarray], np.ndarray], values: np.ndarray) -> np.ndarray:
    """float32 (rows, columns): the answer at each cell of `values` (P, rows, columns)."""
    cells = values.reshape(len(values), -1).T
    return answer(np.ascontiguousarray(cells)).reshape(values.shape[1:]).astype(np.float32)


def _nowhere(count: int) -> pd.DataFrame:
    """`Dataset.sites` of cells whose place nothing depends on."""
    unknown = np.full(count, np.nan)
    return pd.DataFrame({
        "source": "", "survey_id": np.arange(count), "lon": unknown, "lat": unknown, "year": unknown,
        "area_m2": unknown, "country": "", "region": "",
    })  # fmt: skip
