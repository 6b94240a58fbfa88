"""How trainings went: logs of every kind as one tidy table, smoothing, best epochs, what was set differently."""

from sdm.curves.axes import AXES, positions
from sdm.curves.best import best_points, lower_is_better
from sdm.curves.difference import configuration_difference
from sdm.curves.find import find_logs
from sdm.curves.groups import Group, group_of
from sdm.curves.read import read_log, read_logs
from sdm.curves.smoothing import envelope, extremes, matching_window, smooth
from sdm.curves.study import study_points, study_rate
from sdm.curves.table import COLUMNS

__all__ = [
    "AXES", "COLUMNS", "Group", "best_points", "configuration_difference", "envelope", "extremes", "find_logs",
    "group_of", "lower_is_better", "matching_window", "positions", "read_log", "read_logs", "smooth",
    "study_points", "study_rate",
]  # fmt: skip
