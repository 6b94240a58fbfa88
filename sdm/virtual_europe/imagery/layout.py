"""Where each cover of the surroundings lies: woods in blobs or parcels, rivers, shores, snow above rock."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.imagery.fields import (  # fmt: skip
    CENTRE,
    CENTRE_INDEX,
    COLUMNS,
    MOTTLE,
    PATCHES,
    RADIUS,
    REGION,
    ROWS,
    SIZE,
    TEXTURE,
)
from sdm.virtual_europe.imagery.scene import Scene
from sdm.virtual_europe.place import COVERS

_INDEX = {name: index for index, name in enumerate(COVERS)}
# Covers claim their ground in this order; the first ones follow the land, the last fill what is left.
_ORDER = (
    "water", "snow and ice", "rock and scree", "sand and dune", "built-up", "wetland", "alpine sward",
    "conifer forest", "broadleaf forest", "heath", "shrub", "vineyard and orchard", "dry grassland", "arable",
    "meadow",
)  # fmt: skip
_IN_PARCELS = ("arable", "meadow", "vineyard and orchard", "dry grassland")
_LEAST = 0.02  # smaller shares are left out
_STEEP = 3.0  # degrees; brooks run straight down
_AT_SURVEY = 1.6  # pixels around the survey
_SEASIDE = 2.0  # km from the sea: water is the sea, sand its beach
_VARIED = ("water", "sand and dune")  # lakes and beaches of all sizes
_LEAST_SEA = 0.2  # seen from a beach
_OWN_MORE = 0.3  # a cover clusters: where the survey stands on it, that much more of the patch is it


_SOFT = ("water", "snow and ice")  # drawn with parts of a pixel
_FAR = 20.0  # pixels from any edge


@dataclass(frozen=True)
class Layout:
    """Which cover each pixel has; the centre has the survey's own.

    `inside` tells, for water and snow where they occur, how far each pixel lies within them: water in pixels from
    the shore, snow on a scale on which 1 is well inside; negative outside, (4096,).
    """

    cover: np.ndarray  # (4096,) uint8, index into COVERS
    inside: dict[str, np.ndarray]


def place_covers(scene: Scene) -> Layout:
    """Gives each pixel a cover, by shares of the surroundings and fitness of the ground."""
    shares = _shares(scene)
    farmed = sum(float(shares[_INDEX[name]]) for name in _IN_PARCELS)
    centre = COVERS[scene.site.centre]
    zone = scene.parcels.central if centre in _IN_PARCELS else _glade(scene, centre)
    zone = zone | (RADIUS < _AT_SURVEY)
    cover = np.full(ROWS.size, 255, np.uint8)
    inside: dict[str, np.ndarray] = {}
    present = [name for name in _ORDER if shares[_INDEX[name]] > 0]
    for name in present[:-1]:
        own = name == centre
        free = (cover == 255) & (True if own else ~zone)
        wanted = round(shares[_INDEX[name]] * ROWS.size)
        affinity = _affinity(scene, name, farmed)
        ranked = np.where(zone, affinity.max() + 1.0, affinity) if own else affinity
        taken = _best(ranked, free, wanted)
        cover[taken] = _INDEX[name]
        if name in _SOFT and len(taken):
            inside[name] = _margin(name, affinity - ranked[taken].min(), zone, own=own)
    cover[cover == 255] = _INDEX[present[-1]]
    if present[-1] in _SOFT:
        inside[present[-1]] = np.full(ROWS.size, _FAR, np.float32)
    cover[zone] = scene.site.centre
    return Layout(cover, inside)


def _margin(name: str, surplus: np.ndarray, zone: np.ndarray, *, own: bool) -> np.ndarray:
    """`Layout.inside` from the affinity beyond that of the edge; the neighbourhood of the survey is its own."""
    if name == "water":
        grid = surplus.reshape(SIZE, SIZE)
        steep = np.hypot(*np.gradient(grid)).ravel()
        surplus = surplus / np.maximum(steep, 0.7)
    return np.where(zone, np.maximum(surplus, 1.0) if own else np.minimum(surplus, -1.0), surplus)


def _shares(scene: Scene) -> np.ndarray:
    """Shares of the covers that are drawn, summing to 1."""
    centre = scene.site.centre
    shares = (1.0 - _OWN_MORE) * scene.site.cover
    shares[centre] += _OWN_MORE
    if COVERS[centre] in _VARIED:
        shares[centre] *= scene.random.uniform(0.5, 1.3)
    shares[shares < _LEAST] = 0.0
    if COVERS[centre] == "sand and dune" and scene.site.coast < _SEASIDE:
        shares[_INDEX["water"]] = max(shares[_INDEX["water"]], _LEAST_SEA)
    return shares / shares.sum()


def _glade(scene: Scene, centre: str) -> np.ndarray:
    """The ragged neighbourhood of the survey that surely shows its cover."""
    reach = 2.0 if centre in ("water", "sand and dune") else 4.5
    return RADIUS + 0.8 * scene.fields[TEXTURE] < reach


def _best(affinity: np.ndarray, free: np.ndarray, wanted: int) -> np.ndarray:
    """Indices of the `wanted` free pixels with the highest affinity."""
    candidates = np.flatnonzero(free)
    if wanted >= len(candidates):
        return candidates
    if wanted == 0:
        return candidates[:0]
    values = affinity[candidates]
    threshold = np.partition(values, len(values) - wanted)[len(values) - wanted]
    return candidates[values >= threshold]


def _affinity(scene: Scene, name: str, farmed: float) -> np.ndarray:
    """How well each pixel suits a cover, (4096,)."""
    if name == "water":
        return _water(scene)
    if name == "snow and ice":
        return _snowiness(scene)
    if name == "rock and scree":
        return scene.height / 90.0 + scene.fields[PATCHES] + 0.3 * scene.fields[MOTTLE]
    if name == "sand and dune" and scene.site.coast < _SEASIDE:
        return scene.seaward + 2.0 * scene.fields[REGION] + 1.5 * scene.fields[PATCHES]
    if name == "wetland":
        return -scene.height / 2.0 + 1.5 * scene.fields[REGION] + scene.fields[PATCHES]
    if name in _IN_PARCELS:
        return _by_parcel(scene)
    straight = name == "built-up" or scene.random.random() < farmed
    nearness = np.exp(-((RADIUS / 14.0) ** 2)) * (2.5 if scene.site.centre == _INDEX[name] else -1.0)
    organic = _sign(scene) * scene.fields[REGION] + 0.5 * scene.fields[PATCHES] + nearness
    return (
        _blend_parcels(scene, organic)
        if straight
        else organic + 0.2 * scene.fields[MOTTLE] + 0.08 * scene.fields[TEXTURE]
    )


def _snowiness(scene: Scene) -> np.ndarray:
    """Snow lasts high up, away from the sun and in hollows, (4096,)."""
    sunny = np.clip(scene.shade - 1.0, -0.8, 0.6)
    here = np.exp(-((RADIUS / 11.0) ** 2)) * (3.0 if scene.site.centre == _INDEX["snow and ice"] else -1.5)
    return scene.height / 60.0 - 1.2 * sunny + 0.8 * scene.fields[PATCHES] + 0.4 * scene.fields[REGION] + here


def _sign(scene: Scene) -> float:
    return 1.0 if scene.random.random() < 0.5 else -1.0


def _by_parcel(scene: Scene) -> np.ndarray:
    draws = scene.random.random(scene.parcels.count, dtype=np.float32)
    return draws.take(scene.parcels.ident)


def _blend_parcels(scene: Scene, organic: np.ndarray) -> np.ndarray:
    """An organic affinity made constant within parcels, with a trace of raggedness."""
    ident, count = scene.parcels.ident, scene.parcels.count
    mean = np.bincount(ident, organic, count) / np.maximum(np.bincount(ident, minlength=count), 1)
    return (mean.take(ident) + 0.03 * scene.fields[TEXTURE]).astype(np.float32)


def _water(scene: Scene) -> np.ndarray:
    """Sea near the coast, else a lake where water is common, else a river; through the centre if it is there."""
    share, here = scene.site.share("water"), scene.site.centre == _INDEX["water"]
    if scene.site.coast < _SEASIDE:
        return scene.seaward + 2.0 * scene.fields[REGION] + 0.8 * scene.fields[PATCHES]
    if share > 0.3 or scene.random.random() < 0.35:
        return _lake(scene, far=scene.random.uniform(0.0, 20.0) if here else scene.random.uniform(12.0, 30.0))
    return -meander(scene, through_centre=here) / np.exp(0.35 * scene.fields[PATCHES])


def _lake(scene: Scene, far: float) -> np.ndarray:
    """A lobed and more or less stretched basin whose middle lies `far` pixels from the survey, (4096,)."""
    random = scene.random
    turn, axis = random.uniform(0.0, 2 * np.pi, 2).tolist()
    stretch, lobes = random.uniform(1.0, 2.2), random.uniform(2.5, 7.0)
    x, y = COLUMNS - CENTRE - far * math.cos(turn), ROWS - CENTRE - far * math.sin(turn)
    long, short = math.cos(axis) * x + math.sin(axis) * y, math.cos(axis) * y - math.sin(axis) * x
    away = np.hypot(long / stretch, short)
    return lobes * scene.fields[REGION] + 1.2 * scene.fields[PATCHES] - away


def meander(scene: Scene, *, through_centre: bool) -> np.ndarray:
    """Distance from a winding line across the patch, downhill where there is a slope, pixels, (4096,)."""
    random, slope = scene.random, scene.site.slope
    angle = random.uniform(0.0, math.pi)
    if slope > _STEEP:
        angle = math.radians(scene.site.aspect - 90.0) + random.normal(0.0, 0.25)
    along = math.cos(angle) * (COLUMNS - CENTRE) + math.sin(angle) * (ROWS - CENTRE)
    across = math.cos(angle) * (ROWS - CENTRE) - math.sin(angle) * (COLUMNS - CENTRE)
    first, second = random.uniform(0.0, 2 * np.pi, 2).tolist()
    pitch = random.uniform(0.07, 0.2)
    swing = random.uniform(0.15, 0.5) / pitch / (1.0 + 0.1 * slope)
    course = swing * (np.sin(pitch * along + first) + 0.5 * np.sin(2.3 * pitch * along + second))
    course += 1.2 * scene.fields[PATCHES]
    steep = swing * pitch * (np.cos(pitch * along + first) + 1.15 * np.cos(2.3 * pitch * along + second))
    bend = across - course
    offset = bend[CENTRE_INDEX] if through_centre else random.uniform(6.0, 26.0) * _sign(scene)
    return np.abs(bend - offset) / np.sqrt(1.0 + steep**2)
