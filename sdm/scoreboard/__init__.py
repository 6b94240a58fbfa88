"""The scoreboard: runs on one data set side by side, and what others published, each in a column of its own."""

from sdm.scoreboard.board import board, measures, order_by
from sdm.scoreboard.paired import Difference, difference
from sdm.scoreboard.published import STUDIES, Study, ours, published
from sdm.scoreboard.standing import Standing, belongs, standing
from sdm.scoreboard.submission import hidden_splits, write_run_submission

__all__ = [
    "STUDIES",
    "Difference",
    "Standing",
    "Study",
    "belongs",
    "board",
    "difference",
    "hidden_splits",
    "measures",
    "order_by",
    "ours",
    "published",
    "standing",
    "write_run_submission",
]
