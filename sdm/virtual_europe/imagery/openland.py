"""Painters of wetland, heath and dunes."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, visible
from sdm.virtual_europe.imagery.fields import (
    CANOPY,
    CENTRE,
    COLUMNS,
    MOTTLE,
    PATCHES,
    RADIUS,
    REGION,
    ROWS,
    TEXTURE,
)
from sdm.virtual_europe.imagery.parcels import cut_parcels
from sdm.virtual_europe.imagery.scene import Scene


def paint_wetland(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Belts around winding pools: open water, reed, sedge, moss, each darker the wetter; (4, n)."""
    basin = 0.65 * scene.noise(PATCHES, at) + 0.35 * scene.noise(REGION, at) + 0.15 * scene.noise(MOTTLE, at)
    wet = basin + 0.25 * scene.noise(TEXTURE, at) + 0.6 * (scene.site.moisture - 0.8)
    acid = float(np.clip(1.2 * (6.2 - scene.site.reaction), 0.0, 1.0))
    dry_shod = np.clip((RADIUS[at] - 2.0) / 5.0, 0.0, 1.0)  # a survey stands beside its pools
    pool, reed = _step(wet, 0.95, 0.3) * dry_shod, _step(wet, 0.45, 0.35)
    moss = _step(-wet, 0.35, 0.3) * (0.3 + 0.7 * acid)
    plants = mix((1.0 - moss, visible("sedge")), (moss, visible("bog moss")))
    plants = mix((1.0 - reed, plants), (reed, visible("reed")))
    soaked = np.clip(0.30 + 0.25 * wet, 0.0, 0.6)
    ground = mix((1.0 - soaked, plants), (soaked, 0.5 * visible("peat")))
    return mix((1.0 - pool, ground), (pool, _pool(wet))) * (1.0 + 0.05 * scene.noise(CANOPY, at))


def _pool(wet: np.ndarray) -> np.ndarray:
    """Water that is brown at its rim, (4, n)."""
    deep = _step(wet, 1.3, 0.6)
    return mix((deep, visible("clear water")), (1.0 - deep, 0.6 * visible("turbid water")))


def _step(value: np.ndarray, threshold: float, width: float) -> np.ndarray:
    """0 below the threshold, 1 above, a ramp of `width` between."""
    return np.clip((value - threshold) / width + 0.5, 0.0, 1.0)


def paint_heath(scene: Scene, at: np.ndarray) -> np.ndarray:
    """A brown mosaic of heather, pale grass and mown or burnt strips, purple when it flowers; (4, n)."""
    random = scene.random
    strips = cut_parcels(
        random, random.uniform(0.0, np.pi), 5.0, 13.0, spread=0.5, bend=scene.noise(PATCHES, at), at=at
    )
    managed = random.uniform(-1.0, 1.0, strips.count) * (random.random(strips.count) < 0.3)
    grass = 0.20 + 0.26 * scene.noise(PATCHES, at) + 0.10 * scene.noise(TEXTURE, at)
    grass = np.clip(grass + 0.25 * managed[strips.ident], 0.0, 0.9)
    flower = float(np.clip((scene.season - 0.6) * 3.0, 0.0, 0.8)) * (scene.site.lat > 47.0)
    heather = (1.0 - flower) * visible("heather") + flower * visible("heather in flower")
    pale = 0.55 * visible("poor grass") + 0.45 * visible("straw")
    bare = np.clip(0.4 * scene.noise(TEXTURE, at) - 0.8, 0.0, 0.6)
    colour = mix(((1.0 - grass) * (1.0 - bare), heather), (grass * (1.0 - bare), pale), (bare, scene.site.soil))
    return colour * (1.0 + 0.07 * scene.noise(CANOPY, at))


def paint_sand(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bare beach towards the sea, behind it ridges and hollows with dune grass; (4, n)."""
    random = scene.random
    wander = random.uniform(0.8, 2.4) * scene.noise(PATCHES, at)
    ridge = np.sin(random.uniform(0.35, 0.95) * _across_ridges(scene, at) + wander)
    texture = random.uniform(0.08, 0.24) * scene.noise(TEXTURE, at) + 0.08 * scene.noise(CANOPY, at)
    inland = np.clip(random.uniform(0.1, 0.5) - 0.03 * scene.seaward[at], -0.3, 0.6)
    tuft = np.clip(inland + random.uniform(0.08, 0.28) * ridge + texture, 0.0, 0.9)
    hollow = np.clip(0.4 * (-ridge - 0.4) + 0.2 * scene.noise(REGION, at), 0.0, 0.5) * tuft
    plants = mix((1.0 - hollow, visible("dune grass")), (hollow, visible("evergreen shrub")))
    return mix((1.0 - tuft, visible("dry sand")), (tuft, plants))


def _across_ridges(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Distance across the ridges, which the wind turns a little from the shore, pixels, (n,)."""
    wind = scene.random.uniform(0.0, 2 * np.pi)
    downwind = np.cos(wind) * (COLUMNS[at] - CENTRE) + np.sin(wind) * (ROWS[at] - CENTRE)
    return scene.seaward[at] + 0.45 * downwind
