"""Training: from a data set and settings to a finished run."""

from sdm.training.fit import Progress
from sdm.training.train import Runtime, train
from sdm.training.validation import Validation

__all__ = ["Progress", "Runtime", "Validation", "train"]
