"""Painters of farmed land: arable, meadow, dry grassland, vineyards and orchards, hedges and ditches."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.crops import crop_of, standing_crop
from sdm.virtual_europe.imagery.scene import Scene, draw
from sdm.virtual_europe.landscape.parcels import Strips, cut_strips

_DITCHED = 15.0  # m above the sea, below which wet fields are drained by ditches


def paint_arable(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Fields of one crop each, tram lines along them, patchy soil showing through; (4, n)."""
    parcels, soil = scene.land.parcels, scene.colour(scene.soil, at)
    crop = crop_of(parcels.key, scene.years).take(parcels.of[at])
    colour = standing_crop(crop, scene.season[at], scene.of(scene.drought, at), soil)
    vigour = (
        0.03 * scene.noise("mottle", at) + 0.06 * scene.noise("patches", at) + 0.03 * scene.noise("texture", at)
    )
    bare = np.clip(0.08 + 0.06 * scene.noise("region", at) + vigour, 0.0, 0.45)
    bare = np.maximum(bare, np.float32(0.35) * (parcels.edge[at] < 0.8))
    period = scene.draw("tram lines", at, 2.3, 3.6)
    marked = (
        np.float32(0.045)
        * (scene.per_parcel("marked", at) < 0.6)
        * np.sin(2 * np.pi / period * parcels.across[at])
    )
    tone = 1.0 + 0.34 * (scene.per_parcel("tone", at) - 0.5) + 0.5 * vigour + marked
    return (colour * (1.0 - bare) + soil * bare) * tone


def paint_meadow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bright even grass; some parcels freshly mown or wet; (4, n)."""
    mown = scene.per_parcel("mown", at) > 0.85
    pale = np.clip(0.10 + np.float32(0.45) * mown + 0.05 * scene.noise("texture", at), 0.0, 0.6)
    hay = 0.6 * visible("poor grass") + 0.4 * visible("straw")
    tone = 1.0 + 0.32 * (scene.per_parcel("tone", at) - 0.5) + 0.035 * scene.noise("patches", at)
    return mix((1.0 - pale, scene.colour(scene.sward, at)), (pale, hay)) * tone


def paint_dry_grassland(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Thin, pale and patchy grass with bare spots and a few bushes; (4, n)."""
    scorched = 0.35 + 0.5 * scene.of(scene.drought, at)
    dry = np.clip(scorched + 0.16 * scene.noise("patches", at) + 0.10 * scene.noise("mottle", at), 0.0, 1.0)
    bare = np.clip(0.6 * scene.noise("texture", at) - 0.75, 0.0, 0.6)
    bush = np.clip(scene.noise("mottle", at) - 1.9, 0.0, 0.8)
    grass = mix((1.0 - dry, visible("poor grass")), (dry, visible("straw")))
    ground = mix((1.0 - bare, grass), (bare, scene.colour(scene.soil, at)))
    return mix((1.0 - bush, ground), (bush, visible("evergreen shrub")))


def paint_vineyard(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Small blocks, each of its own closure, with a trace of rows or of an orchard's grid; (4, n)."""
    parcels, size = scene.land.parcels, scene.per_commune("block", 7.0, 13.0)[scene.land.parcels.whole]
    place = parcels.across[at], parcels.along[at], 0.4 * scene.noise("patches", at)
    lean = 0.3 * (draw(parcels.key, "lean") - 0.5)
    blocks = cut_strips(parcels.key, parcels.of[at], lean, size, 1.8 * size, place, 0.6)
    drought = scene.of(scene.drought, at)
    lane = 0.75 * np.clip(1.1 - blocks.edge, 0.0, 1.0)
    cleared = 0.85 * (blocks.draw("cleared") < 0.1)
    leaf = _row_cover(scene, blocks, at) * (1.0 - np.maximum(lane, cleared))
    olive = (blocks.draw("olive") < 0.2 + 0.4 * drought).astype(np.float32)
    weedy = 0.5 * blocks.draw("weeds") * (1.0 - drought)
    floor = mix((1.0 - weedy, 1.1 * scene.colour(scene.soil, at)), (weedy, scene.colour(scene.sward, at)))
    plant = mix((1.0 - olive, visible("vine")), (olive, visible("orchard tree")))
    return mix((leaf, plant), (1.0 - leaf, floor)) * (1.0 + 0.05 * scene.noise("texture", at))


def _row_cover(scene: Scene, blocks: Strips, at: np.ndarray) -> np.ndarray:
    """Share of leaves, (n,): rows of 2 to 8 m are finer than a pixel, and leave soft stripes or dots."""
    turned = blocks.draw("turned") < 0.35
    wave = 2 * np.pi / scene.draw("rows", at, 2.8, 4.2)
    first = np.sin(wave * np.where(turned, blocks.along, blocks.across))
    second = np.sin(wave * np.where(turned, blocks.across, blocks.along))
    pattern = np.where(blocks.draw("dotted") < 0.3, 0.7 * (first + second), first)
    contrast = 0.05 + 0.15 * blocks.draw("contrast")
    closed = 0.22 + 0.44 * blocks.draw("closed") + 0.05 * scene.noise("patches", at)
    return np.clip(closed + contrast * pattern, 0.04, 0.96)


def draw_borders(scene: Scene, image: np.ndarray, farmed: np.ndarray) -> None:
    """Hedges, ditches or grass strips along the parcels of `farmed` pixels, painted into `image` (4, N)."""
    at = np.flatnonzero(farmed & (scene.land.parcels.edge < 0.95))
    near, part = 0.95 - scene.land.parcels.edge[at], image[:, at]
    kept = np.clip(0.7 + 0.5 * scene.noise("texture", at), 0.0, 1.0)
    nodes = scene.land.ground.nodes
    ditch = (scene.of(nodes.elevation, at) < _DITCHED) & (scene.of(nodes.moisture, at) > 0.55)
    hedge = ~ditch & (scene.of(nodes.parcel, at) < 350.0) & (scene.of(scene.drought, at) < 0.6)
    overlay(part, 0.75 * near * ditch, visible("turbid water"))
    overlay(part, near * kept * hedge, 0.8 * visible("broadleaf"))
    overlay(part, 0.5 * near * kept * ~(ditch | hedge), visible("poor grass"))
    image[:, at] = part
