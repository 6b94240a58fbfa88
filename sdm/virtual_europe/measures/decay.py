"""How alike the records of two plots of one cover are, by distance: equal visits around training plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sdm.analysis.simulation_check import Statement
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.hashing import place_key
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.measures.sample import OURS, between, sorensen
from sdm.virtual_europe.occurrence import occurrence, record
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.sampling import Surveys, draw
from sdm.virtual_europe.sites import KM_PER_DEGREE
from sdm.virtual_europe.visits import Visits

PLOTS = 600
STATED = ((0.03, 0.1), (1, 2), (10, 20))  # km, bands that are stated
BANDS = (STATED[0], (0.1, 0.3), (0.3, 1), STATED[1], (2, 5), (5, 10), STATED[2], (20, 50), (50, 100))
_TRIES = 4  # other plots of each distance, of which those of the same cover count


def decay_statements(seed: int, plots: int = PLOTS) -> Iterator[Statement]:
    """Row 3 of what version 2 promises."""
    table = distance_decay(seed, STATED, plots)
    again, near, middle, far = table["sorensen"].tolist()
    source = f"{OURS}: Sørensen of plots of one cover"
    yield between("species shared at a second visit", "", again, 0.70, 0.85, source)
    yield between("species shared under 100 m less at 1 to 2 km", "", near - middle, 0.10, 1, source)
    yield between("species shared at 1 to 2 km less at 10 to 20 km", "", middle - far, 0.05, 1, source)


def distance_decay(seed: int, bands: tuple[tuple[float, float], ...] = BANDS, plots: int = PLOTS) -> pd.DataFrame:
    """Mean Sørensen similarity per band of distance: from_km, to_km, sorensen, pairs.

    Every training plot is compared with a second visit of it (0 km), in the next year by another person of the
    programme, and with equal visits of that year elsewhere.
    """
    here = draw("train", np.arange(plots), seed)
    first = _records(here.places, here.visits)
    later = Visits(here.visits.area, here.visits.observer + 1)
    own = here.places
    key = place_key(seed, own.lon, own.lat, own.year + 1)
    again = sorensen(first, _records(replace(own, year=own.year + 1, key=key), later))
    rows = [(0.0, 0.0, float(again.mean()), plots)]
    random = np.random.default_rng(seed)
    for low, high in bands:
        steps = random.uniform(low, high, (_TRIES, plots))
        alike = np.concatenate([_alike(here, first, later, km, random) for km in steps])
        rows.append((low, high, float(alike.mean()), len(alike)))
    return pd.DataFrame(rows, columns=["from_km", "to_km", "sorensen", "pairs"])


def _alike(
    here: Surveys, first: np.ndarray, later: Visits, km: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Similarity of each plot and one `km` away in any direction, where both have one cover."""
    angle = random.uniform(0, 2 * np.pi, len(km))
    lat = here.places.lat + km * np.sin(angle) / KM_PER_DEGREE
    lon = here.places.lon + km * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    there = places(lon.clip(WEST, EAST), lat.clip(SOUTH, NORTH), here.places.year + 1, here.places.seed)
    same = np.flatnonzero(there.centre == here.places.centre)
    return sorensen(first[same], _records(there[same], later[same]))


def _records(where: Places, visits: Visits) -> np.ndarray:
    return record(where, visits, occurrence(where, area=visits.area))
