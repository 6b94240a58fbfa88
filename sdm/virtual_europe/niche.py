"""The true niche: how the probability of a species changes with one variable of a place and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sdm.virtual_europe import flora, occurrence
from sdm.virtual_europe.place import Places

# Predictors that are one variable of a place: its field in `Places`, and the predictor where the field is 1.
# Months follow a sinusoid, whose standard deviation is half its span over the root of two; Bio4 is 100 times that.
VARIABLES = {
    "Bio1": ("temperature", 1.0),
    "Bio4": ("seasonality", 100 / np.sqrt(2)),
    "Soilgrid-phh2o": ("reaction", 1.0),
}


def true_dependence(
    there: Places, predictor: str, at: np.ndarray, species_id: int, count: int
) -> np.ndarray | None:
    """float64 (G, n): the true probability that a standard plot at each place records the species, were its
    `predictor` `at` (G,), in its unit.

    `count` is the number of species of the world. None for a predictor that is no variable of the niche by itself,
    and for a species that is none of that world.
    """
    column = np.flatnonzero(flora.species_ids(count) == species_id)
    if predictor not in VARIABLES or not column.size:
        return None
    name, one = VARIABLES[predictor]
    species = max(int(column[0]) + 1, len(flora.flora()))  # the named ones have ranges, whoever is asked for
    rows = []
    for value in at:
        changed: dict[str, Any] = {name: np.full(len(there), value / one)}
        rows.append(occurrence.probabilities(replace(there, **changed), species)[:, column[0]])
    return np.stack(rows)
