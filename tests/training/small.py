"""Trainings of less than a second on the twenty surveys of the fixtures."""

from __future__ import annotations

from sdm.models.registry import spec_of
from sdm.runs import TrainingOptions
from sdm.runs.training_options import recipe
from sdm.training import Runtime

CPU = Runtime(device="cpu")
SMALL = {"landsat-cnn": {"channels": [4, 8], "hidden": 16}, "landsat-mlp": {"hidden": [32, 16]},
         "landsat-lstm": {"hidden": 8}}  # fmt: skip
LARGE = 1_000_000  # parameters from which on one step has to do


def small(model: str, **changes: object) -> TrainingOptions:
    """Two epochs of three steps; one step for a large model."""
    large = spec_of(model).parameters > LARGE and model not in SMALL
    options = {"epochs": 1 if large else 2, "batch_size": 11 if large else 4, "model_config": SMALL.get(model, {})}
    return recipe(model, **(options | changes))
