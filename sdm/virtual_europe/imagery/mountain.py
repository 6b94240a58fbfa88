"""Painters of alpine turf, rock and scree, snow and ice."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.scene import Scene
from sdm.virtual_europe.landscape.lattice import child_key, high_bits


def paint_alpine(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Short turf, thinner with height, with runnels of stones down the slope; (4, n)."""
    stony = 0.06 + 0.14 * scene.noise("patches", at) + 0.10 * scene.noise("texture", at)
    runnel = 0.45 * np.clip(_streaks(scene, at) - 0.35, 0.0, 1.0)
    stone = np.clip(stony + runnel + scene.height[at] / 500.0, 0.0, 0.7)
    dwarf_shrub = np.clip(0.3 * scene.noise("region", at) + 0.1 * scene.noise("mottle", at) - 0.15, 0.0, 0.6)
    turf = mix((1.0 - dwarf_shrub, visible("alpine grass")), (dwarf_shrub, visible("evergreen shrub")))
    return mix((1.0 - stone, turf), (stone, _rock(scene, at)))


def paint_rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Cliffs and scree in streaks down the slope, a little turf in between; (4, n)."""
    turf = np.clip(0.3 * scene.noise("region", at) + 0.15 * scene.noise("texture", at) - 0.35, 0.0, 0.5)
    grain = 0.10 * scene.noise("texture", at) + 0.08 * scene.noise("canopy", at)
    tone = np.clip(1.12 + 0.2 * _streaks(scene, at) + grain, 0.4, 1.7)
    return mix((1.0 - turf, _rock(scene, at)), (turf, visible("alpine grass"))) * tone


def paint_snow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Firn above, crevassed ice below, rocks that stick out; (4, n)."""
    ice = np.clip(0.1 + 0.25 * scene.noise("region", at) - scene.height[at] / 250.0, 0.0, 0.9)
    rock = np.clip(0.15 * scene.noise("texture", at) + 0.9 * scene.noise("patches", at) - 1.6, 0.0, 0.8)
    down = _along_slope(scene, at)[1]
    crevasse = 1.0 - 0.18 * ice * np.clip(np.sin(1.9 * down + scene.noise("patches", at)), 0.0, 1.0)
    firn = mix((1.0 - ice, visible("snow")), (ice, visible("glacier ice"))) * (0.88 * crevasse)
    return mix((1.0 - rock, firn), (rock, _rock(scene, at)))


def draw_snow(scene: Scene, image: np.ndarray) -> None:
    """Thins the snow towards its edge, down to rock within and firn beyond, in `image` (4, N)."""
    inside = 3 * scene.land.inside["snow and ice"] + 0.2 * scene.noise("texture") + 0.2 * scene.noise("mottle")
    bare = np.clip(0.5 - 0.8 * inside, 0.0, 1.0)
    bare = bare * bare * (3.0 - 2.0 * bare)
    within = np.flatnonzero((inside >= 0.0) & (bare > 0.0))
    image[:, within] += (_rock(scene, within) - image[:, within]) * bare[within]
    overlay(image, np.where(inside < 0.0, 1.0 - bare, 0.0), 0.85 * visible("snow"))


def _rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Beds of paler and darker stone, limestone where the soil is basic, (4, n)."""
    beds = 0.2 * scene.noise("region", at) + 0.12 * scene.noise("patches", at)
    lime = np.clip((scene.of(scene.land.ground.nodes.reaction, at) - 5.0) / 2.0 + beds, 0.0, 1.0)
    return mix((lime, visible("limestone")), (1.0 - lime, 1.15 * visible("gneiss"))) * (1.0 + 0.5 * beds)


def _streaks(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bands that run down the slope, -1..1, (n,)."""
    position = 0.7 * (_along_slope(scene, at)[0] + 1.6 * scene.noise("patches", at))
    band = np.floor(position).astype(np.int64)
    key, share = scene.land.communes.key[scene.land.communes.of[at]], position - band
    low, high = (2 * high_bits(child_key(key, band + i)) - 1 for i in (0, 1))
    return np.asarray(low + (high - low) * share)


def _along_slope(scene: Scene, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance across and down the slope of the commune, pixels."""
    down = np.radians(scene.of(scene.land.ground.nodes.aspect, at)).astype(np.float32)
    east, south = scene.land.communes.east[at], scene.land.communes.south[at]
    return east * np.cos(down) + south * np.sin(down), east * np.sin(down) - south * np.cos(down)
