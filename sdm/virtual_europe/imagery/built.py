"""Painters of towns and roads."""

from __future__ import annotations

import math

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.fields import CANOPY, CENTRE, COLUMNS, MOTTLE, PATCHES, RADIUS, REGION, ROWS
from sdm.virtual_europe.imagery.parcels import Parcels, cut_blocks
from sdm.virtual_europe.imagery.scene import Scene

_HOUSES = (("tile roof", 0.5), ("slate roof", 0.38), ("concrete", 0.12))
_HALLS = (("slate roof", 0.35), ("concrete", 0.35), ("metal roof", 0.3))
_LOT = 1.8  # pixels of street front
_LOTS = 64  # drawn lots that repeat along the streets
_BARNS = ("slate roof", "concrete", "metal roof")


def paint_built(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Blocks between streets, lots with a roof in front and a garden behind, some large halls; (4, n)."""
    random = scene.random
    pitch = random.uniform(5.0, 8.0)
    grid = cut_blocks(random, 3.5 * pitch, pitch, 1.8 * pitch, 0.5 * scene.noise(PATCHES, at), at)
    hall = (random.random(grid.count) < 0.05 + 0.12 * scene.site.disturbance)[grid.ident]
    town = np.where(hall, _halls(random, grid), _lots(scene, grid, at))
    street = 0.85 * np.clip(1.1 - grid.edge, 0.0, 1.0)
    return mix((1.0 - street, town), (street, visible("asphalt")))


def _halls(random: np.random.Generator, blocks: Parcels) -> np.ndarray:
    """One roof a block, two-pitched, in a paved yard, (4, n)."""
    light = random.uniform(0.75, 1.1, (blocks.count, 1)).astype(np.float32)
    roof = (_draw(_HALLS, random, blocks.count) * light)[blocks.ident].T
    pitched = 1.0 + 0.08 * np.sign(np.sin(0.8 * blocks.across))
    yard = np.clip(2.2 - blocks.edge, 0.0, 0.9)
    paved = 0.7 * visible("asphalt") + 0.3 * visible("gravel")
    return mix((pitched * (1.0 - yard), roof), (yard, paved))


def _lots(scene: Scene, blocks: Parcels, at: np.ndarray) -> np.ndarray:
    """Roofs in a row along the streets, alike within a block, gardens and trees behind, (4, n)."""
    random, ident = scene.random, blocks.ident
    place = (blocks.along / _LOT) % 1.0
    lot = (np.floor(blocks.along / _LOT).astype(int) + 17 * ident) % _LOTS
    own, alike = _draw(_HOUSES, random, _LOTS)[lot], _draw(_HOUSES, random, blocks.count)[ident]
    sunlit = np.where(place < 0.5, 1.3, 0.85) * random.uniform(0.75, 1.25, _LOTS)[lot]
    roof = (0.35 * own + 0.65 * alike).T * sunlit
    dense = (random.uniform(0.35, 0.85, blocks.count)[ident] * random.uniform(0.6, 1.15, _LOTS)[lot]).clip(
        0.0, 0.9
    )
    roofed = dense * np.clip(3.4 - blocks.edge, 0.15, 1.0)
    tree = np.clip(0.4 + 0.35 * scene.noise(CANOPY, at), 0.0, 1.0)
    garden = mix((tree, 0.85 * visible("broadleaf")), (1.0 - tree, 0.8 * scene.site.sward + 0.2 * scene.site.soil))
    return mix((roofed, roof), (1.0 - roofed, garden))


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
    overlay(ground, np.clip(1.5 - barn, 0.0, 1.0), 0.9 * visible(_BARNS[scene.random.integers(len(_BARNS))]))
    return ground
