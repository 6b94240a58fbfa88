"""Sentinel-2 and Sentinel-1 of a site, from its true cover."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from sdm.geo.random_fields import blocks, field, generator
from sdm.modalities.raster_bands import SENTINEL2_BANDS
from sdm.virtual_coast.land import Land
from sdm.virtual_coast.outlines import burn
from sdm.virtual_coast.parameters import WATER, band_table, spectra

FINE_BANDS = 4  # the first ones of SENTINEL2_BANDS are of pixel_m, the others of coarse_m
_FINE_M = 2.5  # lattice on which a pixel's parts are measured
_SWATH_EDGE = 0.06  # share of a side that the empty corner takes
_RADAR_LAND_DB, _RADAR_SEA_DB = (-11.0, -17.5), (-18.0, -27.0)  # VV, VH


def fractions(land: Land) -> np.ndarray:
    """The share of every cover in every pixel, (cover, rows, columns)."""
    size = int(land.coast.pixel_m / _FINE_M)
    side = land.coast.side_m // land.coast.pixel_m
    fine = burn(land.polygons, land.polygons["value"], land.transform(_FINE_M), (side * size, side * size))
    parts = np.zeros((len(spectra()), side * side), np.float32)
    pixel = np.arange(side * side).reshape(side, side).repeat(size, 0).repeat(size, 1)
    count = np.bincount(fine.ravel().astype(np.intp) * parts.shape[1] + pixel.ravel(), minlength=parts.size)
    return (count.reshape(parts.shape) / size**2).reshape(-1, side, side).astype(np.float32)


def sentinel2(land: Land, parts: np.ndarray) -> np.ndarray:
    """Reflectance x 10,000 of SENTINEL2_BANDS, uint16 (10, rows, columns); 0 is nodata, in one corner."""
    rng = generator(land.seed, land.site.name, "sentinel-2")
    table, coast = band_table(), land.coast
    times = coast.coarse_m // coast.pixel_m
    result = np.empty((len(SENTINEL2_BANDS), *parts.shape[1:]), np.uint16)
    for band in range(len(SENTINEL2_BANDS)):
        clean = np.tensordot(spectra()[:, band].astype(np.float32), parts, 1) * np.exp(land.deviation(band))
        seen = ndimage.gaussian_filter(clean, coast.psf_m / coast.pixel_m)
        if band >= FINE_BANDS:
            seen = blocks(seen, times)
        if land.site.shifted:
            seen = seen * table["gain"][band] + table["offset"][band]
        noise = rng.standard_normal(seen.shape) * np.hypot(table["noise"][band], coast.relative_noise * seen)
        stored = np.clip(np.rint(seen + noise), 1, 65535).astype(np.uint16)
        result[band] = stored if band < FINE_BANDS else stored.repeat(times, 0).repeat(times, 1)
    result[:, outside_swath(parts.shape[1])] = 0
    return result


def outside_swath(side: int) -> np.ndarray:
    """The corner in the south-west that no orbit covers."""
    row, column = np.mgrid[:side, :side]
    return np.asarray(column + (side - 1 - row) < _SWATH_EDGE * side)


def sentinel1(land: Land, parts: np.ndarray) -> np.ndarray:
    """Backscatter of VV and VH in dB, float32 (2, rows, columns).

    On land it depends on roughness and slope alone, not on the type: wetland and dry land look the same,
    as the source found.
    """
    rng = generator(land.seed, land.site.name, "sentinel-1")
    coast, shape = land.coast, parts.shape[1:]
    water = parts[: len(WATER)].sum(axis=0)
    height = blocks(land.relief.elevation, coast.pixel_m // coast.cell_m)
    facing = 4 * np.gradient(ndimage.gaussian_filter(height, 1.5), float(coast.pixel_m), axis=1)
    rough = coast.radar_sd_db * field(rng, shape, float(coast.pixel_m), coast.radar_range_m)
    result = []
    for dry, wet in zip(_RADAR_LAND_DB, _RADAR_SEA_DB, strict=True):
        own = 0.5 * coast.radar_sd_db * field(rng, shape, float(coast.pixel_m), coast.radar_range_m)
        power = (1 - water) * 10 ** ((dry + rough + own + facing) / 10) + water * 10 ** (wet / 10)
        result.append(10 * np.log10(power * rng.gamma(coast.radar_looks, 1 / coast.radar_looks, shape)))
    return np.stack(result).astype(np.float32)
