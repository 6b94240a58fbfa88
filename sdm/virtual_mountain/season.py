"""Leaves and snow through the year: how much of a pixel is green, brown, bare, understorey and snow on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_mountain.land import Land
from sdm.virtual_mountain.parameters import Acquisition, of_covers

_UNDERSTOREY_DAYS = 8.0  # shrubs below trees unfold earlier and colour later by as much
_SNOW_M, _PATCH_M = 70.0, 60.0  # width of the change at the snow line; how far it wanders
_SHELTER = 0.6  # of the snow that is seen without leaves, how much leaves hide


@dataclass(frozen=True)
class Canopy:
    """Parts of each pixel on a day: `leaves` (3, rows, columns) green, brown and bare, which sum to 1; shares of
    `bare` that show the green understorey; `snow` seen; `age` of the leaves in hundreds of days."""

    leaves: np.ndarray
    understorey: np.ndarray
    snow: np.ndarray
    age: np.ndarray


def canopy(land: Land, image: Acquisition) -> Canopy:
    """What the land looks like on the day of the image."""
    day, cover = np.float32(image.day_of_year), land.cover

    def reached(name: str, late: np.ndarray, shift: float = 0.0) -> np.ndarray:
        """Share of leaves that have reached a stage: logistic in time."""
        middle, width = of_covers(name), of_covers(f"{name}_days")
        return _logistic((day - middle[cover] - late - shift) / (width[cover] / 2))

    unfolded, coloured = reached("spring", land.spring), reached("browning", land.autumn)
    fallen = np.minimum(reached("leaf_fall", land.autumn), coloured)
    green = unfolded * (1 - coloured)
    brown = unfolded * (coloured - fallen)
    early = reached("spring", land.spring, -_UNDERSTOREY_DAYS)
    late = reached("browning", land.autumn, _UNDERSTOREY_DAYS)
    age = (day - of_covers("spring")[cover] - land.spring - 20) / 100
    return Canopy(
        np.stack([green, brown, 1 - green - brown]),
        of_covers("understorey")[cover] * early * (1 - late),
        _snow(land, image, 1 - _SHELTER * (green + brown)),
        np.clip(age, 0, 1.5) * green,
    )


def _snow(land: Land, image: Acquisition, without_leaves: np.ndarray) -> np.ndarray:
    if np.isnan(image.snow_line_m):
        return np.zeros_like(land.height)
    ground = _logistic((land.height + _PATCH_M * land.snow_patches - image.snow_line_m) / _SNOW_M)
    return np.asarray(of_covers("snow_seen")[land.cover] * ground * without_leaves, np.float32)


def _logistic(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)
