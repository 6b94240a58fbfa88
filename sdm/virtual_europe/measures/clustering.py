"""How close to each other plots lie, against the test surveys of GeoLifeCLEF 2025."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from sdm.analysis.simulation_check import Statement
from sdm.geo.projections import laea_km
from sdm.virtual_europe.sampling import draw

# Plots -> share whose nearest neighbour lies within 100 m, within 640 m (half a patch's side); thinned at random.
REAL = {1_200: (0.117, 0.35), 4_000: (0.24, 0.58), 14_784: (0.47, 0.81)}
TOLERANCE = 0.2  # relative
SOURCE = "14,784 PA test positions, GeoLifeCLEF 2025, thinned"
_REACHES = (0.1, 0.64)  # km


def nearest_km(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Distance in km from each position to the nearest other one."""
    at = np.column_stack(laea_km(lon, lat))
    return np.asarray(cKDTree(at).query(at, k=2)[0][:, 1])


def clustering(seed: int, most: int = max(REAL)) -> Iterator[Statement]:
    """A statement per number of training plots and distance; numbers over `most` are left out."""
    counts = [count for count in REAL if count <= most]
    drawn = draw("train", np.arange(max(counts)), seed).places
    for count in counts:
        distance = nearest_km(drawn.lon[:count], drawn.lat[:count])
        for reach, real in zip(_REACHES, REAL[count], strict=True):
            yield Statement(
                "", f"plots with another within {1000 * reach:.0f} m, of {count}", "share",
                float((distance < reach).mean()), real, TOLERANCE * real, SOURCE,
            )  # fmt: skip
