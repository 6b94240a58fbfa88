"""How densely presence-only records are laid, as a function of the place: the bias is known."""

from __future__ import annotations

import numpy as np

from sdm.geo.projections import laea_km
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.sampling import PO_SPREAD, attraction, observers

_NEAREST = 0.2  # km: nearer to the middle of a town the density is that there


def effort(where: Places) -> np.ndarray:
    """(N,) relative density of presence-only records: nearness to towns that observe, times `attraction`.

    Exact but for attraction: a walker takes the likelier of few places, so its effect is weaker than this.
    """
    position, _, weight = observers()
    east, north = laea_km(where.lon, where.lat)
    town_east, town_north = laea_km(position[:, 0], position[:, 1])
    km = np.maximum(np.hypot(east[:, None] - town_east, north[:, None] - town_north), _NEAREST)
    density = np.exp(-km / PO_SPREAD) / (2 * np.pi * PO_SPREAD * km)
    return np.asarray((density @ weight) / weight.sum() * attraction(where.roads, where.centre, where.cover))
