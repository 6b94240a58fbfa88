"""The figure of scores by distance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.evaluation.distance_scores import COLUMNS
from sdm.figures.distance_scores import distance_dots


def test_a_dot_per_bin_and_split_over_the_number_of_surveys() -> None:
    rows = [("test_near", 0, 1, 30, 0.5, 0.4, 0.6), ("test_near", 3, 10, 9, 0.4, np.nan, np.nan),
            ("test_far", 100, np.inf, 50, 0.3, 0.2, 0.4)]  # fmt: skip
    figure = distance_dots(pd.DataFrame(rows, columns=list(COLUMNS)), "samples-F1 (0 to 1)", "survey")
    near, near_count, far, far_count = figure.plot.data
    assert near.name == "test, near" and far.name == "test, far"
    assert list(near_count.y) == [30, 9] and list(far_count.y) == [50]
    assert round(float(far.x[0])) == 2
    assert "9 surveys" in near.text[1]
    assert "< 1 km 0.500, 3–10 km 0.400" in figure.alt and "> 100 km 0.300" in figure.alt


def test_bins_of_pixels_are_in_metres() -> None:
    rows = [("test", 0, 0.01, 30, 0.5, 0.4, 0.6), ("test", 1, np.inf, 9, 0.4, np.nan, np.nan)]
    figure = distance_dots(pd.DataFrame(rows, columns=list(COLUMNS)), "accuracy (0 to 1)", "pixel")
    assert list(figure.plot.layout.xaxis2.ticktext) == ["< 10", "> 1,000"]
    assert "(m)" in figure.plot.layout.xaxis2.title.text and "9 pixels" in figure.plot.data[0].text[1]
