"""Runs: the folder of one training, and the predictor in it."""

from sdm.runs.card import Card, Imported, Weights
from sdm.runs.config import DataSource, RunConfig, TrainConfig
from sdm.runs.folder import Run, find_runs
from sdm.runs.load import fits, load_predictor, require_fit
from sdm.runs.predictions import Predictions

__all__ = [
    "Card",
    "DataSource",
    "Imported",
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
