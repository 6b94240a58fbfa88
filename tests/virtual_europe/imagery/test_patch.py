"""Patches: shape, purity, spectra and structure of each cover."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from sdm.virtual_europe.imagery.layout import place_covers

from sdm.virtual_europe.imagery import render_patches
from sdm.virtual_europe.imagery.scene import set_scene, sites
from sdm.virtual_europe.place import COVERS
from tests.virtual_europe.imagery.places_factory import lowland_places, places_on

RED, GREEN, BLUE, NIR = range(4)


@pytest.fixture(scope="module")
def lowland() -> np.ndarray:
    """300 patches as common in the training set, NaN where missing."""
    patches = render_patches(lowland_places(300)).astype(float)
    patches[patches == -1] = np.nan
    return patches


def of_cover(cover: str) -> np.ndarray:
    """Median spectrum of the middle of twelve patches on `cover`, (4,)."""
    middle = render_patches(places_on(cover, 12, share=0.8))[:, :, 28:37, 28:37]
    return np.median(middle.astype(float), axis=(0, 2, 3))


def ndvi(spectrum: np.ndarray) -> float:
    return float((spectrum[NIR] - spectrum[RED]) / (spectrum[NIR] + spectrum[RED]))


def test_shape_and_type() -> None:
    patches = render_patches(lowland_places(3))
    assert patches.shape == (3, 4, 64, 64)
    assert patches.dtype == np.int16
    assert patches.min() >= -1
    assert patches.max() <= 12_000


def test_no_places_give_no_patches() -> None:
    assert render_patches(lowland_places(3)[:0]).shape == (0, 4, 64, 64)


def test_patch_ignores_batch_and_order() -> None:
    places = lowland_places(6)
    whole = render_patches(places)
    order = np.array([4, 1, 5, 0, 3, 2])
    np.testing.assert_array_equal(render_patches(places[order]), whole[order])
    np.testing.assert_array_equal(render_patches(places[2:3]), whole[2:3])


def test_another_place_is_another_landscape() -> None:
    first, second = places_on("arable", 2)[:1], places_on("arable", 2)[1:]
    assert (render_patches(first) != render_patches(second)).mean() > 0.9


def test_another_year_shows_the_same_fields_with_other_crops() -> None:
    first = places_on("arable", 1, share=0.9)
    second = replace(first, key=first.key + np.uint64(1), year=first.year + 1)
    before, after = ([place_covers(set_scene(site)).cover for site in sites(places)] for places in (first, second))
    np.testing.assert_array_equal(before, after)
    assert (render_patches(first) != render_patches(second)).mean() > 0.9


@pytest.mark.parametrize("cover", COVERS)
def test_survey_stands_on_its_cover(cover: str) -> None:
    for site in sites(places_on(cover, 8, share=0.05)):
        drawn = place_covers(set_scene(site)).cover.reshape(64, 64)
        assert (drawn[31:34, 31:34] == COVERS.index(cover)).all()


def test_shares_are_drawn_with_more_of_the_own_cover() -> None:
    places = places_on("broadleaf forest", 40, share=0.5)
    forest = COVERS.index("broadleaf forest")
    drawn = [(place_covers(set_scene(site)).cover == forest).mean() for site in sites(places)]
    assert np.mean(drawn) == pytest.approx(0.3 + 0.7 * places.cover[:, forest].mean(), abs=0.05)


@pytest.mark.parametrize("cover", ["broadleaf forest", "conifer forest", "meadow"])
def test_lush_covers_are_green(cover: str) -> None:
    assert ndvi(of_cover(cover)) > 0.65


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
    def green(**climate: float) -> float:
        patches = render_patches(places_on("meadow", 10, share=0.9, **climate)).astype(float)
        return ndvi(np.median(patches, axis=(0, 2, 3)))

    dry = green(temperature=16.0, summer_rain=0.25, precipitation=500.0, moisture=0.2)
    assert green() - dry > 0.25


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
