"""Patches: one landscape for all, spectra and structure of each cover, statistics against the real data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rasterio

from sdm.geo.coastline import is_land
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery import render_patches
from sdm.virtual_europe.landscape.covers import land
from sdm.virtual_europe.landscape.lattice import Windows, windows_at
from sdm.virtual_europe.place import COVERS, Places

RED, GREEN, BLUE, NIR = range(4)


def positions(count: int, seed: int, box: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Positions on the land of a box of west, south, east, north."""
    random = np.random.default_rng(seed)
    west, south, east, north = box
    lon, lat = random.uniform(west, east, 4 * count), random.uniform(south, north, 4 * count)
    on_land = np.flatnonzero(is_land(lon, lat))[:count]
    return lon[on_land], lat[on_land]


@cache
def europe() -> Places:
    """Places all over Europe, some in the high Alps and on the Dutch coast."""
    wide, alps = positions(2300, 1, (-8.0, 37.0, 28.0, 69.0)), positions(300, 2, (6.8, 45.7, 8.6, 46.6))
    dunes = positions(200, 3, (4.0, 51.9, 4.7, 53.0))
    return places(*np.hstack([wide, alps, dunes]), 2018, 0)


@pytest.fixture(scope="module")
def lowland() -> np.ndarray:
    """Patches where most of the training set lies, NaN where missing."""
    denmark, netherlands = positions(100, 2, (8.2, 55.0, 10.8, 57.4)), positions(60, 3, (4.6, 51.6, 6.9, 53.2))
    here = places(*np.hstack([denmark, netherlands]), 2018, 0)
    patches = render_patches(here[here.centre != COVERS.index("water")]).astype(float)
    patches[patches == -1] = np.nan
    return patches


def of_cover(cover: str, south: float = 0.0, least: int = 2) -> np.ndarray:
    """Median spectrum of the pixels under surveys on `cover` north of a latitude, (4,)."""
    standing = np.flatnonzero((europe().centre == COVERS.index(cover)) & (europe().lat > south))[:12]
    assert len(standing) >= least
    middle = render_patches(europe()[standing], size=8)[:, :, 3:6, 3:6].astype(float)
    return np.median(middle, axis=(0, 2, 3))


def ndvi(spectrum: np.ndarray) -> float:
    return float((spectrum[NIR] - spectrum[RED]) / (spectrum[NIR] + spectrum[RED]))


def test_shape_and_type() -> None:
    patches = render_patches(europe()[:3])
    assert patches.shape == (3, 4, 64, 64)
    assert patches.dtype == np.int16
    assert patches.min() >= -1
    assert patches.max() <= 12_000


def test_no_places_give_no_patches() -> None:
    assert render_patches(europe()[:0]).shape == (0, 4, 64, 64)


def test_patches_of_one_year_are_equal_where_they_overlap() -> None:
    random = np.random.default_rng(5)
    first = europe()[:100]
    moved = first.lon + random.uniform(-0.006, 0.006, 100), first.lat + random.uniform(-0.004, 0.004, 100)
    second = places(*moved, 2018, 0)
    one, other = (windows_at(some.lon, some.lat) for some in (first, second))
    images = render_patches(first), render_patches(second)
    compared = 0
    for here, there, right, down in zip(*images, other.west - one.west, other.north - one.north, strict=True):
        shared = here[:, max(down, 0) : 64 + down, max(right, 0) : 64 + right]
        same = there[:, max(-down, 0) : 64 - down, max(-right, 0) : 64 - right]
        if abs(down) < 64 and abs(right) < 64:
            np.testing.assert_array_equal(shared, same)
            compared += 1
    assert compared >= 90


def test_patch_ignores_batch_and_order() -> None:
    some = europe()[:6]
    whole = render_patches(some)
    order = np.array([4, 1, 5, 0, 3, 2])
    np.testing.assert_array_equal(render_patches(some[order]), whole[order])
    np.testing.assert_array_equal(render_patches(some[2:3]), whole[2:3])


def test_another_seed_is_another_landscape() -> None:
    here = europe()[:4]
    assert (render_patches(here) != render_patches(places(here.lon, here.lat, 2018, 1))).mean() > 0.9


def test_another_year_shows_the_same_land_with_other_crops() -> None:
    fields = europe()[europe().centre == COVERS.index("arable")][:6]
    later = places(fields.lon, fields.lat, 2019, 0)
    np.testing.assert_array_equal(fields.centre, later.centre)
    before, after = (render_patches(some).astype(float)[:, NIR] for some in (fields, later))
    assert (before != after).mean() > 0.9
    edges = [np.abs(np.diff(image, axis=1)).ravel() for image in (before, after)]
    assert np.corrcoef(edges)[0, 1] > 0.2  # the boundaries stay


def test_a_survey_stands_on_the_cover_of_its_pixel() -> None:
    some = europe()[:40]
    wide = windows_at(some.lon, some.lat, 9)
    drawn = land(Windows(wide.west, wide.north, 9), 0).cover.reshape(-1, 9, 9)[:, 4, 4]
    np.testing.assert_array_equal(drawn, some.centre)


@pytest.mark.parametrize("cover", ["broadleaf forest", "conifer forest", "meadow"])
def test_lush_covers_are_green(cover: str) -> None:
    assert ndvi(of_cover(cover, south=50.0)) > 0.65


@pytest.mark.parametrize("cover", ["rock and scree", "snow and ice", "sand and dune"])
def test_bare_covers_are_not_green(cover: str) -> None:
    assert ndvi(of_cover(cover)) < 0.3


def test_water_is_dark_and_darkest_in_the_infrared() -> None:
    water = of_cover("water")
    assert water[NIR] < 300
    assert water[NIR] < water[GREEN]


def test_conifers_are_darker_than_broadleaves() -> None:
    conifer, broadleaf = of_cover("conifer forest"), of_cover("broadleaf forest")
    assert (conifer < broadleaf).all()
    assert conifer[NIR] < 0.75 * broadleaf[NIR]


def test_snow_is_the_brightest() -> None:
    others = [of_cover(cover)[BLUE] for cover in COVERS if cover != "snow and ice"]
    assert of_cover("snow and ice")[BLUE] > 1.5 * max(others)


def test_dry_summers_turn_grass_to_straw() -> None:
    def green(box: tuple[float, float, float, float]) -> float:
        here = places(*positions(200, 4, box), 2018, 0)
        grass = here[np.isin(here.centre, [COVERS.index("meadow"), COVERS.index("dry grassland")])]
        return ndvi(np.median(render_patches(grass[:8], size=8)[:, :, 3:6, 3:6].astype(float), axis=(0, 2, 3)))

    assert green((8.5, 55.5, 9.8, 57.0)) - green((-5.5, 38.0, -1.5, 41.0)) > 0.25


def test_lowland_statistics_match_the_training_set(lowland: np.ndarray) -> None:
    mean, deviation = np.nanmean(lowland, axis=(0, 2, 3)), np.nanstd(lowland, axis=(0, 2, 3))
    np.testing.assert_allclose(mean, [629.6, 691.8, 460.6, 2959.4], rtol=0.25)
    np.testing.assert_allclose(deviation, [436, 371, 343, 925], rtol=0.25)


def test_power_falls_with_frequency_as_in_real_patches(lowland: np.ndarray) -> None:
    slopes = [power_slope(patch[NIR]) for patch in lowland[:60] if np.isfinite(patch).all()]
    assert -3.4 < np.mean(slopes) < -2.3  # the real survey 5000108: -2.6 to -3.1


@pytest.mark.real
def test_power_falls_as_in_the_real_survey(lowland: np.ndarray, real_tree: Path) -> None:
    with rasterio.open(real_tree / "SatelitePatches" / "PA-test" / "08" / "01" / "5000108.tiff") as file:
        real = file.read().astype(float)
    whole = [patch for patch in lowland[:100] if np.isfinite(patch).all()]
    for band in range(4):
        ours = np.mean([power_slope(patch[band]) for patch in whole])
        assert ours == pytest.approx(power_slope(real[band]), abs=0.6)


def power_slope(band: np.ndarray) -> float:
    """Slope of log power over log radial frequency, 2 to 31 cycles a patch, under a Hann window."""
    window = np.hanning(64)
    power = np.abs(np.fft.fft2((band - band.mean()) * np.outer(window, window))) ** 2
    wave = 64 * np.hypot(np.fft.fftfreq(64)[:, None], np.fft.fftfreq(64)[None])
    ring = np.round(wave).astype(int).ravel()
    radial = np.bincount(ring, power.ravel()) / np.bincount(ring)
    used = np.arange(2, 32)
    return float(np.polyfit(np.log(used), np.log(radial[used]), 1)[0])


def test_few_patches_miss_a_few_pixels_in_all_bands(lowland: np.ndarray) -> None:
    missing = np.isnan(lowland)
    affected = missing.any(axis=(1, 2, 3))
    assert 0.002 < affected.mean() < 0.1
    assert missing[affected].mean() < 0.01
    np.testing.assert_array_equal(missing.any(axis=1), missing.all(axis=1))
