"""Edges of water by parts of a pixel: shallows, reed, wet sand, surf and gravel bars; brooks."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.scene import Scene, draw
from sdm.virtual_europe.landscape.lattice import field

_SEASIDE = 2.0  # km from the sea
_UPLAND = 5.0  # degrees of slope from which brooks carry gravel
_BEYOND = 5.0  # pixels of land that a shore can change
_SURF_SHARE = 0.5
_THROUGH_WATER = np.array([0.8, 1.0, 1.0, 0.15], np.float32)  # of the ground's red, green, blue, near infrared
_BROOK = (128, 64, 32)  # pixels


def draw_water(scene: Scene, image: np.ndarray) -> None:
    """Water and its banks, painted into `image` (4, N)."""
    at = np.flatnonzero(scene.shore > -_BEYOND)
    inward = scene.shore[at]
    sea = scene.of(scene.land.ground.nodes.coast, at) < _SEASIDE
    covered = np.clip(inward + 0.5, 0.0, 1.0)
    bank, reach = _bank(scene, at, sea)
    beside = np.maximum(np.clip(1.0 + inward / reach, 0.0, 1.0), inward > -0.5)
    part = image[:, at]
    part += (bank - part) * beside
    part += (_water(scene, at, np.maximum(inward, 0.0), sea) - part) * covered
    key, which = scene.images
    surf = sea & (draw(key, "surf") < _SURF_SHARE)[which[at]]
    breaker = np.clip(1.2 - np.abs(inward - 0.9), 0.0, 1.0) * surf
    foam = breaker * np.clip(0.3 + 0.35 * scene.noise("patches", at), 0.0, 0.8)
    part += (0.5 * visible("snow")[:, None] - part) * foam
    image[:, at] = part


def _bank(scene: Scene, at: np.ndarray, sea: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colour of the banks (4, n), and how far they reach inland, pixels (n,)."""
    patchy = scene.noise("patches", at) + 0.5 * scene.noise("mottle", at)
    upland = scene.of(scene.land.ground.nodes.slope, at) > _UPLAND
    bars = np.clip(0.8 * patchy - 0.1, 0.0, 1.0)
    stones = 0.4 * visible("gravel") + 0.4 * visible("gneiss")
    gravel = mix((bars, stones), (1.0 - bars, 0.7 * visible("alpine grass")))
    reeds = (0.75 * visible("reed") + 0.1 * visible("peat"))[:, None]
    belt = np.clip(0.5 + 0.6 * patchy, 0.0, 1.0) * scene.draw("reeds", at, 0.5, 2.5)
    beach = scene.draw("beach width", at, 2.0, 5.5) * np.exp(0.3 * scene.noise("patches", at))
    colour = np.where(sea, visible("wet sand")[:, None], np.where(upland, gravel, reeds))
    return colour, np.where(sea, beach, np.where(upland, 0.2 + 1.2 * bars, 0.3 + belt))


def _water(scene: Scene, at: np.ndarray, depth: np.ndarray, sea: np.ndarray) -> np.ndarray:
    """Dark water, blue when poor, green when rich, brownish with silt, paler in the shallows; (4, n)."""
    algae = 0.7 * scene.of(scene.land.ground.nodes.nutrients, at) * np.where(sea, 0.3, 1.0)
    silt = np.clip(scene.draw("silt", at, 0.0, 0.3) + 0.06 * scene.noise("region", at), 0.0, 0.3)
    deep = mix((1.0 - algae - silt, visible("clear water")), (silt, visible("turbid water")),
               (algae, visible("algal water")))  # fmt: skip
    shelf = np.where(sea, 4.0, 2.5) * np.exp(0.6 * scene.noise("region", at) + 0.3 * scene.noise("patches", at))
    shallow = scene.draw("shallows", at, 0.3, 0.8) * np.exp(-depth / shelf)
    sand, mud = 0.45 * visible("wet sand") * _THROUGH_WATER, 0.15 * visible("reed") * _THROUGH_WATER
    bottom = np.where(sea, sand[:, None], mud[:, None]) + 0.6 * visible("turbid water")[:, None]
    calm = 1.0 + 0.04 * scene.noise("region", at) + 0.015 * scene.noise("texture", at)
    return mix((1.0 - shallow, deep), (shallow, bottom)) * calm


def draw_brook(scene: Scene, image: np.ndarray, passable: np.ndarray) -> None:
    """Brooks of uneven width through moist land, between trees below and gravel bars in the uplands, in place."""
    land = scene.land
    wet = 3 * (land.ground.smooth(land.ground.nodes.moisture) - 0.7)
    moist = passable & (field(land.pixels, "brook kept", land.seed, (128,)) < wet)
    away = np.full((len(scene.year), land.pixels.size**2), np.inf, np.float32)
    windows = np.flatnonzero(moist.reshape(away.shape).any(axis=1))
    course = field(land.pixels.some(windows), "brook", land.seed, _BROOK, 0.55)
    away[windows] = np.abs(scene.distance_from_zero(course, 0.004)).reshape(-1, away.shape[1])
    at = np.flatnonzero(moist & (away.ravel() < 4.0))
    off = away.ravel()[at]
    width = 0.4 * np.exp(0.4 * scene.noise("patches", at))
    upland = scene.of(land.ground.nodes.slope, at) > _UPLAND
    fringe = np.clip(0.5 + 0.6 * scene.noise("mottle", at), 0.0, 1.0) * np.where(upland, 0.6, 0.85)
    part = image[:, at]
    side = np.where(upland, visible("gravel")[:, None], 0.85 * visible("broadleaf")[:, None])
    part += (side - part) * np.clip(width + 1.2 - off, 0.0, 1.0) * fringe
    water = 0.6 * visible("turbid water") + 0.4 * visible("clear water")
    overlay(part, np.clip(width + 0.5 - off, 0.0, np.minimum(2.0 * width, 0.9)), water)
    image[:, at] = part
