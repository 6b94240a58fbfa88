"""Records far from all others of their species."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.geo.distance import great_circle_km, unit_vectors

NEIGHBOURS = 3  # a few wrong records at one place do not vouch for each other
FEWEST_PLACES, TIMES_RANGE, LEAST_KM = 7, 5.0, 50.0
ROUNDED = 0.01  # degrees: places that are nearer than that are one
APART = 4.0  # between species, beyond every chord of the unit sphere


def outliers(lon: np.ndarray, lat: np.ndarray, species: np.ndarray) -> np.ndarray:
    """bool (n,): places whose third nearest place of the same species lies further than Q3 + 5 IQR of its species,
    and than 50 km.

    The rule of CoordinateCleaner's method by quantiles, with its multiple of 5 and its least number of 7
    places; its
    distance is the mean to all records, which takes n² of them, and which a range of two parts makes large
    everywhere. Longitude and latitude in degrees, `species` integers.
    """
    cells = pd.DataFrame({"s": species, "x": np.round(lon / ROUNDED), "y": np.round(lat / ROUNDED)})
    place = cells.groupby(["s", "x", "y"], sort=False).ngroup().to_numpy()
    first = np.unique(place, return_index=True)[1]
    kind = species[first]
    several = np.bincount(kind)[kind] >= FEWEST_PLACES
    far = np.zeros(len(first), bool)
    if several.any():
        rows = first[several]
        far[several] = _far(_distances(lon[rows], lat[rows], kind[several]), kind[several])
    return far[place]


def _distances(lon: np.ndarray, lat: np.ndarray, species: np.ndarray) -> np.ndarray:
    """Kilometres to the third nearest place of the same species, of which there are more than three.

    One search for all species: they lie apart along a fourth axis. Those that lie near each other are asked
    for one after the other, which is several times faster.
    """
    order = np.lexsort((lon, species))
    points = np.column_stack([unit_vectors(lon[order], lat[order]), APART * species[order]])
    tree = cKDTree(points, balanced_tree=False, compact_nodes=False)
    distance, _ = tree.query(points, k=[NEIGHBOURS + 1], workers=-1)
    km = np.empty(len(order))
    km[order] = great_circle_km(distance[:, 0])
    return km


def _far(km: np.ndarray, species: np.ndarray) -> np.ndarray:
    groups = pd.Series(km).groupby(species)
    low, high = groups.quantile(0.25), groups.quantile(0.75)
    most = (high + TIMES_RANGE * (high - low)).clip(lower=LEAST_KM)
    return km > most.reindex(species).to_numpy()
