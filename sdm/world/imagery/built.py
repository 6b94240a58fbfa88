"""Painters of towns and roads."""

from __future__ import annotations

import math

import numpy as np

from sdm.world.imagery.blend import mix, overlay, visible
from sdm.world.imagery.fields import CENTRE, COLUMNS, MOTTLE, PATCHES, RADIUS, REGION, ROWS
from sdm.world.imagery.parcels import cut_blocks
from sdm.world.imagery.scene import Scene

_HOUSES = (("tile roof", 0.5), ("slate roof", 0.38), ("concrete", 0.12))
_HALLS = (("slate roof", 0.35), ("concrete", 0.35), ("metal roof", 0.3))
_BARNS = ("slate roof", "concrete", "metal roof")


def paint_built(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Streets on a grid, roofs along them, gardens and trees behind, a few large halls; (4, n)."""
    random = scene.random
    pitch = random.uniform(5.0, 8.0)
    grid = cut_blocks(random, 3.5 * pitch, pitch, 1.8 * pitch, 0.5 * scene.noise(PATCHES, at), at)
    edge, ident = grid.edge, grid.ident
    hall = (random.random(grid.count) < 0.05 + 0.12 * scene.site.disturbance)[ident]
    town = np.where(hall[:, None], _draw(_HALLS, random, grid.count)[ident], _houses(scene, edge))
    street = np.clip(1.1 - edge, 0.0, 1.0)
    return mix((1.0 - street, town.T), (street, visible("asphalt")))


def _houses(scene: Scene, edge: np.ndarray) -> np.ndarray:
    """Roofs near the streets, gardens and trees behind them, pixel by pixel, (n, 4)."""
    random, count = scene.random, len(edge)
    light = 0.75 + 0.5 * random.random(count, dtype=np.float32)
    roof = _draw(_HOUSES, random, count) * light[:, None]
    tree = (random.random(count, dtype=np.float32) < 0.4)[:, None]
    garden = np.where(tree, 0.85 * visible("broadleaf"), 0.8 * scene.site.sward + 0.2 * scene.site.soil)
    housed = random.random(count, dtype=np.float32) < np.where(edge < 2.1, 0.6, 0.12)
    return np.where(housed[:, None], roof, garden)


def _draw(palette: tuple[tuple[str, float], ...], random: np.random.Generator, count: int) -> np.ndarray:
    """Colours drawn by their shares, (count, 4)."""
    upto = np.cumsum([share for _, share in palette])
    colours = np.stack([visible(name) for name, _ in palette])
    return colours[np.searchsorted(upto[:-1], random.random(count))]


def draw_roads(scene: Scene, image: np.ndarray, land: np.ndarray) -> None:
    """Roads and tracks across the `land` pixels, painted into `image` (4, 4096); more with a denser network."""
    random = scene.random
    for _ in range(random.poisson(1.5 * scene.site.roads)):
        paved = random.random() < 0.6
        width = random.uniform(0.35, 0.8) if paved else random.uniform(0.2, 0.4)
        reach = np.clip(width + 0.5 - _distance(scene), 0.0, 1.0) * land
        overlay(image, random.uniform(0.45, 0.8) * reach, visible("asphalt" if paved else "gravel"))


def _distance(scene: Scene) -> np.ndarray:
    """Distance from a nearly straight road that passes the survey by, pixels, (4096,)."""
    random = scene.random
    angle = random.uniform(0.0, np.pi)
    along = math.cos(angle) * (COLUMNS - CENTRE) + math.sin(angle) * (ROWS - CENTRE)
    across = math.cos(angle) * (ROWS - CENTRE) - math.sin(angle) * (COLUMNS - CENTRE)
    offset = random.uniform(4.0, 28.0) * random.choice([-1.0, 1.0])
    curve = random.uniform(-0.006, 0.006) * along**2 + 0.8 * scene.fields[REGION]
    return np.abs(across - offset - curve)


def draw_farmsteads(scene: Scene, image: np.ndarray, farmed: np.ndarray) -> None:
    """Single farms among the fields: two roofs of a pixel or two in a yard with trees, in place."""
    random = scene.random
    for _ in range(random.poisson(2.0 * scene.site.roads * float(farmed.mean()))):
        row, column = random.uniform(4.0, 60.0, 2).tolist()
        yard = np.flatnonzero((np.maximum(abs(ROWS - row), abs(COLUMNS - column)) < 5.0) & farmed & (RADIUS > 6.0))
        image[:, yard] = _farmstead(scene, image[:, yard], yard, row, column)


def _farmstead(scene: Scene, ground: np.ndarray, at: np.ndarray, row: float, column: float) -> np.ndarray:
    """The `ground` (4, n) at the pixels `at` with a farm on it."""
    away = np.hypot(ROWS[at] - row, COLUMNS[at] - column) + 0.4 * scene.noise(MOTTLE, at)
    barn = np.hypot(ROWS[at] - row - 0.7, COLUMNS[at] - column + 0.9)
    overlay(ground, 0.85 * np.clip(3.0 - away, 0.0, 1.0), 0.9 * visible("broadleaf"))
    overlay(ground, np.clip(1.3 - away, 0.0, 1.0), visible("tile roof"))
    overlay(ground, np.clip(1.5 - barn, 0.0, 1.0), visible(_BARNS[scene.random.integers(len(_BARNS))]))
    return ground
