"""Metrics by name, from sparse sets, probabilities or values; undefined is NaN and counted, never 0."""
