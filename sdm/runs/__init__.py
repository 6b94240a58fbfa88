"""Runs: the folder of one training, and the predictor in it."""

from sdm.evaluation.load import fits, load_predictor, require_fit
from sdm.runs.card import Imported, ModelCard, Weights
from sdm.runs.configuration import DataSource, RunConfig, TrainConfig
from sdm.runs.folder import Run, find_runs
from sdm.runs.predictions import Predictions

__all__ = [
    "DataSource",
    "Imported",
    "ModelCard",
    "Predictions",
    "Run",
    "RunConfig",
    "TrainConfig",
    "Weights",
    "find_runs",
    "fits",
    "load_predictor",
    "require_fit",
]
