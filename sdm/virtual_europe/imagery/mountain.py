"""Painters of alpine turf, rock and scree, snow and ice."""

from __future__ import annotations

import math

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.fields import CANOPY, CENTRE, COLUMNS, MOTTLE, PATCHES, REGION, ROWS, SIZE, TEXTURE
from sdm.virtual_europe.imagery.scene import Scene


def paint_alpine(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Short turf, thinner with height, with runnels of stones down the slope; (4, n)."""
    stony = 0.06 + 0.14 * scene.noise(PATCHES, at) + 0.10 * scene.noise(TEXTURE, at)
    runnel = 0.45 * np.clip(_streaks(scene, at) - 0.35, 0.0, 1.0)
    stone = np.clip(stony + runnel + scene.height[at] / 500.0, 0.0, 0.7)
    dwarf_shrub = np.clip(0.3 * scene.noise(REGION, at) + 0.1 * scene.noise(MOTTLE, at) - 0.15, 0.0, 0.6)
    turf = mix((1.0 - dwarf_shrub, visible("alpine grass")), (dwarf_shrub, visible("evergreen shrub")))
    return mix((1.0 - stone, turf), (stone, _rock(scene, at)))


def paint_rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Cliffs and scree in streaks down the slope, a little turf in between; (4, n)."""
    turf = np.clip(0.3 * scene.noise(REGION, at) + 0.15 * scene.noise(TEXTURE, at) - 0.35, 0.0, 0.5)
    grain = 0.10 * scene.noise(TEXTURE, at) + 0.08 * scene.noise(CANOPY, at)
    tone = np.clip(1.12 + 0.2 * _streaks(scene, at) + grain, 0.4, 1.7)
    return mix((1.0 - turf, _rock(scene, at)), (turf, visible("alpine grass"))) * tone


def paint_snow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Firn above, crevassed ice below, rocks that stick out; (4, n)."""
    ice = np.clip(0.1 + 0.25 * scene.noise(REGION, at) - scene.height[at] / 250.0, 0.0, 0.9)
    rock = np.clip(0.15 * scene.noise(TEXTURE, at) + 0.9 * scene.noise(PATCHES, at) - 1.6, 0.0, 0.8)
    crevasse = 1.0 - 0.18 * ice * np.clip(np.sin(1.9 * _downhill(scene, at) + scene.noise(PATCHES, at)), 0.0, 1.0)
    firn = mix((1.0 - ice, visible("snow")), (ice, visible("glacier ice"))) * (0.88 * crevasse)
    return mix((1.0 - rock, firn), (rock, _rock(scene, at)))


def draw_snow(scene: Scene, image: np.ndarray, inside: np.ndarray) -> None:
    """Thins the snow towards its edge, down to rock within and firn beyond, in `image` (4, 4096)."""
    bare = np.clip(0.5 - 0.8 * inside, 0.0, 1.0)
    bare = bare * bare * (3.0 - 2.0 * bare)
    within = np.flatnonzero((inside >= 0.0) & (bare > 0.0))
    image[:, within] += (_rock(scene, within) - image[:, within]) * bare[within]
    overlay(image, np.where(inside < 0.0, 1.0 - bare, 0.0), 0.85 * visible("snow"))


def _rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Beds of paler and darker stone, limestone where the soil is basic, (4, n)."""
    beds = 0.2 * scene.noise(REGION, at) + 0.12 * scene.noise(PATCHES, at)
    lime = np.clip((scene.site.reaction - 5.0) / 2.0 + beds, 0.0, 1.0)
    return mix((lime, visible("limestone")), (1.0 - lime, 1.15 * visible("gneiss"))) * (1.0 + 0.5 * beds)


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
