"""Training logs of every kind as one tidy table; smoothing, best epochs, differences of configuration."""

from sdm.training_logs.catalogue import find_logs
from sdm.training_logs.comparison import configuration_difference
from sdm.training_logs.read import read_log, read_logs
from sdm.training_logs.series import Group, best_points, group_of, lower_is_better
from sdm.training_logs.smoothing import envelope, extremes, matching_window, smooth
from sdm.training_logs.study import study_points, study_rate
from sdm.training_logs.table import AXES, COLUMNS, positions

__all__ = [
    "AXES", "COLUMNS", "Group", "best_points", "configuration_difference", "envelope", "extremes", "find_logs",
    "group_of", "lower_is_better", "matching_window", "positions", "read_log", "read_logs", "smooth",
    "study_points", "study_rate",
]  # fmt: skip
