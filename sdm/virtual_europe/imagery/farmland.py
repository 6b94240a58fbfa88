"""Painters of farmed land: arable, meadow, dry grassland, vineyards and orchards, hedges and ditches."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.blend import mix, overlay, visible
from sdm.virtual_europe.imagery.fields import MOTTLE, PATCHES, REGION, TEXTURE
from sdm.virtual_europe.imagery.parcels import Parcels, cut_blocks
from sdm.virtual_europe.imagery.scene import Scene

# Crops: material, chance with a moist summer, chance with a dry one, and when it stands (season 0..1).
_CROPS = (
    ("winter cereal", 0.26, 0.08, 0.0, 0.55),
    ("ripe cereal", 0.14, 0.10, 0.45, 0.85),
    ("stubble", 0.10, 0.26, 0.6, 1.0),
    ("maize", 0.16, 0.10, 0.3, 1.0),
    ("beet", 0.10, 0.04, 0.25, 1.0),
    ("lush grass", 0.16, 0.04, 0.0, 1.0),
    ("rape in flower", 0.06, 0.03, 0.0, 0.15),
    ("soil", 0.10, 0.24, 0.0, 1.0),
    ("straw", 0.03, 0.16, 0.4, 1.0),
)


def paint_arable(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Fields of one crop each, tram lines along them, patchy soil showing through; (4, n)."""
    crops = _draw_crops(scene)
    ident = scene.parcels.ident[at]
    crop = np.stack([scene.site.soil if name == "soil" else visible(name) for name, *_ in _CROPS])[crops]
    vigour = 0.03 * scene.noise(MOTTLE, at) + 0.06 * scene.noise(PATCHES, at) + 0.03 * scene.noise(TEXTURE, at)
    bare = np.clip(0.08 + 0.06 * scene.noise(REGION, at) + vigour, 0.0, 0.45)
    bare = np.maximum(bare, 0.35 * (scene.parcels.edge[at] < 0.8))
    colour = crop[ident] * (1.0 - bare)[:, None] + scene.site.soil * bare[:, None]
    tone = 1.0 + 0.22 * (scene.per_parcel(at) - 0.5) + 0.5 * vigour + _tram_lines(scene, at)
    return (colour * tone[:, None]).T


def _draw_crops(scene: Scene) -> np.ndarray:
    """Row of _CROPS per parcel."""
    table = np.array([row[1:] for row in _CROPS])
    chance = table[:, 0] * (1.0 - scene.site.drought) + table[:, 1] * scene.site.drought
    stands = (table[:, 2] <= scene.season) & (scene.season <= table[:, 3])
    upto = np.cumsum(chance * stands)
    return np.searchsorted(upto, scene.yearly.random(scene.parcels.count) * upto[-1])


def _tram_lines(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Stripes of sowing and harvest, faint, along most of the fields, (n,)."""
    period = scene.yearly.uniform(2.3, 3.6)
    marked = scene.per_parcel(at) < 0.6
    return 0.045 * marked * np.sin(2 * np.pi / period * scene.parcels.across[at])


def paint_meadow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bright even grass; some parcels freshly mown or wet; (4, n)."""
    mown = scene.per_parcel(at)
    pale = np.clip(0.10 + 0.45 * (mown > 0.85) + 0.05 * scene.noise(TEXTURE, at), 0.0, 0.6)
    hay = 0.6 * visible("poor grass") + 0.4 * visible("straw")
    colour = scene.site.sward * (1.0 - pale)[:, None] + hay * pale[:, None]
    tone = 1.0 + 0.24 * (scene.per_parcel(at) - 0.5) + 0.035 * scene.noise(PATCHES, at)
    return (colour * tone[:, None]).T


def paint_dry_grassland(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Thin, pale and patchy grass with bare spots and a few bushes; (4, n)."""
    scorched = 0.35 + 0.5 * scene.site.drought
    dry = np.clip(scorched + 0.16 * scene.noise(PATCHES, at) + 0.10 * scene.noise(MOTTLE, at), 0.0, 1.0)
    bare = np.clip(0.6 * scene.noise(TEXTURE, at) - 0.75, 0.0, 0.6)
    bush = np.clip(scene.noise(MOTTLE, at) - 1.9, 0.0, 0.8)
    colour = visible("poor grass") * (1.0 - dry)[:, None] + visible("straw") * dry[:, None]
    colour = colour * (1.0 - bare)[:, None] + scene.site.soil * bare[:, None]
    return (colour * (1.0 - bush)[:, None] + visible("evergreen shrub") * bush[:, None]).T


def paint_vineyard(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Small blocks, each of its own closure, with a trace of rows or of an orchard's grid; (4, n)."""
    random, size = scene.random, scene.random.uniform(6.0, 11.0)
    blocks = cut_blocks(random, 3.0 * size, size, 1.8 * size, 0.6 * scene.noise(PATCHES, at), at)
    ident, count = blocks.ident, blocks.count
    leaf = _row_cover(scene, blocks, at)
    lane = 0.75 * np.clip(1.1 - blocks.edge, 0.0, 1.0)
    leaf = leaf * (1.0 - np.maximum(lane, 0.85 * (random.random(count) < 0.1)[ident]))
    leaf = leaf.astype(np.float32)
    olive = (random.random(count) < 0.2 + 0.4 * scene.site.drought)[ident]
    weedy = (0.5 * random.random(count, dtype=np.float32))[ident] * (1.0 - scene.site.drought)
    floor = mix((1.0 - weedy, 1.1 * scene.site.soil), (weedy, scene.site.sward))
    plant = mix((1.0 - olive, visible("vine")), (olive.astype(np.float32), visible("orchard tree")))
    return mix((leaf, plant), (1.0 - leaf, floor)) * (1.0 + 0.05 * scene.noise(TEXTURE, at))


def _row_cover(scene: Scene, blocks: Parcels, at: np.ndarray) -> np.ndarray:
    """Share of leaves, (n,): rows of 2 to 8 m are finer than a pixel, and leave soft stripes or dots."""
    random, ident, count = scene.random, blocks.ident, blocks.count
    turned = (random.random(count) < 0.35)[ident]
    wave = 2 * np.pi / random.uniform(2.8, 4.2)
    first = np.sin(wave * np.where(turned, blocks.along, blocks.across))
    second = np.sin(wave * np.where(turned, blocks.across, blocks.along))
    dotted = (random.random(count) < 0.3)[ident]
    pattern = np.where(dotted, 0.7 * (first + second), first)
    contrast = random.uniform(0.05, 0.2, count)[ident]
    closed = random.uniform(0.22, 0.66, count)[ident] + 0.05 * scene.noise(PATCHES, at)
    return np.clip(closed + contrast * pattern, 0.04, 0.96)


def draw_borders(scene: Scene, image: np.ndarray, farmed: np.ndarray) -> None:
    """Hedges, ditches or grass strips along the parcels of `farmed` pixels, painted into `image` (4, 4096)."""
    site = scene.site
    near = np.clip(0.95 - scene.parcels.edge, 0.0, 1.0) * farmed
    kept = np.clip(0.7 + 0.5 * scene.fields[TEXTURE], 0.0, 1.0)
    if site.elevation < 15.0 and site.moisture > 0.55:
        overlay(image, near * 0.75, visible("turbid water"))
    elif site.parcel < 350.0 and site.drought < 0.6:
        overlay(image, near * kept, 0.8 * visible("broadleaf"))
    else:
        overlay(image, near * 0.5 * kept, visible("poor grass"))
