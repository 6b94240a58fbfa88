"""What is true of a site: relief, mosaic, mapped parts, and how each pixel differs from the mean of its type."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from affine import Affine
from scipy import ndimage

from sdm.geo.random_fields import blocks, field, generator
from sdm.virtual_coast.mosaic import Mosaic, localities, mosaic
from sdm.virtual_coast.outlines import outlines
from sdm.virtual_coast.parameters import COAST, LATENT, Coast, Site, band_table, cover_main_types
from sdm.virtual_coast.relief import Relief, relief


@dataclass(frozen=True)
class Land:
    """A site and what is true of it. Lattices of `coast.cell_m`, latents and light of `coast.pixel_m`."""

    site: Site
    coast: Coast
    seed: int
    relief: Relief
    mosaic: Mosaic
    localities: list[np.ndarray]
    polygons: gpd.GeoDataFrame  # of the cover: value, geometry
    latents: np.ndarray  # (4, rows, columns)
    light: np.ndarray  # factor of reflectance on slopes

    def transform(self, cell: float) -> Affine:
        """From columns and rows of a lattice of `cell` m over the whole site to metres."""
        return Affine(cell, 0, self.site.left, 0, -cell, self.site.top)

    @property
    def mapped(self) -> np.ndarray:
        """All localities."""
        return np.any(self.localities, axis=0)

    def deviation(self, band: int) -> np.ndarray:
        """Logarithm of reflectance in Sentinel-2 band number `band`, relative to the type's mean; on pixel_m."""
        sensitivity = [band_table()[name][band] for name in LATENT]
        return np.asarray(np.tensordot(sensitivity, self.latents, 1) + np.log(self.light), np.float32)


def make_land(site: Site, seed: int, coast: Coast = COAST) -> Land:
    """The land of `site`, a function of the seed alone."""
    ground = relief(site, seed, coast)
    parts = localities(site, ground, seed, coast)
    cover = mosaic(site, ground, np.any(parts, axis=0), seed, coast)
    transform = Affine(coast.cell_m, 0, site.left, 0, -coast.cell_m, site.top)
    everywhere = np.ones_like(ground.sea)
    polygons = outlines(cover.cover, everywhere, transform, site.crs, coast.simplify_m)
    latents = _latents(site, cover.stand, seed, coast)
    return Land(site, coast, seed, ground, cover, parts, polygons, latents, _light(site, ground, coast))


def _latents(site: Site, stand: np.ndarray, seed: int, coast: Coast) -> np.ndarray:
    """Per latent: an effect of the stand, and a field with the range stated."""
    rng = generator(seed, site.name, "latents")
    size = coast.pixel_m // coast.cell_m
    result = []
    for _ in LATENT:
        effect = coast.stand_sd * rng.standard_normal(stand.max() + 1).astype(np.float32)
        between = blocks(effect[stand], size)
        within = field(rng, between.shape, float(coast.pixel_m), coast.within_range_m)
        result.append(between + coast.within_sd * within)
    return np.stack(result).astype(np.float32)


def _light(site: Site, ground: Relief, coast: Coast) -> np.ndarray:
    """Cosine of the sun's incidence over its mean on land, softened; 0.6 to 1.4."""
    height = ndimage.gaussian_filter(blocks(ground.elevation, coast.pixel_m // coast.cell_m), 0.7)
    south, east = np.gradient(height, float(coast.pixel_m))  # rise per metre to the south and to the east
    bearing, high = np.radians(site.sun_bearing), np.radians(site.sun_height)
    towards = -(east * np.sin(bearing) - south * np.cos(bearing))
    factor = (towards * np.cos(high) + np.sin(high)) / np.sqrt(1 + south**2 + east**2)
    factor /= factor[height > 0].mean()
    return np.clip(1 + 0.8 * (factor - 1), 0.6, 1.4).astype(np.float32)


def canopy_height(land: Land) -> np.ndarray:
    """Height of the vegetation in m on pixel_m: that of the main type, varied as biomass is."""
    height = np.array([kind.canopy_m for kind in cover_main_types()], np.float32)[land.mosaic.cover]
    mean = blocks(height, land.coast.pixel_m // land.coast.cell_m)
    return np.asarray(mean * np.exp(0.8 * land.latents[0] - 0.05), np.float32)
