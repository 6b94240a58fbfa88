"""Painters of woods and shrub."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, visible
from sdm.virtual_europe.imagery.fields import CANOPY, MOTTLE, PATCHES, REGION, TEXTURE
from sdm.virtual_europe.imagery.parcels import cut_parcels
from sdm.virtual_europe.imagery.scene import Scene


def paint_broadleaf(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Rounded crowns in light and shadow, stands of slightly different species, a few glades; (4, n)."""
    stand = 0.09 * scene.noise(REGION, at) + 0.05 * scene.noise(PATCHES, at)
    crowns = 0.10 * scene.noise(CANOPY, at) + 0.07 * scene.noise(MOTTLE, at)
    glade = np.clip(scene.noise(MOTTLE, at) - 2.1, 0.0, 0.6)
    evergreen = 0.6 * scene.site.drought
    trees = (1.0 - evergreen) * visible("broadleaf") + evergreen * visible("evergreen shrub")
    return mix((1.0 - glade, trees), (glade, scene.site.sward)) * (1.0 + stand + crowns)


def paint_conifer(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Dark compartments of one age each, faint rides between some, young stands brighter, a clear-cut; (4, n)."""
    random = scene.random
    width, turn = random.uniform(13.0, 26.0), random.uniform(0.0, np.pi)
    stands = cut_parcels(random, turn, width, 1.5 * width, spread=0.6, bend=scene.noise(PATCHES, at), at=at)
    age = random.random(stands.count, dtype=np.float32)[stands.ident]
    cleared = np.where(age > 0.94, 0.8, 0.0) * (scene.site.slope < 25.0)
    ride = 0.35 * np.clip(1.0 - stands.edge, 0.0, 1.0) * (scene.noise(REGION, at) > -0.3)
    bare = np.maximum(cleared, ride)
    young = np.clip(age - 0.65, 0.0, 0.28)
    sandy = float(np.clip(scene.site.sand - 0.3, 0.0, 0.7))
    tree = mix(((1.0 - young) * (1.0 - sandy), visible("conifer")), ((1.0 - young) * sandy, visible("pine")),
               (young, visible("broadleaf")))  # fmt: skip
    floor = 0.6 * visible("poor grass") + 0.4 * scene.site.soil
    texture = 1.0 + 0.13 * scene.noise(CANOPY, at) + 0.06 * scene.noise(PATCHES, at)
    return mix(((1.0 - bare) * texture, tree), (bare, floor))


def paint_shrub(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bushes from scattered dots to closed thicket on pale grass and soil; (4, n)."""
    dots = 0.20 * scene.noise(CANOPY, at) + 0.16 * scene.noise(MOTTLE, at)
    thicket = 0.22 * scene.noise(PATCHES, at) + 0.10 * scene.noise(TEXTURE, at)
    bush = np.clip(0.62 + dots + thicket, 0.05, 0.98)
    between = 0.35 * scene.site.sward + 0.35 * visible("poor grass") + 0.3 * scene.site.soil
    return mix((bush, visible("evergreen shrub")), (1.0 - bush, between))
