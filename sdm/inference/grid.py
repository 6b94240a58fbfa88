"""What a run predicts all over the virtual Europe: simulated inputs at every land cell, probabilities on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from torch import Tensor

from sdm.errors import RunError
from sdm.evaluation.run_model import Ensemble, model_of, open_model
from sdm.files import atomic
from sdm.formats.arrays import MappedArray
from sdm.geo.regions import country, region
from sdm.jobs import Report
from sdm.modalities import MODALITIES
from sdm.models.preparation import Batch, make_batch
from sdm.runs import Run
from sdm.virtual_europe.grid import SimulatedGrid
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.simulators import not_simulated, simulator_of

BLOCK = 128  # cells simulated and predicted at once
AREA_M2 = 100.0
REMEDY = "Remove the file; the map is then computed anew."


def grid_file(
    folder: Path, run: Run, grid: SimulatedGrid, seed: int, world_version: str, kind: str = "predicted"
) -> Path:
    """Where what `run` says on `grid` is kept: another file for another model, world or grid, and `kind` of it."""
    card = run.card
    if not card.predicts:
        raise RunError(
            "a run without weights knows no place but the surveys it has predicted", where=run.path,
            remedy="Choose a trained model.",
        )  # fmt: skip
    year = int(grid.places.year[0]) if len(grid) else 0
    if absent := not_simulated(card.inputs):
        titles = ", ".join(MODALITIES[name].title for name in absent)
        raise RunError(
            f"an input of this run is not simulated: {titles}", where=run.path,
            remedy="Choose a model of simulated inputs.",
        )  # fmt: skip
    text = f"{card.digest} {world_version} {seed} {grid.step} {grid.shape} {len(grid)} {year} {kind}"
    return folder / f"{run.name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.npy"


def predict_grid(run: Run, grid: SimulatedGrid, out: Path, report: Report) -> None:
    """Write the probabilities (S, N) float16 of all classes at all cells to `out`, whole or not at all.

    `report` hears of every block of cells and may raise to stop. RunError when the run is damaged.
    """
    _write(run, grid, open_model(run).predict, out, report)


def predict_spread(run: Run, grid: SimulatedGrid, out: Path, report: Report) -> None:
    """The same of the spread of an ensemble's members (`Ensemble.spread`); RunError for a run that is none."""
    if not run.card.members:
        raise RunError("not an ensemble: it has no members to differ", where=run.path)
    model = model_of(run.path, run.card)
    assert isinstance(model, Ensemble)
    _write(run, grid, model.spread, out, report)


def _write(run: Run, grid: SimulatedGrid, answer: Callable[[Batch], Tensor], out: Path, report: Report) -> None:
    card = run.card
    result = np.zeros((card.width, len(grid)), np.float16)
    for start in range(0, len(grid), BLOCK):
        block = grid.places[start : start + BLOCK]
        arrays = {name: MODALITIES[name].from_file(simulator_of(name).simulate(block)) for name in card.inputs}
        batch = make_batch(arrays, _sites(block, start), card.inputs, card.statistics)
        result[:, start : start + BLOCK] = answer(batch).numpy().T
        report(start + len(block), len(grid), "cells")
    if not np.isfinite(result).all():
        raise RunError("the model gives values that are no numbers", where=run.path)
    with atomic(out) as file:
        np.save(file, result, allow_pickle=False)


def open_grid(path: Path, width: int, cells: int) -> MappedArray:
    """The probabilities (S, N) in `path`, memory-mapped; RunError for anything but what `predict_grid` wrote."""
    values = MappedArray(path, RunError, REMEDY)
    if values.shape != (width, cells) or values.dtype != np.float16:
        got = f"{values.dtype} {values.shape}"
        raise RunError("not a predicted map", where=path, expected=(width, cells), got=got, remedy=REMEDY)
    return values


def _sites(block: Places, first: int) -> pd.DataFrame:
    """`Dataset.sites` of surveys at `block`."""
    return pd.DataFrame(
        {
            "source": "simulated",
            "survey_id": np.arange(first, first + len(block)),
            "lon": block.lon,
            "lat": block.lat,
            "year": block.year,
            "area_m2": AREA_M2,
            "country": country(block.lon, block.lat),
            "region": region(block.lon, block.lat, block.elevation),
        }
    )
