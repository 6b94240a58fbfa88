"""Landsat cubes: the land of the pixel, phenology, wetness, events and gaps."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sdm.geo.projections import degrees_of_metres
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery import landsat_cubes
from sdm.virtual_europe.imagery.crops import crop_of
from sdm.virtual_europe.imagery.events import EVENTS, Event, draw_events
from sdm.virtual_europe.imagery.landsat import composites
from sdm.virtual_europe.imagery.phenology import CROPS, STATE_INDEX
from sdm.virtual_europe.imagery.pixel import SIDE, Parts, landsat_pixels
from sdm.virtual_europe.imagery.stands import stands
from sdm.virtual_europe.landscape.covers import land
from sdm.virtual_europe.landscape.lattice import Windows, windows_at
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.weather import YEARS, drought_of_years
from tests.virtual_europe.imagery.pixels_factory import pixels_on

RED, GREEN, BLUE, NIR, SWIR1, SWIR2 = range(6)
WINTER, SPRING, SUMMER, AUTUMN = range(4)
TODAY = 2020


@cache
def denmark() -> Places:
    """Places in Denmark, in years from 2012 to 2020."""
    random = np.random.default_rng(1)
    lon, lat = random.uniform(8.6, 10.0, 530), random.uniform(55.2, 56.8, 530)
    return places(lon, lat, random.integers(2012, 2021, 530), 0)


def ndvi_by_quarter(cover: str, **changes: float) -> np.ndarray:
    """Mean NDVI of the four quarters over forty pixels of `cover`."""
    mean = np.nanmean(composites(pixels_on(cover, 40, **changes)), axis=(0, 3))
    return np.asarray((mean[NIR] - mean[RED]) / (mean[NIR] + mean[RED]))


def residuals(cubes: np.ndarray) -> np.ndarray:
    """Departures from the mean of each quarter over the years."""
    return np.asarray(cubes - np.nanmean(cubes, axis=-1, keepdims=True))


def test_shape_type_and_range() -> None:
    cubes = landsat_cubes(denmark()[:20])
    assert cubes.shape == (20, 6, 4, 21)
    assert cubes.dtype == np.float32
    seen = cubes[np.isfinite(cubes)]
    assert seen.min() >= 0
    assert seen.max() <= 255
    np.testing.assert_array_equal(seen, np.rint(seen))


def test_no_places_give_no_cubes() -> None:
    assert landsat_cubes(denmark()[:0]).shape == (0, 6, 4, 21)


def test_cube_ignores_batch_and_order() -> None:
    whole = landsat_cubes(denmark())
    order = np.random.default_rng(0).permutation(530)
    np.testing.assert_array_equal(landsat_cubes(denmark()[order]), whole[order])
    for row in (0, 511, 529):
        np.testing.assert_array_equal(landsat_cubes(denmark()[row : row + 1])[0], whole[row])


def test_two_surveys_of_one_pixel_have_one_series() -> None:
    at = windows_at(denmark().lon[:100], denmark().lat[:100])
    column, row = at.west // SIDE * SIDE, at.north // SIDE * SIDE
    corners = [degrees_of_metres((column + i) * 10.0, -(row + i) * 10.0) for i in (0.1, 2.9)]
    first, second = (places(*corner, year, 0) for corner, year in zip(corners, (2012, TODAY), strict=True))
    one, two = landsat_cubes(first), landsat_cubes(second)
    both = np.isfinite(one) & np.isfinite(two)
    assert both[..., : 2018 - 2000].mean() > 0.95
    np.testing.assert_array_equal(one[both], two[both])
    np.testing.assert_array_equal(np.isnan(one)[..., :18], np.isnan(two)[..., :18])


def test_a_pixel_is_shared_by_the_parcels_of_its_land() -> None:
    some = denmark()[:200]
    parts = landsat_pixels(some).parts
    np.testing.assert_allclose(np.bincount(parts.pixel, parts.share), 1, rtol=1e-6)
    at = windows_at(some.lon, some.lat)
    here = land(Windows(at.west // SIDE * SIDE, at.north // SIDE * SIDE, SIDE), 0).cover.reshape(-1, 9)
    meadow = COVERS.index("meadow")
    under = np.bincount(parts.pixel, parts.share * (parts.cover == meadow))
    np.testing.assert_allclose(under, (here == meadow).mean(axis=1), atol=1e-6)


def test_mixed_pixels_lie_between_their_parts() -> None:
    water, wood = (pixels_on(cover, 1) for cover in ("water", "broadleaf forest"))
    zero, half = np.zeros(2, int), np.full(2, 0.5, np.float32)
    both = [np.concatenate([getattr(p.parts, name) for p in (water, wood)]) for name in ("cover", "parcel")]
    mixed = replace(water, parts=Parts(zero, np.arange(2), half, *both))
    nir = [np.nanmean(composites(pixels)[0, NIR]) for pixels in (water, mixed, wood)]
    assert nir[1] == pytest.approx((nir[0] + nir[2]) / 2, rel=0.03)


def test_fields_bear_the_crops_that_patches_show() -> None:
    pixels = pixels_on("arable", 60)
    crops = crop_of(pixels.parts.parcel[:, None], YEARS[None])
    np.testing.assert_array_equal(stands(pixels.parts).crops, crops)
    summer = composites(pixels)[:, :, SUMMER]
    maize, cereal = (crops == number for number in (1, 0))
    assert CROPS[1][0] == "maize"
    assert np.nanmean(summer[:, NIR][maize]) > np.nanmean(summer[:, NIR][cereal]) + 15


def test_band_means_of_the_lowlands() -> None:
    mean = np.nanmean(landsat_cubes(denmark()[denmark().centre != COVERS.index("water")]), axis=(0, 2, 3))
    np.testing.assert_allclose(mean, [15, 16, 8, 69, 48, 25], rtol=0.3)


def test_deciduous_forest_is_green_in_summer_and_bare_in_winter() -> None:
    ndvi = ndvi_by_quarter("broadleaf forest")
    assert ndvi[SUMMER] == ndvi.max()
    assert ndvi[WINTER] == ndvi.min()
    assert ndvi[SUMMER] - ndvi[WINTER] > 0.3


def test_conifer_forest_is_green_all_year() -> None:
    ndvi = ndvi_by_quarter("conifer forest")
    assert ndvi.min() > 0.55
    assert np.ptp(ndvi) < 0.15


def test_mediterranean_grass_peaks_in_spring() -> None:
    ndvi = ndvi_by_quarter("dry grassland", temperature=16.0, summer_rain=0.25, seasonality=8.0, lat=40.0)
    assert ndvi[SPRING] > ndvi[SUMMER] + 0.1


def test_warmth_lengthens_the_season() -> None:
    cold = ndvi_by_quarter("meadow", temperature=3.0, seasonality=11.0)
    mild = ndvi_by_quarter("meadow", temperature=10.0, seasonality=6.0)
    assert mild[WINTER] > cold[WINTER] + 0.2


def test_water_is_black_beyond_the_visible() -> None:
    mean = np.nanmean(composites(pixels_on("water", 40)), axis=(0, 2, 3))
    assert mean[NIR] < 15
    assert mean[SWIR1] < 10


def test_alpine_winters_are_white_and_dark_in_the_short_wave_infrared() -> None:
    mean = np.nanmean(composites(pixels_on("alpine sward", 40)), axis=(0, 3))
    assert mean[RED, WINTER] > 100
    assert mean[RED, SUMMER] < 40
    assert mean[SWIR1, WINTER] < mean[SWIR1, SUMMER]


def test_moisture_darkens_the_short_wave_infrared() -> None:
    wet, dry = (np.nanmean(composites(pixels_on("meadow", 40, moisture=m))[:, SWIR1]) for m in (0.8, 0.2))
    assert wet < 0.95 * dry


def test_bands_move_together() -> None:
    mild = pixels_on("meadow", 60, temperature=10.0, seasonality=6.0)
    apart = residuals(composites(mild)).reshape(60, 6, -1)
    together = np.array([np.ma.corrcoef(np.ma.masked_invalid(one)) for one in apart]).mean(axis=0)
    assert together[RED, SWIR2] > 0.7
    assert together[SWIR1, SWIR2] > 0.8
    assert together[RED, NIR] < 0.1


def test_drought_raises_red_and_the_short_wave_infrared() -> None:
    denmark_in_2018 = residuals(composites(pixels_on("meadow", 60)))[:, :, SUMMER, 2018 - 2000]
    mean = np.nanmean(denmark_in_2018, axis=0)
    assert mean[RED] > 2
    assert mean[SWIR1] > 5
    assert mean[NIR] < 0


def test_older_records_mostly_end_with_2017() -> None:
    def share_missing(year: int) -> np.ndarray:
        here = places(denmark().lon[:150], denmark().lat[:150], year, 0)
        return np.isnan(landsat_cubes(here)).mean(axis=(0, 1, 2))

    old, new = share_missing(2012), share_missing(TODAY)
    assert (old[18:] > 0.6).all()
    assert (old[:18] < 0.1).all()
    assert (new < 0.1).all()


def test_gaps_hold_in_all_bands_and_most_often_in_northern_winters() -> None:
    missing = np.isnan(composites(pixels_on("meadow", 200, lat=66.0)))
    np.testing.assert_array_equal(missing.any(axis=1), missing.all(axis=1))
    by_quarter = missing.mean(axis=(0, 1, 3))
    assert by_quarter.argmax() == WINTER
    assert by_quarter[WINTER] > 3 * by_quarter[SUMMER]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.name} on {event.cover}")
def test_events_name_known_states(event: Event) -> None:
    assert event.cover in COVERS
    assert event.instead in STATE_INDEX


def test_lasting_changes_are_over_before_the_surveys() -> None:
    count, first_survey = 500, 2012
    centre = np.full(count, COVERS.index("built-up"))
    draws = np.random.default_rng(0).random((count, 2)).astype(np.float32)
    state, weight = draw_events(centre, np.zeros(count), draws)
    built = state == STATE_INDEX["arable"]
    assert 0.05 < built.mean() < 0.2
    assert (weight[built][:, 0] == 1.0).all()
    assert (weight[built][:, first_survey - YEARS[0]] < 0.4).all()
    assert (weight[state == centre] == 0.0).all()


def test_the_drought_of_2018_struck_denmark() -> None:
    severity = drought_of_years(np.array([9.5]), np.array([55.8]))[0]
    assert YEARS[severity.argmax()] == 2018
