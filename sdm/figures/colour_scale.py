"""Colours that grade a number on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.figures.style import BLUE, ORANGE
from sdm.maps.class_colours import STEPS
from sdm.number_format import number

UNKNOWN = ("unknown", "#8A948F")
# Blue to orange through grey; both ends as in the figures.
DIVERGING = (BLUE, "#7FB8DA", "#AEB7B2", "#F0A878", ORANGE)
USUAL, LARGE = 0.5, 0.9  # quantiles of the absolute error that part the steps


@dataclass(frozen=True)
class Scale:
    """Steps of a number: `edges` ascend, one fewer than `colours` and `labels`; an edge opens the step above."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def step(self, values: np.ndarray) -> np.ndarray:
        """int64 (N,): the step of each value, -1 where it is NaN."""
        values = np.asarray(values, float)
        return np.where(np.isnan(values), -1, np.searchsorted(self.edges, values, side="right"))

    def colour(self, values: np.ndarray) -> list[str]:
        """The colour of each value.

        >>> RIGHT.colour(np.array([0, 1, np.nan]))
        ['#D55E00', '#0072B2', '#8A948F']
        """
        return [self.colours[step] if step >= 0 else UNKNOWN[1] for step in self.step(values).tolist()]

    def legend(self, values: np.ndarray) -> list[tuple[str, str, int]]:
        """(label, colour, count) of the steps that occur, then of the unknown."""
        step = self.step(values)
        counts = np.bincount(step + 1, minlength=len(self.labels) + 1).tolist()
        named = [*zip(self.labels, self.colours, counts[1:], strict=True), (*UNKNOWN, counts[0])]
        return [entry for entry in named if entry[2]]


RIGHT = Scale((0.5,), (ORANGE, BLUE), ("wrong", "right"))
F1 = Scale(
    (0.15, 0.3, 0.45, 0.6, 0.75),
    STEPS,
    ("F1 below 0.15", "0.15 to 0.30", "0.30 to 0.45", "0.45 to 0.60", "0.60 to 0.75", "0.75 and more"),
)


def residual_scale(residual: np.ndarray, unit: str = "") -> Scale:
    """Too low to too high, in five steps parted at the median and the 90 % quantile of the absolute residual.

    >>> residual_scale(np.array([-4.0, 1.0, 2.0, 3.0, 9.0])).labels[2]
    'within ±3'
    """
    size = np.abs(np.asarray(residual, float))
    known = size[np.isfinite(size)]
    usual, large = np.quantile(known, [USUAL, LARGE]).tolist() if known.size else (0.0, 0.0)
    suffix = f" {unit}" if unit else ""
    small, great = f"{number(usual)}{suffix}", f"{number(large)}{suffix}"
    labels = (
        f"too low by > {great}", f"too low by > {small}", f"within ±{small}", f"too high by > {small}",
        f"too high by > {great}",
    )  # fmt: skip
    above = np.nextafter([usual, large], np.inf).tolist()  # an edge itself is within, on either side
    return Scale((-large, -usual, *above), DIVERGING, labels)
