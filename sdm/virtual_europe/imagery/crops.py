"""Which crop a field bears in a year, and what it looks like from May to September; the same for all sensors."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import visible
from sdm.virtual_europe.imagery.phenology import CROPS
from sdm.virtual_europe.imagery.scene import draw
from sdm.virtual_europe.landscape.lattice import child_key

# What stands on a field of each crop of `CROPS` until a date of the season (0..1), one after the other.
_COURSE: tuple[tuple[tuple[str, float], ...], ...] = (
    (("winter cereal", 0.42), ("ripe cereal", 0.68), ("stubble", 0.85), ("soil", 2.0)),
    (("soil", 0.2), ("maize", 2.0)),
    (("soil", 0.15), ("beet", 2.0)),
    (("rape in flower", 0.1), ("winter cereal", 0.45), ("stubble", 0.8), ("soil", 2.0)),
    (("lush grass", 2.0),),
)
_EARLIER = 0.25  # of the season: harvest comes earlier where summers are dry


def crop_of(parcel: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Row of `CROPS` of each parcel in each year."""
    chosen = draw(child_key(parcel, year), "crop")
    return np.searchsorted(_UPTO, chosen, side="right").clip(0, len(CROPS) - 1)


_UPTO = np.cumsum([0.42, 0.2, 0.12, 0.1, 0.16])  # shares of the crops, in the order of CROPS


def standing_crop(crop: np.ndarray, season: np.ndarray, drought: np.ndarray, soil: np.ndarray) -> np.ndarray:
    """Colours of fields at dates of the season, (4, n); `soil` (4, n) is that of the place."""
    date = season + _EARLIER * drought
    colour = np.zeros((4, len(crop)), np.float32)
    for number, course in enumerate(_COURSE):
        start = -1.0
        for material, end in course:
            at = np.flatnonzero((crop == number) & (date >= start) & (date < end))
            colour[:, at] = soil[:, at] if material == "soil" else visible(material)[:, None]
            start = end
    return colour
