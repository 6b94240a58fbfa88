"""Edges of water by parts of a pixel: shallows, reed, wet sand, surf and gravel bars."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.fields import MOTTLE, PATCHES, REGION, TEXTURE
from sdm.virtual_europe.imagery.layout import meander
from sdm.virtual_europe.imagery.scene import Scene

_SEASIDE = 2.0  # km from the sea
_UPLAND = 5.0  # degrees of slope from which brooks carry gravel
_BEYOND = 5.0  # pixels of land that a shore can change
_SURF_SHARE = 0.5
_THROUGH_WATER = np.array([0.8, 1.0, 1.0, 0.15], np.float32)  # of the ground's red, green, blue, near infrared


def draw_water(scene: Scene, image: np.ndarray, depth: np.ndarray) -> None:
    """Water and its banks, painted into `image` (4, 4096); `depth` is the distance inside the shore, pixels."""
    at = np.flatnonzero(depth > -_BEYOND)
    inward = depth[at]
    covered = np.clip(inward + 0.5, 0.0, 1.0)
    bank, reach = _bank(scene, at)
    beside = np.maximum(np.clip(1.0 + inward / reach, 0.0, 1.0), inward > -0.5)
    part = image[:, at]
    part += (bank - part) * beside
    part += (_water(scene, at, np.maximum(inward, 0.0)) - part) * covered
    if scene.site.coast < _SEASIDE and scene.yearly.random() < _SURF_SHARE:
        breaker = np.clip(1.2 - np.abs(inward - 0.9), 0.0, 1.0)
        foam = breaker * np.clip(0.3 + 0.35 * scene.noise(PATCHES, at), 0.0, 0.8)
        part += (0.5 * visible("snow")[:, None] - part) * foam
    image[:, at] = part


def _bank(scene: Scene, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colour of the banks (4, n), and how far they reach inland, pixels (n,)."""
    site, random = scene.site, scene.random
    if site.coast < _SEASIDE:
        reach = random.uniform(2.0, 5.5) * np.exp(0.3 * scene.noise(PATCHES, at))
        return np.broadcast_to(visible("wet sand")[:, None], (4, len(at))), reach
    patchy = scene.noise(PATCHES, at) + 0.5 * scene.noise(MOTTLE, at)
    if site.slope > _UPLAND:
        bars = np.clip(0.8 * patchy - 0.1, 0.0, 1.0)
        stones = 0.4 * visible("gravel") + 0.4 * visible("gneiss")
        return mix((bars, stones), (1.0 - bars, 0.7 * visible("alpine grass"))), 0.2 + 1.2 * bars
    belt = np.clip(0.5 + 0.6 * patchy, 0.0, 1.0) * random.uniform(0.5, 2.5)
    return mix((np.ones(len(at)), 0.75 * visible("reed") + 0.1 * visible("peat"))), 0.3 + belt


def _water(scene: Scene, at: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Dark water, blue when poor, green when rich, brownish with silt, paler in the shallows; (4, n)."""
    random, sea = scene.random, scene.site.coast < _SEASIDE
    algae = 0.7 * scene.site.nutrients * (0.3 if sea else 1.0)
    silt = np.clip(random.uniform(0.0, 0.3) + 0.06 * scene.noise(REGION, at), 0.0, 0.3)
    deep = mix((1.0 - algae - silt, visible("clear water")), (silt, visible("turbid water")),
               (np.full(len(at), algae), visible("algal water")))  # fmt: skip
    shelf = random.uniform(1.0, 7.0 if sea else 4.0) * np.exp(0.4 * scene.noise(PATCHES, at))
    shallow = random.uniform(0.3, 0.8) * np.exp(-depth / shelf)
    bottom = (0.45 * visible("wet sand") if sea else 0.15 * visible("reed")) * _THROUGH_WATER
    bottom = bottom + 0.6 * visible("turbid water")
    calm = 1.0 + 0.04 * scene.noise(REGION, at) + 0.015 * scene.noise(TEXTURE, at)
    return mix((1.0 - shallow, deep), (shallow, bottom)) * calm


def draw_brook(scene: Scene, image: np.ndarray, land: np.ndarray) -> None:
    """A brook of uneven width through moist land, between trees below and gravel bars in the uplands, in place."""
    site, random = scene.site, scene.random
    if random.random() > 0.6 * site.moisture:
        return
    distance = meander(scene, through_centre=False)
    width = random.uniform(0.2, 0.7) * np.exp(0.4 * scene.fields[PATCHES])
    fringe = np.clip(0.5 + 0.6 * scene.fields[MOTTLE], 0.0, 1.0)
    upland = site.slope > _UPLAND
    side = visible("gravel") if upland else 0.85 * visible("broadleaf")
    overlay(image, np.clip(width + 1.2 - distance, 0.0, 1.0) * fringe * land * (0.6 if upland else 0.85), side)
    water = 0.6 * visible("turbid water") + 0.4 * visible("clear water")
    overlay(image, np.clip(width + 0.5 - distance, 0.0, np.minimum(2.0 * width, 0.9)) * land, water)
