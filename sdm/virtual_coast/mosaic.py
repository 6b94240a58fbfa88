"""Stands and the ground type of each: a mosaic whose shares are those of the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from sdm.geo.allocation import allocate
from sdm.geo.random_fields import field, generator
from sdm.virtual_coast.parameters import (
    AFFINITIES,
    COAST,
    UNMAPPED,
    Coast,
    GroundType,
    Site,
    ground_types,
    main_types,
)
from sdm.virtual_coast.relief import Relief

_SHORE_M, _FARMED = 22.0, 0.9  # width of the shore; suitability above which land is parcelled


@dataclass(frozen=True)
class Mosaic:
    """`stand`: number of the stand of each cell; `cover`: index into UNMAPPED and then the ground types."""

    stand: np.ndarray
    cover: np.ndarray


def mosaic(site: Site, land: Relief, mapped: np.ndarray, seed: int, coast: Coast = COAST) -> Mosaic:
    """The mosaic of `site`; shares of ground types are met where `mapped`."""
    rng = generator(seed, site.name, "mosaic")
    stand = _stands(land, rng, coast)
    types = [t for t in ground_types() if t.shares[site.name] > 0]
    area = np.bincount(stand[mapped & land.land], minlength=stand.max() + 1).astype(float)
    chosen = allocate(_scores(types, _stand_means(land, stand), rng), area, _targets(types, site))
    number = {t.code: len(UNMAPPED) + i for i, t in enumerate(ground_types())}
    cover = np.array([number[t.code] for t in types], np.uint8)[chosen][stand]
    cover[land.sea], cover[land.lake] = 0, 1
    cover[_yards(land, rng, coast)] = 2
    return Mosaic(stand.astype(np.int32), cover)


def _targets(types: list[GroundType], site: Site) -> np.ndarray:
    shares = np.array([t.shares[site.name] for t in types])
    return shares / shares.sum()


def _stands(land: Relief, rng: np.random.Generator, coast: Coast) -> np.ndarray:
    """Cells of a Voronoi mosaic of uneven density, bent; rectangular parcels where farmed; the shore apart."""
    shape, cell = land.sea.shape, float(coast.cell_m)
    density = np.exp(coast.stand_spread * field(rng, shape, cell, 400.0))
    chance = density / density.mean() * cell**2 / coast.stand_m2
    seeds = np.argwhere(rng.random(shape) < chance).astype(float)
    position = np.indices(shape).reshape(2, -1).T.astype(float)
    bend = np.stack([14 / cell * field(rng, shape, cell, 70.0, 1.5) for _ in range(2)], -1).reshape(-1, 2)
    natural = cKDTree(seeds).query(position + bend)[1].reshape(shape)
    angle = rng.uniform(0, np.pi / 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = rng.random((max(int(position.shape[0] * cell**2 / 9000), 4), 2)) * shape
    parcel = cKDTree(corners @ turn).query(position @ turn, p=np.inf)[1].reshape(shape)
    width = _SHORE_M * (1 + 0.6 * field(rng, shape, cell, 120.0))
    zone = np.where(land.sea_distance < width, 1, np.where(land.farmed > _FARMED, 2, 0))
    unit = np.where(zone == 2, parcel, natural) * 3 + zone
    return np.unique(unit, return_inverse=True)[1].reshape(shape)


def _stand_means(land: Relief, stand: np.ndarray) -> dict[str, np.ndarray]:
    """The mean of each environment per stand."""
    size = np.bincount(stand.ravel())
    height = np.clip(land.elevation / max(float(land.elevation.std()), 1e-6), 0, 3) - 1
    near = np.exp(-land.sea_distance / 25)
    fields = {"height": height, "near_sea": near, "slope": land.slope, "wet": land.wet, "soil": land.soil,
              "farmed": np.maximum(land.farmed, 0), "lime": land.lime}  # fmt: skip
    return {name: np.bincount(stand.ravel(), values.ravel()) / size for name, values in fields.items()}


def _scores(types: list[GroundType], means: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """How well each stand suits each type: affinities, lime, moisture and history; (stand, type)."""
    moisture = 0.5 + 0.15 * means["wet"]
    columns = []
    for kind in types:
        weights = main_types()[kind.main_type].affinity
        suit = sum((weights[name] * means[name] for name in AFFINITIES), np.zeros_like(moisture))
        fit = -0.5 * ((means["lime"] - kind.lime) / 1.5) ** 2 - 0.5 * ((moisture - kind.moisture) / 0.25) ** 2
        columns.append(suit + fit)
    scores = np.stack(columns, 1)
    return np.asarray(scores + 0.5 * rng.gumbel(size=scores.shape))


def _yards(land: Relief, rng: np.random.Generator, coast: Coast) -> np.ndarray:
    """Houses with their yards: small rectangles on farmed land."""
    cell = coast.cell_m
    result = np.zeros(land.sea.shape, bool)
    fit = np.argwhere(land.land & (land.farmed > 0.5) & (land.sea_distance > 20))
    count = min(len(fit), int(land.land.sum() * cell**2 / 60_000))
    for row, column in fit[rng.choice(len(fit), count, replace=False)] if count else ():
        height, width = rng.integers(2, 5, 2)
        result[row : row + height, column : column + width] = True
    return result & land.land


def localities(site: Site, land: Relief, seed: int, coast: Coast = COAST) -> list[np.ndarray]:
    """Masks of the mapped parts: rounded squares about nine tenths land, apart from each other."""
    rng = generator(seed, site.name, "localities")
    cell, shape = coast.cell_m, land.sea.shape
    flown = min(coast.aerial_side_m, coast.side_m)
    side = int(min(site.locality_m, 0.9 * flown / np.sqrt(site.localities)) / cell)
    share = ndimage.uniform_filter((~land.sea).astype(np.float32), side)
    share += 0.02 * field(rng, shape, float(cell), 300.0)
    reach = 0.5 * flown / cell
    position = np.indices(shape)
    central = (np.abs(position - (shape[0] - 1) / 2).max(axis=0) + side / 2) < reach
    edge = 1 + 0.07 * field(rng, shape, float(cell), 300.0, 1.5)
    chosen: list[np.ndarray] = []
    while len(chosen) < site.localities and central.any():
        best = np.unravel_index(np.where(central, -np.abs(share - 0.9), -np.inf).argmax(), shape)
        offset = np.abs(position - np.array(best)[:, None, None]) / (side / 2)
        chosen.append((offset**6).sum(0) ** (1 / 6) < edge)
        central &= offset.max(axis=0) > 2.0
    return chosen
