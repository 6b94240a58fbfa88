"""The scoreboard: runs on one data set side by side, and what others published, each in a column of its own."""

from sdm.evaluation.leaderboard.board import board, measures, order_by
from sdm.evaluation.leaderboard.comparison import Difference, difference
from sdm.evaluation.leaderboard.run_scores import RunScores, Standings, belongs, run_scores, standings
from sdm.evaluation.leaderboard.studies import STUDIES, Study, ours, published

__all__ = [
    "STUDIES",
    "Difference",
    "RunScores",
    "Standings",
    "Study",
    "belongs",
    "board",
    "difference",
    "measures",
    "order_by",
    "ours",
    "published",
    "run_scores",
    "standings",
]
