"""Painters of woods and shrub."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, visible
from sdm.virtual_europe.imagery.scene import Scene
from sdm.virtual_europe.landscape.parcels import cut_strips

_STEEP = 0.45  # m per m; steeper woods are not clear-cut


def paint_broadleaf(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Rounded crowns in light and shadow, stands of slightly different species, a few glades; (4, n)."""
    stand = 0.09 * scene.noise("region", at) + 0.05 * scene.noise("patches", at)
    crowns = 0.10 * scene.noise("canopy", at) + 0.07 * scene.noise("mottle", at)
    glade = np.clip(scene.noise("mottle", at) - 2.1, 0.0, 0.6)
    evergreen = 0.6 * scene.of(scene.drought, at)
    trees = mix((1.0 - evergreen, visible("broadleaf")), (evergreen, visible("evergreen shrub")))
    return mix((1.0 - glade, trees), (glade, scene.colour(scene.sward, at))) * (1.0 + stand + crowns)


def paint_conifer(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Dark compartments of one age each, faint rides between some, young stands brighter, a clear-cut; (4, n)."""
    communes = scene.land.communes
    width, turn = scene.per_commune("compartment", 13.0, 26.0), scene.per_commune("rides", 0.0, np.pi)
    place = communes.east[at], communes.south[at], scene.noise("patches", at)
    stands = cut_strips(communes.key, communes.of[at], turn, width, 1.5 * width, place, 0.6)
    age = stands.draw("age")
    cleared = np.float32(0.8) * ((age > 0.94) & (scene.slope[at] < _STEEP))
    ride = 0.35 * np.clip(1.0 - stands.edge, 0.0, 1.0) * (scene.noise("region", at) > -0.3)
    bare, young = np.maximum(cleared, ride), np.clip(age - 0.65, 0.0, 0.28)
    sandy = np.clip(scene.of(scene.land.ground.nodes.sand, at) - 0.3, 0.0, 0.7)
    tree = mix(((1.0 - young) * (1.0 - sandy), visible("conifer")), ((1.0 - young) * sandy, visible("pine")),
               (young, visible("broadleaf")))  # fmt: skip
    floor = 0.6 * visible("poor grass")[:, None] + 0.4 * scene.colour(scene.soil, at)
    texture = 1.0 + 0.13 * scene.noise("canopy", at) + 0.06 * scene.noise("patches", at)
    return mix(((1.0 - bare) * texture, tree), (bare, floor))


def paint_shrub(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bushes from scattered dots to closed thicket on pale grass and soil; (4, n)."""
    dots = 0.20 * scene.noise("canopy", at) + 0.16 * scene.noise("mottle", at)
    thicket = 0.22 * scene.noise("patches", at) + 0.10 * scene.noise("texture", at)
    bush = np.clip(0.62 + dots + thicket, 0.05, 0.98)
    between = 0.35 * scene.colour(scene.sward, at) + 0.3 * scene.colour(scene.soil, at)
    between = between + 0.35 * visible("poor grass")[:, None]
    return mix((bush, visible("evergreen shrub")), (1.0 - bush, between))
