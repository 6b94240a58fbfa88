"""Painters of towns and roads."""

from __future__ import annotations

import numpy as np

from sdm.world.imagery.fields import CENTRE, COLUMNS, PATCHES, ROWS
from sdm.world.imagery.parcels import cut_parcels
from sdm.world.imagery.scene import Scene, visible

_ROOFS = (("tile roof", 0.42), ("slate roof", 0.30), ("concrete", 0.18), ("metal roof", 0.10))


def paint_built(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Streets on a grid, roofs along them, gardens and trees behind, a few large halls; (4, n)."""
    random, count = scene.random, len(at)
    pitch = random.uniform(5.0, 8.0)
    grid = cut_parcels(random, scene.parcels.angle, pitch, pitch * random.uniform(1.2, 2.2), spread=0.25,
                       bend=0.4 * scene.fields[PATCHES])  # fmt: skip
    edge, ident = grid.edge[at], grid.ident[at]
    hall = (random.random(grid.count) < 0.06 + 0.12 * scene.site.disturbance)[ident]
    palette = np.stack([visible(name) for name, _ in _ROOFS])
    kind = random.choice(len(_ROOFS), (2, grid.count), p=[share for _, share in _ROOFS])
    odd = random.random(count, dtype=np.float32)
    chosen = np.where(odd < 0.7, kind[0][ident], kind[1][ident])
    roof = palette[chosen] * (0.8 + 0.4 * random.random(count, dtype=np.float32))[:, None]
    tree = (random.random(count, dtype=np.float32) < 0.35)[:, None]
    garden = np.where(tree, 0.85 * visible("broadleaf"), 0.8 * scene.site.sward + 0.2 * scene.site.soil)
    housed = np.where(edge < 2.1, 0.62, 0.12)
    built = hall | (odd < housed)
    colour = np.where(built[:, None], roof, garden)
    street = np.clip(1.15 - edge, 0.0, 1.0)[:, None]
    return (colour * (1.0 - street) + visible("asphalt") * street).T


def draw_roads(scene: Scene, image: np.ndarray, land: np.ndarray) -> None:
    """Roads and tracks across the `land` pixels, painted into `image` (4, 4096); more with a denser network."""
    random = scene.random
    for _ in range(random.poisson(1.6 * scene.site.roads)):
        paved = random.random() < 0.6
        width = random.uniform(0.5, 0.9) if paved else random.uniform(0.3, 0.6)
        reach = np.clip(width + 0.5 - _distance(scene), 0.0, 1.0) * land
        colour = visible("asphalt" if paved else "gravel")
        image += (colour[:, None] - image) * (0.85 * reach)


def _distance(scene: Scene) -> np.ndarray:
    """Distance from a road: along the field borders' direction or free, nearly straight, pixels."""
    random = scene.random
    angle = scene.parcels.angle + random.choice([0.0, np.pi / 2, random.uniform(0.0, np.pi)])
    along = np.cos(angle) * (COLUMNS - CENTRE) + np.sin(angle) * (ROWS - CENTRE)
    across = np.cos(angle) * (ROWS - CENTRE) - np.sin(angle) * (COLUMNS - CENTRE)
    offset = random.uniform(4.0, 28.0) * random.choice([-1.0, 1.0])
    curve = random.uniform(-0.004, 0.004) * along**2
    return np.abs(across - offset - curve)
