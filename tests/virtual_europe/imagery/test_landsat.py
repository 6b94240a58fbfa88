"""Landsat cubes: shape, purity, phenology, events and gaps."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.virtual_europe.imagery import landsat_cubes
from sdm.virtual_europe.imagery.events import EVENTS, Event, draw_events
from sdm.virtual_europe.imagery.phenology import STATE_INDEX
from sdm.virtual_europe.imagery.weather import YEARS, drought_of_years
from sdm.virtual_europe.place import COVERS
from tests.virtual_europe.imagery.places_factory import lowland_places, places_on

RED, GREEN, BLUE, NIR, SWIR1, SWIR2 = range(6)
WINTER, SPRING, SUMMER, AUTUMN = range(4)


def ndvi_by_quarter(cover: str, **changes: float) -> np.ndarray:
    """Mean NDVI of the four quarters over forty places on `cover`."""
    cubes = landsat_cubes(places_on(cover, 40, share=0.95, **changes))
    mean = np.nanmean(cubes, axis=(0, 3))
    return (mean[NIR] - mean[RED]) / (mean[NIR] + mean[RED])


def test_shape_type_and_range() -> None:
    cubes = landsat_cubes(lowland_places(20))
    assert cubes.shape == (20, 6, 4, 21)
    assert cubes.dtype == np.float32
    seen = cubes[np.isfinite(cubes)]
    assert seen.min() >= 0
    assert seen.max() <= 255
    np.testing.assert_array_equal(seen, np.rint(seen))


def test_no_places_give_no_cubes() -> None:
    assert landsat_cubes(lowland_places(3)[:0]).shape == (0, 6, 4, 21)


def test_cube_ignores_batch_and_order() -> None:
    places = lowland_places(700)
    whole = landsat_cubes(places)
    order = np.random.default_rng(0).permutation(700)
    np.testing.assert_array_equal(landsat_cubes(places[order]), whole[order])
    for row in (0, 511, 699):
        np.testing.assert_array_equal(landsat_cubes(places[row : row + 1])[0], whole[row])


def test_band_means_of_the_lowlands() -> None:
    mean = np.nanmean(landsat_cubes(lowland_places(1500)), axis=(0, 2, 3))
    np.testing.assert_allclose(mean, [15, 16, 8, 69, 48, 25], rtol=0.25)


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
    mean = np.nanmean(landsat_cubes(places_on("water", 40, share=0.95)), axis=(0, 2, 3))
    assert mean[NIR] < 15
    assert mean[SWIR1] < 10


def test_alpine_winters_are_white_and_dark_in_the_short_wave_infrared() -> None:
    mean = np.nanmean(landsat_cubes(places_on("alpine sward", 40, share=0.95)), axis=(0, 3))
    assert mean[RED, WINTER] > 100
    assert mean[RED, SUMMER] < 40
    assert mean[SWIR1, WINTER] < mean[SWIR1, SUMMER]


def test_moisture_darkens_the_short_wave_infrared() -> None:
    wet, dry = (
        np.nanmean(landsat_cubes(places_on("meadow", 40, share=0.95, moisture=m))[:, SWIR1]) for m in (0.8, 0.2)
    )
    assert wet < 0.85 * dry


def test_older_records_mostly_end_with_2017() -> None:
    def share_missing(year: int) -> np.ndarray:
        places = places_on("meadow", 300, year=year)
        return np.isnan(landsat_cubes(places)).mean(axis=(0, 1, 2))

    old, new = share_missing(2012), share_missing(2020)
    assert (old[18:] > 0.6).all()
    assert (old[:18] < 0.1).all()
    assert (new < 0.1).all()


def test_gaps_hold_in_all_bands_and_most_often_in_northern_winters() -> None:
    missing = np.isnan(landsat_cubes(places_on("meadow", 200, year=2020, lat=66.0)))
    np.testing.assert_array_equal(missing.any(axis=1), missing.all(axis=1))
    by_quarter = missing.mean(axis=(0, 1, 3))
    assert by_quarter.argmax() == WINTER
    assert by_quarter[WINTER] > 3 * by_quarter[SUMMER]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.name} on {event.cover}")
def test_events_name_known_states(event: Event) -> None:
    assert event.cover in COVERS
    assert event.instead in STATE_INDEX


def test_lasting_changes_are_over_at_the_survey() -> None:
    count, survey = 500, 2012
    centre = np.full(count, COVERS.index("built-up"))
    draws = np.random.default_rng(0).random((count, 2)).astype(np.float32)
    state, weight = draw_events(centre, np.full(count, survey), np.zeros(count), draws)
    built = state == STATE_INDEX["arable"]
    assert 0.05 < built.mean() < 0.2
    assert (weight[built][:, 0] == 1.0).all()
    assert (weight[built][:, survey - YEARS[0]] < 0.4).all()
    assert (weight[state == centre] == 0.0).all()


def test_the_drought_of_2018_struck_denmark() -> None:
    severity = drought_of_years(np.array([9.5]), np.array([55.8]))[0]
    assert YEARS[severity.argmax()] == 2018
