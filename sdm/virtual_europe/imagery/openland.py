"""Painters of wetland, heath and dunes."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, visible
from sdm.virtual_europe.imagery.scene import Scene, step
from sdm.virtual_europe.landscape.parcels import cut_strips

_STRIP, _STRIP_LENGTH = 5.0, 13.0  # pixels


def paint_wetland(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Belts around winding pools: open water, reed, sedge, moss, each darker the wetter; (4, n)."""
    basin = 0.55 * scene.noise("patches", at) + 0.55 * scene.noise("region", at) + 0.1 * scene.noise("mottle", at)
    wet = basin + 0.15 * scene.noise("texture", at) + 0.6 * (scene.of(scene.land.ground.nodes.moisture, at) - 0.6)
    acid = np.clip(1.2 * (6.2 - scene.of(scene.land.ground.nodes.reaction, at)), 0.0, 1.0)
    pool, reed = step(wet, 1.35, 0.4), step(wet, 0.7, 0.35)
    moss = step(-wet, 0.35, 0.3) * (0.3 + 0.7 * acid)
    plants = mix((1.0 - moss, visible("sedge")), (moss, visible("bog moss")))
    plants = mix((1.0 - reed, plants), (reed, visible("reed")))
    soaked = np.clip(0.30 + 0.25 * wet, 0.0, 0.6)
    ground = mix((1.0 - soaked, plants), (soaked, 0.5 * visible("peat")))
    return mix((1.0 - pool, ground), (pool, _pool(wet))) * (1.0 + 0.05 * scene.noise("canopy", at))


def _pool(wet: np.ndarray) -> np.ndarray:
    """Water that is brown at its rim, (4, n)."""
    deep = step(wet, 1.7, 0.6)
    return mix((deep, visible("clear water")), (1.0 - deep, 0.6 * visible("turbid water")))


def paint_heath(scene: Scene, at: np.ndarray) -> np.ndarray:
    """A brown mosaic of heather, pale grass and mown or burnt strips, purple when it flowers; (4, n)."""
    communes = scene.land.communes
    turn = scene.per_commune("strips", 0.0, np.pi)
    width, length = np.full_like(turn, _STRIP), np.full_like(turn, _STRIP_LENGTH)
    place = communes.east[at], communes.south[at], scene.noise("patches", at)
    strips = cut_strips(communes.key, communes.of[at], turn, width, length, place, 0.5)
    managed = (2 * strips.draw("managed") - 1) * (strips.draw("cut") < 0.3)
    grass = 0.20 + 0.26 * scene.noise("patches", at) + 0.10 * scene.noise("texture", at)
    grass = np.clip(grass + 0.25 * managed, 0.0, 0.9)
    northern = scene.of(scene.land.ground.nodes.lat, at) > 47.0
    flower = np.clip((scene.season[at] - 0.6) * 3.0, 0.0, 0.8) * northern
    heather = mix((1.0 - flower, visible("heather")), (flower, visible("heather in flower")))
    pale = 0.55 * visible("poor grass") + 0.45 * visible("straw")
    bare = np.clip(0.4 * scene.noise("texture", at) - 0.8, 0.0, 0.6)
    colour = mix(((1.0 - grass) * (1.0 - bare), heather), (grass * (1.0 - bare), pale),
                 (bare, scene.colour(scene.soil, at)))  # fmt: skip
    return colour * (1.0 + 0.07 * scene.noise("canopy", at))


def paint_sand(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bare beach at the water, behind it ridges and hollows with dune grass; (4, n)."""
    inland = np.clip(-scene.shore[at], 0.0, 60.0)
    wander = scene.draw("wander", at, 0.8, 2.4) * scene.noise("patches", at)
    communes, wind = scene.land.communes, scene.draw("wind", at, 0.0, 2 * np.pi)
    downwind = np.cos(wind) * communes.east[at] + np.sin(wind) * communes.south[at]
    ridge = np.sin(scene.draw("ridges", at, 0.35, 0.95) * (0.45 * downwind - inland) + wander)
    texture = scene.draw("ragged", at, 0.08, 0.24) * scene.noise("texture", at) + 0.08 * scene.noise("canopy", at)
    sown = np.clip(scene.draw("beach", at, -0.4, 0.0) + 0.03 * inland, -0.3, 0.6)
    tuft = np.clip(sown + scene.draw("tufts", at, 0.08, 0.28) * ridge + texture, 0.0, 0.9)
    hollow = np.clip(0.4 * (-ridge - 0.4) + 0.2 * scene.noise("region", at), 0.0, 0.5) * tuft
    plants = mix((1.0 - hollow, visible("dune grass")), (hollow, visible("evergreen shrub")))
    return mix((1.0 - tuft, visible("dry sand")), (tuft, plants))
