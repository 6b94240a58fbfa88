"""Colour scales of numbers."""

from __future__ import annotations

import numpy as np

from sdm.figures.colour_scale import F1, UNKNOWN, residual_scale


def test_scales_grade_what_is_known() -> None:
    values = np.array([0.0, 0.15, 0.9, np.nan])
    assert F1.step(values).tolist() == [0, 1, 5, -1]
    assert [label for label, _, _ in F1.legend(values)] == [
        "F1 below 0.15",
        "0.15 to 0.30",
        "0.75 and more",
        "unknown",
    ]
    assert F1.colour(values)[-1] == UNKNOWN[1]


def test_residuals_are_graded_around_zero() -> None:
    residual = np.array([-9.0, -4.0, -1.0, 0.5, 1.0, 4.0, 9.0])
    scale = residual_scale(residual, "pH")
    assert scale.step(residual).tolist() == [1, 2, 2, 2, 2, 2, 3]
    assert scale.step(np.array([-100.0, 0.0, 100.0])).tolist() == [0, 2, 4]
    assert scale.labels[2] == "within ±4 pH"
    assert residual_scale(np.array([np.nan])).step(np.array([0.0])).tolist() == [2]
