"""Painters of woods, open wild land, rock, snow and water."""

from __future__ import annotations

import numpy as np

from sdm.world.imagery.fields import CANOPY, COLUMNS, MOTTLE, PATCHES, REGION, ROWS, SIZE, TEXTURE
from sdm.world.imagery.parcels import cut_parcels
from sdm.world.imagery.scene import Scene, visible


def _mix(*parts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Sum of share (n,) times colour (4,), as (4, n)."""
    return sum(colour[:, None] * share for share, colour in parts)  # type: ignore[return-value]


def paint_broadleaf(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Rounded crowns in light and shadow, stands of slightly different species; (4, n)."""
    stand = 0.10 * scene.fields[REGION, at] + 0.05 * scene.fields[PATCHES, at]
    crowns = 0.10 * scene.fields[CANOPY, at] + 0.07 * scene.fields[MOTTLE, at]
    gap = np.clip(scene.fields[MOTTLE, at] - 2.1, 0.0, 0.6)
    colour = _mix((1.0 - gap, visible("broadleaf")), (gap, scene.site.sward))
    return colour * (1.0 + stand + crowns)


def paint_conifer(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Dark compartments of one age each with straight rides, young ones brighter, a clear-cut here and there."""
    blocks = cut_parcels(
        scene.random, scene.parcels.angle, scene.random.uniform(12.0, 20.0), scene.random.uniform(16.0, 30.0),
        spread=0.3, bend=0.0,
    )  # fmt: skip
    age = scene.random.random(blocks.count, dtype=np.float32)[blocks.ident[at]]
    cut = np.where(age > 0.93, 0.85, 0.0) * (scene.site.slope < 25.0)
    ride = 0.45 * np.clip(1.0 - blocks.edge[at], 0.0, 1.0)
    young = np.clip(age - 0.6, 0.0, 0.3)
    open_ = np.maximum(cut, ride)
    tree = _mix((1.0 - young, visible("conifer")), (young, visible("broadleaf")))
    tree = tree + (visible("pine") - visible("conifer"))[:, None] * scene.site.sand
    floor = _mix((np.full(len(at), 0.6), visible("poor grass")), (np.full(len(at), 0.4), scene.site.soil))
    texture = 1.0 + 0.13 * scene.fields[CANOPY, at] + 0.05 * scene.fields[PATCHES, at]
    return (tree * (1.0 - open_) + floor * open_) * texture


def paint_shrub(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Dots and clumps of bushes on pale grass and soil; (4, n)."""
    clump = (
        0.5 + 0.24 * scene.fields[CANOPY, at] + 0.22 * scene.fields[MOTTLE, at] + 0.15 * scene.fields[PATCHES, at]
    )
    bush = np.clip(clump, 0.05, 0.97)
    green = visible("evergreen shrub") * (1.0 + 0.15 * (1.0 - scene.site.drought))
    between = 0.65 * scene.site.sward + 0.35 * scene.site.soil
    return _mix((bush, green), (1.0 - bush, between))


def paint_wetland(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Reed and sedge in dark mottles with pools, moss where the soil is acid; (4, n)."""
    pool = np.clip(2.2 * (scene.fields[TEXTURE, at] + 0.4 * scene.fields[MOTTLE, at] - 1.0), 0.0, 1.0)
    moss = np.clip(0.5 + 0.4 * scene.fields[PATCHES, at] + 0.25 * (5.5 - scene.site.reaction), 0.0, 1.0)
    soaked = np.clip(0.3 + 0.25 * scene.fields[MOTTLE, at] + 0.1 * scene.fields[TEXTURE, at], 0.0, 0.8)
    plants = _mix((1.0 - moss, visible("reed")), (moss, visible("bog moss")))
    plants = plants * (1.0 - soaked) + 0.6 * visible("peat")[:, None] * soaked
    return plants * (1.0 - pool) + visible("clear water")[:, None] * pool


def paint_heath(scene: Scene, at: np.ndarray) -> np.ndarray:
    """A brown mosaic of heather, pale grass and burnt or cut strips, purple when it flowers; (4, n)."""
    grass = np.clip(0.22 + 0.28 * scene.fields[PATCHES, at] + 0.12 * scene.fields[MOTTLE, at], 0.0, 0.9)
    flower = float(np.clip((scene.season - 0.55) * 3.0, 0.0, 1.0)) * (scene.site.lat > 47.0)
    heather = (1.0 - flower) * visible("heather") + flower * visible("heather in flower")
    pale = 0.55 * visible("poor grass") + 0.45 * visible("straw")
    bare = np.clip(0.4 * scene.fields[TEXTURE, at] - 0.7, 0.0, 0.6)
    colour = _mix(((1.0 - grass) * (1.0 - bare), heather), (grass * (1.0 - bare), pale), (bare, scene.site.soil))
    return colour * (1.0 + 0.07 * scene.fields[CANOPY, at])


def paint_alpine(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Short turf thinning out with height into stones, runnels down the slope; (4, n)."""
    stony = 0.16 + 0.22 * scene.fields[PATCHES, at] + 0.12 * scene.fields[TEXTURE, at] + 0.12 * _streaks(scene, at)
    stone = np.clip(stony + scene.height[at] / 400.0, 0.0, 0.8)
    return _mix((1.0 - stone, visible("alpine grass")), (stone, _rock(scene)))


def paint_rock(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Cliffs and scree in streaks down the slope, a little turf in between; (4, n)."""
    turf = np.clip(-0.25 + 0.3 * scene.fields[REGION, at] + 0.15 * scene.fields[TEXTURE, at], 0.0, 0.6)
    tone = 1.0 + 0.14 * _streaks(scene, at) + 0.10 * scene.fields[TEXTURE, at] + 0.07 * scene.fields[CANOPY, at]
    return _mix((1.0 - turf, _rock(scene)), (turf, visible("alpine grass"))) * np.clip(tone, 0.4, 1.7)


def _rock(scene: Scene) -> np.ndarray:
    lime = float(np.clip((scene.site.reaction - 5.0) / 2.0, 0.0, 1.0))
    return lime * visible("limestone") + (1.0 - lime) * visible("gneiss")


def _streaks(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bands that run down the slope, mean 0, about -1..1, (n,)."""
    down = np.radians(scene.site.aspect)
    across = (COLUMNS[at] - 32.0) * np.cos(down) + (ROWS[at] - 32.0) * np.sin(down)
    wander = across + 1.6 * scene.fields[PATCHES, at]
    profile = scene.random.uniform(-1.0, 1.0, 3 * SIZE)
    return np.interp(0.7 * wander + 96.0, np.arange(profile.size), profile).astype(np.float32)


def paint_snow(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Snow with crevassed ice and rocks that stick out; (4, n)."""
    ice = np.clip(0.15 + 0.3 * scene.fields[PATCHES, at] - scene.height[at] / 300.0, 0.0, 0.9)
    rock = np.clip(1.3 * (scene.fields[TEXTURE, at] - 1.5), 0.0, 1.0)
    colour = _mix(
        ((1 - ice) * (1 - rock), visible("snow")), (ice * (1 - rock), visible("glacier ice")), (rock, _rock(scene))
    )
    return colour * (0.88 + 0.02 * scene.fields[MOTTLE, at])


def paint_sand(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Bright sand with tufts of dune grass in ridges; (4, n)."""
    ridge = np.sin(0.55 * (scene.parcels.across[at] + 2.0 * scene.fields[PATCHES, at]))
    tuft = np.clip(
        0.25 + 0.3 * scene.fields[REGION, at] + 0.2 * ridge + 0.2 * scene.fields[TEXTURE, at], 0.0, 0.85
    )
    return _mix((1.0 - tuft, visible("dry sand")), (tuft, visible("dune grass")))


def paint_water(scene: Scene, at: np.ndarray) -> np.ndarray:
    """Dark water, greener when rich in nutrients, browner when running; (4, n)."""
    algae = float(np.clip(scene.site.nutrients, 0.0, 1.0)) * 0.6
    silt = float(scene.random.uniform(0.0, 0.4))
    colour = (
        (1 - algae - silt) * visible("clear water")
        + algae * visible("algal water")
        + silt * visible("turbid water")
    )
    return colour[:, None] * (1.0 + 0.05 * scene.fields[PATCHES, at])
