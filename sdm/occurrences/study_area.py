"""The area of study: the extent of the records with a margin, in their reference system."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.occurrences.reading.positions import is_geographic
from sdm.occurrences.reading.reader import Rows


@dataclass(frozen=True)
class StudyArea:
    """A rectangle in the reference system `crs`."""

    west: float
    south: float
    east: float
    north: float
    crs: str

    def contains(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """bool (n,): which places lie in it."""
        return np.asarray((x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north))

    def uniform(self, random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """`count` places at random, uniform by area: of degrees on the sphere, of a plane as it measures."""
        x = random.uniform(self.west, self.east, count)
        if not is_geographic(self.crs):
            return x, random.uniform(self.south, self.north, count)
        low, high = np.sin(np.radians([self.south, self.north]))
        return x, np.degrees(np.arcsin(random.uniform(low, high, count)))


def study_area(rows: Rows, margin: float) -> StudyArea:
    """The extent of `rows`, wider on every side by `margin` times its longer side."""
    west, east, south, north = rows.x.min(), rows.x.max(), rows.y.min(), rows.y.max()
    more = margin * max(east - west, north - south)
    west, south, east, north = west - more, south - more, east + more, north + more
    if is_geographic(rows.crs):
        west, south, east, north = max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)
    return StudyArea(float(west), float(south), float(east), float(north), rows.crs)
