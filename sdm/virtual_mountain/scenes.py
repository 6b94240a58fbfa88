"""What the satellite sees of a site on a date: reflectance, atmosphere, clouds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from sdm.geo.random_fields import blocks, field, generator
from sdm.virtual_mountain.land import Land
from sdm.virtual_mountain.parameters import BANDS, Acquisition, band_table, snow_spectrum, spectra
from sdm.virtual_mountain.season import Canopy, canopy

_COARSE_M = 60  # aerosol and water vapour, bands 1 and 9
_LATITUDE, _OVERPASS = 42.0, -15.0  # degrees: of the sites; hour angle of the sun at the overpass, 11 h
_BROADLEAVED = 1  # the cover whose green is the understorey's


@dataclass(frozen=True)
class Scene:
    """An image: `reflectance` x 10,000 (band, row, column); `aot`, `wvp` x 1,000 and `clear` (row, column)."""

    image: Acquisition
    reflectance: np.ndarray
    aot: np.ndarray
    wvp: np.ndarray
    clear: np.ndarray


def make_scene(land: Land, image: Acquisition) -> Scene:
    """The image of `land` that `image` describes: a function of the seed, the site and the date."""
    rng = generator(land.seed, land.site.name, f"image {image.day:%m-%d}")
    table, mountain, shape = band_table(), land.mountain, land.height.shape
    cell = float(mountain.pixel_m)
    state, light = canopy(land, image), _light(land, image)
    haze = mountain.haze_sd * rng.standard_normal()
    veil = haze + mountain.haze_field * field(rng, shape, cell, mountain.haze_range_m, 1.5)
    common, result = rng.standard_normal(), np.empty((len(BANDS), *shape), np.float32)
    for band in range(len(BANDS)):
        view = table["view_sd"][band] * (0.8 * common + 0.6 * rng.standard_normal())
        ground = _ground(land, state, band) * light * np.float32(np.exp(view)) + table["haze"][band] * veil
        if land.site.sensor:
            ground = ground * table["gain"][band] + table["offset"][band]
        result[band] = _measured(ground, band, land, rng)
    clear = _clear(land, image, rng)
    aot = image.aot * np.exp(0.25 * haze) * (1 + 0.05 * (veil - haze))
    wvp = (
        image.wvp * np.exp(-(land.height - mountain.datum_m) / 2200) * (1 + 0.02 * field(rng, shape, cell, 3000.0))
    )
    return Scene(image, result, _coarse(aot, land), _coarse(wvp, land), clear)


def _ground(land: Land, state: Canopy, band: int) -> np.ndarray:
    """Reflectance x 10,000 of one band without atmosphere, sensor and slope."""
    own, cover = spectra()[:, :, band], land.cover
    mixed = own[:, 0][cover] * state.leaves[0]
    mixed += own[:, 1][cover] * state.leaves[1]
    bare = own[:, 2][cover]
    mixed += (bare + (own[_BROADLEAVED, 0] - bare) * state.understorey) * state.leaves[2]
    mixed *= np.exp(land.deviation(band) + band_table()["ageing"][band] * state.age)
    return np.asarray(mixed + (snow_spectrum()[band] - mixed) * state.snow)


def _measured(ground: np.ndarray, band: int, land: Land, rng: np.random.Generator) -> np.ndarray:
    """Point spread, pixel size and noise of the band; larger pixels are repeated."""
    table, mountain = band_table(), land.mountain
    times = int(table["pixel_m"][band]) // mountain.pixel_m
    seen = ndimage.gaussian_filter(ground, mountain.psf, truncate=3) if times == 1 else blocks(ground, times)
    noise = np.hypot(table["noise"][band], mountain.relative_noise * seen)
    seen = seen + noise * rng.standard_normal(seen.shape, dtype=np.float32)
    return np.maximum(seen.repeat(times, 0).repeat(times, 1), 1) if times > 1 else np.maximum(seen, 1)


def _light(land: Land, image: Acquisition) -> np.ndarray:
    """What is left of the sun's incidence on slopes over the mean of the site."""
    declination = np.radians(-23.44 * np.cos(2 * np.pi * (image.day_of_year + 10) / 365))
    latitude, hour = np.radians(_LATITUDE), np.radians(_OVERPASS)
    up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour)
    north = np.cos(latitude) * np.sin(declination) - np.sin(latitude) * np.cos(declination) * np.cos(hour)
    east = -np.cos(declination) * np.sin(hour)
    south_rise, east_rise = land.slope
    incidence = (up - east_rise * east + south_rise * north) / np.sqrt(1 + south_rise**2 + east_rise**2)
    return np.clip(1 + land.mountain.slope_light * (incidence / incidence.mean() - 1), 0.5, 1.4).astype(np.float32)


def _clear(land: Land, image: Acquisition, rng: np.random.Generator) -> np.ndarray:
    """Where there is no cloud: the site's lowest values of a field, as many as the share says."""
    cloud = field(rng, land.height.shape, float(land.mountain.pixel_m), land.mountain.cloud_range_m)
    return cloud <= np.quantile(cloud, image.clear)


def _coarse(values: np.ndarray, land: Land) -> np.ndarray:
    times = _COARSE_M // land.mountain.pixel_m
    return np.asarray(blocks(values, times).repeat(times, 0).repeat(times, 1), np.float32)
