"""Painters of alpine turf, rock and scree, snow and ice."""

from __future__ import annotations

import math

import numpy as np

from sdm.world.imagery.blend import mix, visible
from sdm.world.imagery.fields import CANOPY, CENTRE, COLUMNS, MOTTLE, PATCHES, REGION, ROWS, SIZE, TEXTURE
from sdm.world.imagery.scene import Scene


def paint_alpine(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Short turf, thinner with height, with runnels of stones down the slope; (4, n)."""
    stony = 0.06 + 0.14 * scene.noise(PATCHES, at) + 0.10 * scene.noise(TEXTURE, at)
    runnel = 0.45 * np.clip(_streaks(scene, at) - 0.35, 0.0, 1.0)
    stone = np.clip(stony + runnel + scene.height[at] / 500.0, 0.0, 0.8)
    dwarf_shrub = np.clip(0.3 * scene.noise(REGION, at) + 0.1 * scene.noise(MOTTLE, at) - 0.15, 0.0, 0.6)
    turf = mix((1.0 - dwarf_shrub, visible("alpine grass")), (dwarf_shrub, visible("evergreen shrub")))
    return mix((1.0 - stone, turf), (stone, _rock(scene)))


def paint_rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Cliffs and scree in streaks down the slope, a little turf in between; (4, n)."""
    turf = np.clip(0.3 * scene.noise(REGION, at) + 0.15 * scene.noise(TEXTURE, at) - 0.35, 0.0, 0.5)
    grain = 0.10 * scene.noise(TEXTURE, at) + 0.08 * scene.noise(CANOPY, at)
    tone = np.clip(1.0 + 0.16 * _streaks(scene, at) + grain, 0.4, 1.7)
    return mix((1.0 - turf, _rock(scene)), (turf, visible("alpine grass"))) * tone


def paint_snow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Firn above, crevassed ice below, rocks that stick out; (4, n)."""
    ice = np.clip(0.1 + 0.25 * scene.noise(REGION, at) - scene.height[at] / 250.0, 0.0, 0.9)
    rock = np.clip(1.6 * (0.6 * scene.noise(TEXTURE, at) + 0.8 * scene.noise(PATCHES, at) - 1.7), 0.0, 1.0)
    crevasse = 1.0 - 0.18 * ice * np.clip(np.sin(1.9 * _downhill(scene, at) + scene.noise(PATCHES, at)), 0.0, 1.0)
    firn = mix((1.0 - ice, visible("snow")), (ice, visible("glacier ice"))) * (0.88 * crevasse)
    return mix((1.0 - rock, firn), (rock, _rock(scene)))


def _rock(scene: Scene) -> np.ndarray:
    lime = float(np.clip((scene.site.reaction - 5.0) / 2.0, 0.0, 1.0))
    return lime * visible("limestone") + (1.0 - lime) * visible("gneiss")


def _streaks(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bands that run down the slope, -1..1, (n,)."""
    down = math.radians(scene.site.aspect)
    across = (COLUMNS[at] - CENTRE) * math.cos(down) + (ROWS[at] - CENTRE) * math.sin(down)
    wander = across + 1.6 * scene.noise(PATCHES, at)
    profile = scene.random.uniform(-1.0, 1.0, 3 * SIZE)
    return np.interp(0.7 * wander + 96.0, np.arange(profile.size), profile).astype(np.float32)


def _downhill(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Distance down the slope, pixels, (n,)."""
    down = math.radians(scene.site.aspect)
    return (COLUMNS[at] - CENTRE) * math.sin(down) - (ROWS[at] - CENTRE) * math.cos(down)
