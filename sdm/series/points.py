"""Field points: pixels that share what was mapped at one place, so that no split may part them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from sdm.rasters.positions import plane_metres


def field_points(
    lon: np.ndarray, lat: np.ndarray, source: np.ndarray, named: np.ndarray, metres: float
) -> np.ndarray:
    """int64 (N,): the field point of each pixel, numbered from 1 in the order of pixels.

    Pixels with the same name in `named` are of one point; those without one ("") join all that lie within `metres`
    of each other, whatever their class. Points are apart for each `source`.

    >>> lon, blank = np.array([0, 0.0001, 0.0002, 0.01]), np.array([""] * 4)
    >>> field_points(lon, np.zeros(4), np.array(["a"] * 4), blank, 15.0).tolist()
    [1, 1, 1, 2]
    """
    component = np.empty(len(lon), np.int64)
    for site in np.unique(source):
        own = np.flatnonzero((source == site) & (named == ""))
        component[own] = _components(np.column_stack(plane_metres(lon[own], lat[own])), metres)
    kind = np.where(named == "", np.char.mod("%d", component), named)
    keys = pd.DataFrame({"source": source, "by_name": named != "", "point": kind})
    return keys.groupby(["source", "by_name", "point"], sort=False).ngroup().to_numpy(np.int64) + 1


def _components(places: np.ndarray, metres: float) -> np.ndarray:
    """A number per connected component of `places` (n, 2) joined by distances up to `metres`."""
    if not len(places):
        return np.empty(0, np.int64)
    one, other = cKDTree(places).query_pairs(metres, output_type="ndarray").T
    links = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(places), len(places)))
    return connected_components(links, directed=False)[1].astype(np.int64)
