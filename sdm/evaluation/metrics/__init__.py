"""Metrics by name, from sparse sets, probabilities or values; undefined is NaN and counted, never 0."""

from sdm.evaluation.metrics.intervals import interval
from sdm.evaluation.metrics.ranking import class_scores
from sdm.evaluation.metrics.registry import HEADLINE, METRICS, PER_SURVEY, Metric, metric_of, metric_title
from sdm.evaluation.metrics.sets import survey_f1
from sdm.runs.records import Score

__all__ = [
    "HEADLINE",
    "METRICS",
    "PER_SURVEY",
    "Metric",
    "Score",
    "class_scores",
    "interval",
    "metric_of",
    "metric_title",
    "survey_f1",
]
