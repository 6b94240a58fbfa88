"""Which site each file is of: that of its name, or its own where it lies far from the others of that name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np
from scipy.sparse.csgraph import connected_components

from sdm.series.report import Tally

KM_PER_DEGREE = 111.195
FAR_KM = 20.0  # between the bounding boxes of files of one site; tiles touch
NEAR_KM = 2.0  # between those of labelled files of one place, whatever they are called
SHORTEST = 3  # letters of a common name


def sites_of_files(named: Sequence[str], names: Sequence[str], boxes: np.ndarray, tally: Tally) -> list[str]:
    """The site of each file. `named`: by their names; `names`: of the files; `boxes`: west, south, east, north.

    The largest group of files near each other keeps the name; a file far from it is called by its own.
    """
    sites = list(named)
    for site in sorted(set(named)):
        files = np.array([i for i, name in enumerate(named) if name == site])
        groups = connected_components(_gaps_km(boxes[files]) <= FAR_KM, directed=False)[1]
        for group in np.unique(groups):
            own = files[groups == group]
            if group != np.bincount(groups).argmax():
                name = f"{site} ({names[own[0]]})"
                tally.add("other_site", len(own), (names[i] for i in own))
                for i in own:
                    sites[i] = name
    return sites


def names_of_places(named: Sequence[str], boxes: np.ndarray) -> list[str]:
    """`named`, but one name for all files that lie less than NEAR_KM apart, such as those of one class each.

    It is what their names begin with alike, else the first of them.
    """
    if not len(named):
        return []
    groups = connected_components(_gaps_km(boxes) <= NEAR_KM, directed=False)[1]
    names = list(named)
    for group in np.unique(groups):
        own = np.flatnonzero(groups == group).tolist()
        alike = sorted({named[i] for i in own})
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(alike[0], alike[-1], strict=False))
        common = alike[0] if len(alike) == 1 else "".join(one for one, _ in pairs).rstrip("_-. ")
        for i in own:
            names[i] = common if len(common) >= SHORTEST else alike[0]
    return names


def _gaps_km(boxes: np.ndarray) -> np.ndarray:
    """Kilometres between each two boxes, 0 where they overlap."""
    west, south, east, north = boxes.T
    lon = np.maximum(np.maximum(west[:, None] - east, west - east[:, None]), 0)
    lat = np.maximum(np.maximum(south[:, None] - north, south - north[:, None]), 0)
    middle = (south + north) / 2
    shrink = np.cos(np.radians((middle[:, None] + middle) / 2))
    return KM_PER_DEGREE * np.hypot(lon * shrink, lat)
