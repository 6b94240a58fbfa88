"""The land of a site before anything grows on it: height, sea, slope, wetness, soil and lime, on a 5 m lattice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from sdm.geo.random_fields import field, generator
from sdm.virtual_coast.parameters import COAST, Coast, Site


@dataclass(frozen=True)
class Relief:
    """Fields of shape (rows, columns), north up; `lime` from 1 to 9, the rest of unit variance on land."""

    elevation: np.ndarray  # m, 0 on the sea
    sea: np.ndarray
    lake: np.ndarray
    sea_distance: np.ndarray  # m, 0 on the sea
    slope: np.ndarray
    wet: np.ndarray
    soil: np.ndarray
    farmed: np.ndarray
    lime: np.ndarray

    @property
    def land(self) -> np.ndarray:
        """Neither sea nor lake."""
        return ~(self.sea | self.lake)


def relief(site: Site, seed: int, coast: Coast = COAST) -> Relief:
    """The relief of `site`."""
    n = coast.side_m // coast.cell_m
    shape, cell = (n, n), float(coast.cell_m)
    rng = generator(seed, site.name, "relief")
    height = _height(site, rng, shape, coast)
    sea, lake = _water(height)
    elevation = np.where(sea, 0.0, np.maximum(height, 0.2)).astype(np.float32)
    land = ~(sea | lake)
    gradient = np.gradient(ndimage.gaussian_filter(elevation, 10 / cell), cell)
    slope = _unit(np.hypot(*gradient) ** 0.7, land)
    hollow = ndimage.gaussian_filter(elevation, 60 / cell) - elevation
    wet = _unit(_unit(hollow, land) - 0.7 * slope + field(rng, shape, cell, coast.wet_range_m), land)
    soil = _unit(field(rng, shape, cell, coast.soil_range_m) - 0.8 * slope + 0.3 * _unit(hollow, land), land)
    farmed = _unit(field(rng, shape, cell, 700.0, 1.5) + 0.6 * soil - 0.8 * slope - 0.4 * np.abs(wet), land)
    lime = site.lime + coast.lime_sd * field(rng, shape, cell, coast.lime_range_m)
    distance = ndimage.distance_transform_edt(~sea, sampling=cell) if sea.any() else np.full(shape, 1e4)
    return Relief(elevation, sea, lake, distance, slope, wet, soil, farmed, np.clip(lime, 1, 9))


def _height(site: Site, rng: np.random.Generator, shape: tuple[int, int], coast: Coast) -> np.ndarray:
    """Height above the sea in m: a slope away from the open sea, hills, knolls; below 0 for `sea_share` of it."""
    cell = float(coast.cell_m)
    row, column = np.mgrid[: shape[0], : shape[1]] / shape[0] - 0.5
    bearing = np.radians(site.sea_bearing)
    seaward = column * np.sin(bearing) - row * np.cos(bearing)
    rise = site.relief_m
    height = -2.6 * rise * seaward + rise * field(rng, shape, cell, site.relief_range_m, 1.5)
    height += 0.22 * rise * field(rng, shape, cell, 180.0, 1.5) + 0.05 * rise * field(rng, shape, cell, 60.0)
    height -= np.quantile(height, site.sea_share)
    return np.where(height > 0, height * (0.35 + 0.65 * np.clip(height / rise, 0, 1.5)), height)  # a flat shore


def _water(height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sea: below 0 and joined to the edge. Lake: below 0 elsewhere."""
    labels, _ = ndimage.label(height < 0)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    sea = np.isin(labels, edge[edge > 0])
    return sea, (labels > 0) & ~sea


def _unit(values: np.ndarray, land: np.ndarray) -> np.ndarray:
    """`values` with mean 0 and variance 1 on land."""
    return np.asarray((values - values[land].mean()) / values[land].std(), np.float32)
