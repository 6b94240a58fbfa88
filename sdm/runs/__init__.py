"""Runs: the folder of one training and what is stored in it."""

from sdm.runs.card import ModelCard, Weights
from sdm.runs.compatibility import mismatch, require_match, require_same_data
from sdm.runs.configuration import DataSource, RunConfig
from sdm.runs.folder import Run, find_runs
from sdm.runs.predictions import Predictions
from sdm.runs.training_options import TrainingOptions

__all__ = [
    "DataSource",
    "ModelCard",
    "Predictions",
    "Run",
    "RunConfig",
    "TrainingOptions",
    "Weights",
    "find_runs",
    "mismatch",
    "require_match",
    "require_same_data",
]
