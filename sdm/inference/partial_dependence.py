"""Partial dependence: what a model predicts as one of its predictors changes and nothing else does.

Individual conditional expectation curves (Goldstein et al. 2015, doi:10.1080/10618600.2014.907095) are its answers
at single surveys; their mean is the partial dependence (Friedman 2001, doi:10.1214/aos/1013203451).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.evaluation.run_model import open_model
from sdm.evaluation.species.predictors import responding
from sdm.jobs import Report
from sdm.modalities import MODALITIES
from sdm.models.preparation import prepare_inputs, read_batch
from sdm.runs import Run

SURVEYS, STEPS = 32, 11
ENDS = (0.01, 0.99)  # quantiles of the values among which the predictor changes


@dataclass(frozen=True)
class Dependence:
    """Predictions for n surveys of S classes at G values of one predictor.

    `at` float64 (G,) in the predictor's unit, `rows` int64 (n,) of the data set, `predicted` float32 (G, n, S).
    """

    at: np.ndarray
    rows: np.ndarray
    predicted: np.ndarray

    def curves(self, column: int, true: np.ndarray | None = None) -> pd.DataFrame:
        """One row per value and survey: value, row, predicted and, where given (G, n), the true probability."""
        steps, surveys = self.predicted.shape[:2]
        table = pd.DataFrame({
            "value": np.repeat(self.at, surveys),
            "row": np.tile(self.rows, steps),
            "predicted": self.predicted[:, :, column].ravel().astype(float),
        })  # fmt: skip
        return table if true is None else table.assign(true=true.ravel())


def why_not(run: Run) -> str:
    """Why there is no partial dependence of this run, "" where there is."""
    if not run.card.predicts:
        return "Only stored predictions are here. The model itself is not, so it cannot be asked again."
    if responding(run.card.inputs) is None:
        return "This model sees no table of predictors, so none changes what it predicts."
    return ""


def sample(dataset: Dataset, rows: np.ndarray, modality: str, most: int = SURVEYS) -> np.ndarray:
    """At most `most` of the surveys `rows` that have `modality`, evenly spaced in their order."""
    having = rows[dataset.available(modality)[rows]]
    return having[np.linspace(0, len(having) - 1, min(len(having), most)).astype(int)]


def dependences(
    run: Run, dataset: Dataset, rows: np.ndarray, predictors: Sequence[int], report: Report
) -> dict[int, Dependence]:
    """Position of each of `predictors` (numbers, no class codes) -> its `Dependence` at a `sample` of `rows`.

    A predictor changes between the 1 % and the 99 % quantile of its values at `rows`; one without two values is
    left out. `report` hears of every step and may raise to stop. RunError where the model cannot be asked.
    """
    if reason := why_not(run):
        raise RunError(reason, where=run.path, remedy="Choose a model of the environment with weights.")
    dataset, name = seen_through(dataset, run.card.view), responding(run.card.inputs)
    assert name is not None
    values = dataset.reader.read(name, rows)
    grids = {place: grid for place in predictors if len(grid := _grid(values[:, place])) > 1}
    surveys, model, statistics = sample(dataset, rows, name), open_model(run), run.card.statistics
    batch = read_batch(dataset, surveys, model.inputs, statistics, targets=False)
    own, preparation = dataset.reader.read(name, surveys), {name: model.inputs[name]}
    found: dict[int, Dependence] = {}
    for place, grid in grids.items():
        predicted = np.zeros((STEPS, len(surveys), model.width), np.float32)
        for step, value in enumerate(grid):
            changed = own.copy()
            changed[:, place] = value
            varied = prepare_inputs({name: changed}, preparation, statistics)
            predicted[step] = model.predict(batch | varied).numpy()
            report(len(found) * STEPS + step + 1, STEPS * len(grids), "values")
        found[place] = Dependence(np.asarray(grid, np.float64) * MODALITIES[name].scale[place], surveys, predicted)
    return found


def _grid(values: np.ndarray) -> np.ndarray:
    """float32 (STEPS,) evenly spaced stored values; one where all are equal, none where all are missing."""
    known = values[np.isfinite(values)]
    if not known.size:
        return known
    low, high = np.quantile(known, ENDS)
    return np.linspace(low, high, STEPS).astype(np.float32) if high > low else known[:1]
