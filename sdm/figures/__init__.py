"""Figures: a tidy table in, a Plotly figure out, with units on the axes and alt text from the data."""

from sdm.figures.style import Figure, worded

__all__ = ["Figure", "worded"]
