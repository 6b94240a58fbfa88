"""Training: from a data set and settings to a finished run."""

from sdm.train.loop import Progress
from sdm.train.train import Circumstances, train
from sdm.train.validation import Validation

__all__ = ["Circumstances", "Progress", "Validation", "train"]
