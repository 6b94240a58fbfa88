"""Training: from a data set and settings to a finished run."""

from sdm.training.runtime import Runtime, TrainingProgress
from sdm.training.train import train

__all__ = ["Runtime", "TrainingProgress", "train"]
