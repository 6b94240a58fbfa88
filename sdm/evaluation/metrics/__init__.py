"""Metrics by name, from sparse sets, probabilities or values; undefined is NaN and counted, never 0."""

from sdm.evaluation.metrics.ranking import class_scores
from sdm.evaluation.metrics.registry import HEADLINE, METRICS, Metric, interval, metric_of
from sdm.evaluation.metrics.sets import class_f1, survey_f1
from sdm.runs.records import ClassScores, Score

__all__ = [
    "HEADLINE",
    "METRICS",
    "ClassScores",
    "Metric",
    "Score",
    "class_f1",
    "class_scores",
    "interval",
    "metric_of",
    "survey_f1",
]
