"""Metrics by name, from sparse sets, probabilities or values; undefined is NaN and counted, never 0."""

from sdm.metrics.ranking import ClassScores, class_scores
from sdm.metrics.registry import HEADLINE, METRICS, Metric, Score, interval, metric_of
from sdm.metrics.sets import class_f1, survey_f1
from sdm.metrics.truth import target_matrix

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
    "target_matrix",
]
