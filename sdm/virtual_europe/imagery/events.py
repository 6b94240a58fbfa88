"""Disturbances of a place in twenty years: clear-cuts, fires, building, drainage, afforestation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.imagery.phenology import STATE_INDEX
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.weather import YEARS


@dataclass(frozen=True)
class Event:
    """One kind of change on `cover`: the place showed the state `instead`, wholly or in part.

    With `lasting` it was `instead` before the event and turned into `cover` within `years`; otherwise it became
    `instead` at the event and recovers with the time constant `years`. `share` is the share of places it meets,
    times the climate factor `where` ("any" or "dry").
    """

    name: str
    cover: str
    instead: str
    share: float
    lasting: bool
    years: float
    where: str = "any"


EVENTS = (
    Event("clear-cut", "conifer forest", "cut-over", 0.12, False, 6.0),
    Event("clear-cut", "broadleaf forest", "cut-over", 0.07, False, 5.0),
    Event("afforestation", "conifer forest", "meadow", 0.05, True, 8.0),
    Event("afforestation", "broadleaf forest", "arable", 0.05, True, 8.0),
    Event("fire", "shrub", "burnt", 0.35, False, 4.0, "dry"),
    Event("fire", "conifer forest", "burnt", 0.25, False, 6.0, "dry"),
    Event("abandonment", "shrub", "dry grassland", 0.12, True, 8.0),
    Event("construction", "built-up", "arable", 0.12, True, 1.5),
    Event("rebuilding", "built-up", "site", 0.06, False, 1.5),
    Event("conversion", "meadow", "arable", 0.12, True, 1.0),
    Event("drainage", "arable", "wetland", 0.03, True, 1.0),
    Event("rewetting", "wetland", "meadow", 0.12, True, 3.0),
    Event("sod-cutting", "heath", "cut-over", 0.10, False, 4.0),
    Event("replanting", "vineyard and orchard", "site", 0.15, False, 3.0),
    Event("blow-out", "sand and dune", "site", 0.05, False, 4.0),
    Event("damming", "water", "meadow", 0.04, True, 1.0),
)


_SETTLED = 2011  # lasting changes are older: they lie before the surveys, which see the cover of today


def draw_events(centre: np.ndarray, drought: np.ndarray, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """State shown instead of the cover (N,) and its weight in each year 0..1 (N, 21).

    `draws` (N, 2) are uniform: whether and which, and when.
    """
    state = centre.copy()
    weight = np.zeros((len(centre), len(YEARS)), np.float32)
    taken = np.zeros(len(centre), np.float32)
    for event in EVENTS:
        share = event.share * (drought if event.where == "dry" else 1.0)
        mine = centre == COVERS.index(event.cover)
        met = mine & (draws[:, 0] >= taken) & (draws[:, 0] < taken + share)
        taken = taken + np.where(mine, share, 0.0)
        state[met] = STATE_INDEX[event.instead]
        weight[met] = _course(event, draws[met, 1])
    return state, weight


def _course(event: Event, draw: np.ndarray) -> np.ndarray:
    """Weight of the other state by year, (n, 21)."""
    last = _SETTLED if event.lasting else YEARS[-1]
    when = YEARS[0] + 1 + draw * (last - YEARS[0] - 1)
    since = YEARS[None] - np.floor(when)[:, None]
    decay = np.exp(-np.maximum(since, 0.0) / event.years)
    return np.where(since < 0, 1.0 if event.lasting else 0.0, decay).astype(np.float32)
