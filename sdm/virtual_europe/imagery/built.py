"""Painters of towns, farms and roads."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.scene import Scene, draw
from sdm.virtual_europe.landscape.lattice import child_key, combine_salt, field, high_bits, low_bits, node_key
from sdm.virtual_europe.landscape.parcels import Strips, cut_strips

_HOUSES = (("tile roof", 0.5), ("slate roof", 0.38), ("concrete", 0.12))
_HALLS = (("slate roof", 0.35), ("concrete", 0.35), ("metal roof", 0.3))
_LOT = 1.8  # pixels of street front
_FARM_CELL = 48  # pixels; at most one farm in each
_FARM_MARGIN = 8  # pixels from the edge of its cell
_COUNTRY_ROADS = (256, 128)  # pixels: how far apart and how winding


def paint_built(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Blocks between streets, lots with a roof in front and a garden behind, some large halls; (4, n)."""
    communes, pitch = scene.land.communes, scene.per_commune("pitch", 5.0, 8.0)
    place = communes.east[at], communes.south[at], 0.5 * scene.noise("patches", at)
    streets = scene.per_commune("streets", 0.0, np.pi)
    blocks = cut_strips(communes.key, communes.of[at], streets, pitch, 1.8 * pitch, place, 0.6)
    hall = blocks.draw("hall") < 0.05 + 0.12 * scene.draw("industry", at)
    town = np.where(hall, _halls(blocks), _lots(scene, blocks, at))
    street = 0.85 * np.clip(1.1 - blocks.edge, 0.0, 1.0)
    return mix((1.0 - street, town), (street, visible("asphalt")))


def _halls(blocks: Strips) -> np.ndarray:
    """One roof a block, two-pitched, in a paved yard, (4, n)."""
    light = 0.75 + 0.35 * blocks.draw("light")
    pitched = 1.0 + 0.08 * np.sign(np.sin(0.8 * blocks.across))
    yard = np.clip(2.2 - blocks.edge, 0.0, 0.9)
    paved = 0.7 * visible("asphalt") + 0.3 * visible("gravel")
    return mix((light * pitched * (1.0 - yard), _colours(_HALLS, blocks.draw("roof"))), (yard, paved))


def _lots(scene: Scene, blocks: Strips, at: np.ndarray) -> np.ndarray:
    """Roofs in a row along the streets, alike within a block, gardens and trees behind, (4, n)."""
    front = blocks.along / _LOT
    number = np.floor(front).astype(np.int64)
    lot = child_key(blocks.key[blocks.of], number)
    own, alike = _colours(_HOUSES, draw(lot, "roof")), _colours(_HOUSES, blocks.draw("roofs"))
    sunlit = np.where(front - number < 0.5, 1.3, 0.85) * (0.75 + 0.5 * draw(lot, "light"))
    roof = (0.35 * own + 0.65 * alike) * sunlit
    dense = np.clip((0.35 + 0.5 * blocks.draw("dense")) * (0.6 + 0.55 * draw(lot, "size")), 0.0, 0.9)
    roofed = dense * np.clip(3.4 - blocks.edge, 0.15, 1.0)
    tree = np.clip(0.4 + 0.35 * scene.noise("canopy", at), 0.0, 1.0)
    lawn = 0.8 * scene.colour(scene.sward, at) + 0.2 * scene.colour(scene.soil, at)
    garden = mix((tree, 0.85 * visible("broadleaf")), (1.0 - tree, lawn))
    return mix((roofed, roof), (1.0 - roofed, garden))


def _colours(palette: tuple[tuple[str, float], ...], chance: np.ndarray) -> np.ndarray:
    """Colours drawn by their shares, (4, n)."""
    upto = np.cumsum([share for _, share in palette])
    return np.stack([visible(name) for name, _ in palette], axis=1)[:, np.searchsorted(upto[:-1], chance)]


def draw_roads(scene: Scene, image: np.ndarray, passable: np.ndarray) -> None:
    """Country roads and tracks on the borders of communes, painted into `image` (4, N)."""
    land = scene.land
    dense = land.ground.smooth(land.ground.nodes.roads)
    course = field(land.pixels, "road", land.seed, _COUNTRY_ROADS, 0.25)
    away = np.abs(scene.distance_from_zero(course, 0.002))
    kept = field(land.pixels, "road kept", land.seed, (128,)) < 3 * dense - 0.6
    _overlay_line(image, away, (0.35 + 0.4 * dense) * kept * passable, 0.7, visible("asphalt"))
    track = field(land.pixels, "track kept", land.seed, (128,)) < 2 * dense - 0.2
    _overlay_line(image, land.communes.border, (0.15 + 0.3 * dense) * track * passable, 0.5, visible("gravel"))


def _overlay_line(
    image: np.ndarray, away: np.ndarray, width: np.ndarray, weight: float, colour: np.ndarray
) -> None:
    """A line of half `width` (pixels, 0 for none) where `away` is small, by parts of a pixel."""
    overlay(image, weight * np.clip(width + 0.5 - away, 0.0, 1.0) * (width > 0), colour)


def draw_farmsteads(scene: Scene, image: np.ndarray, farmed: np.ndarray) -> None:
    """Single farms among the fields: two roofs of a pixel or two in a yard with trees, in place."""
    pixels = scene.land.pixels
    column, row = pixels.column, pixels.row
    key = node_key(column // _FARM_CELL, row // _FARM_CELL, combine_salt(scene.land.seed, "farm"))
    room = _FARM_CELL - 2 * _FARM_MARGIN
    east = (column % _FARM_CELL).astype(np.float32) - _FARM_MARGIN - room * high_bits(key)
    south = (row % _FARM_CELL).astype(np.float32) - _FARM_MARGIN - room * low_bits(key)
    near = np.maximum(np.abs(east), np.abs(south)) < 5.0
    there = draw(key, "there") < 0.5 * scene.land.ground.smooth(scene.land.ground.nodes.roads)
    at = np.flatnonzero(near & there & farmed)
    ground, own = image[:, at], key[at]
    away = np.hypot(east[at], south[at]) + 0.4 * scene.noise("mottle", at)
    barn = np.hypot(south[at] - 0.7, east[at] + 0.9)
    overlay(ground, 0.85 * np.clip(3.0 - away, 0.0, 1.0), 0.9 * visible("broadleaf"))
    overlay(ground, np.clip(1.3 - away, 0.0, 1.0), visible("tile roof"))
    roof = np.clip(1.5 - barn, 0.0, 1.0)
    ground += (0.9 * _colours(_HALLS, draw(own, "barn")) - ground) * roof
    image[:, at] = ground
