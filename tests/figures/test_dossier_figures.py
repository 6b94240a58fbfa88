"""Figures of a survey: what they show, their units, and what they say to those who cannot see them."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sdm.analysis import renderings
from sdm.analysis.climate import annual, anomalies, climatology, one_year
from sdm.analysis.environment import Outside, outside, table
from sdm.analysis.histogram import histogram
from sdm.analysis.landsat import MEASURES, band_curves, measure_curve, seasons, series, year_by_quarter
from sdm.analysis.novelty import reference_of
from sdm.analysis.spectral_indices import Measure, pixel_table, spectrum
from sdm.analysis.stretches import COMPOSITES
from sdm.analysis.walter_lieth import diagram
from sdm.figures import Figure, climate, climate_years, environment, landsat, patch
from sdm.figures import pixels as pixels_of
from sdm.figures.common_scale import same_scale
from sdm.figures.patch import ZOOM, Picture
from sdm.figures.style import share_ticks
from sdm.modalities import CLIMATE, LANDSAT, QUARTERS
from sdm.number_format import number
from tests.datasets import multilabel

NOTHING = {name: np.full(m.shape, np.nan, np.float32) for name, m in (("landsat", LANDSAT), ("climate", CLIMATE))}


def survey(modality: str, row: int) -> np.ndarray:
    return multilabel().reader.read(modality, np.array([row]))[0]


def picture(bands: np.ndarray, name: str = "natural") -> Picture:
    return patch.picture(renderings.render(bands, renderings.LOOKS[name]))


def curve(cube: np.ndarray, measure: Measure = MEASURES["ndvi"], trended: bool = False) -> Figure:
    return landsat.curve(measure_curve(cube, measure, trended), measure)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png))).astype(int)


@pytest.mark.parametrize("name", list(COMPOSITES))
def test_a_patch_is_a_picture_of_its_bands(name: str) -> None:
    bands = np.zeros((4, 64, 64), np.float32)
    bands[0, :, 32:] = 5000  # red in the east
    bands[3, 32:, :] = 5000  # near infrared in the south
    shown = pixels(picture(bands, name).png)
    assert shown.shape == (64 * ZOOM, 64 * ZOOM, 3)
    bright, dark = ((60, 300), (60, 60)) if name == "natural" else ((300, 100), (60, 60))
    assert shown[bright][0] == 255
    assert shown[dark][0] == 0


def test_missing_pixels_are_hatched_and_said() -> None:
    bands = survey("patch", 6)
    bands[:, :16] = np.nan
    made = picture(bands)
    top = pixels(made.png)[5:60, 100:300]
    assert (top.max(axis=2) - top.min(axis=2) < 10).all()
    assert len(np.unique(top)) > 2
    assert "25\u202f% of it is missing" in made.caption
    assert "25\u202f%" in made.alt


def test_an_empty_patch_is_drawn_all_the_same() -> None:
    made = picture(np.full((4, 64, 64), np.nan, np.float32))
    assert "100\u202f% of it is missing" in made.alt
    assert "NDVI" not in made.alt


def test_the_stretch_is_told() -> None:
    assert "quantile" in patch.stretch_note().lower()


def test_landsat_shades_its_gaps() -> None:
    figure = curve(survey("landsat", 5))
    assert len(figure.table) == 84
    assert len(figure.plot.layout.shapes) == 1
    assert "16 of 84 quarters have no data" in figure.alt
    assert figure.plot.layout.yaxis.title.text == "NDVI (index, −1 to 1)"
    assert not any(trace.connectgaps for trace in figure.plot.data)


@pytest.mark.parametrize("measure", list(MEASURES))
def test_every_band_and_index_has_unit_and_words(measure: str) -> None:
    figure = curve(survey("landsat", 5), MEASURES[measure])
    assert figure.plot.layout.yaxis.title.text.startswith(MEASURES[measure].title)
    assert figure.caption
    assert MEASURES[measure].title in figure.alt


def test_series_without_data_say_so() -> None:
    assert "no data in any quarter" in curve(NOTHING["landsat"]).alt
    assert "no data" in climate.monthly(climatology(NOTHING["climate"])).alt
    assert "no data" in climate.walter_lieth(diagram(NOTHING["climate"])).alt


def cube(temperature: float, rain: float) -> np.ndarray:
    """The same month all year round, in stored units."""
    stored = np.empty(CLIMATE.shape, np.float32)
    stored[0] = rain * 100
    stored[1], stored[2], stored[3] = ((t + 273.15) * 10 for t in (temperature, temperature + 5, temperature - 5))
    return stored


def test_the_months_have_their_units() -> None:
    figure = climate.monthly(climatology(cube(10, 60)))
    assert figure.plot.layout.yaxis.title.text == "°C"
    assert figure.plot.layout.yaxis2.title.text == "mm"
    assert "720 mm of precipitation a year" in figure.alt
    bars = next(trace for trace in figure.plot.data if trace.type == "bar")
    assert np.allclose(bars.y, 60)


def test_walter_lieth_tells_humid_from_arid() -> None:
    assert "12.0 months humid" in climate.walter_lieth(diagram(cube(10, 60))).alt
    assert "12.0 months arid" in climate.walter_lieth(diagram(cube(30, 20))).alt
    assert "12.0 months perhumid" in climate.walter_lieth(diagram(cube(10, 150))).alt


def test_walter_lieth_puts_ten_degrees_beside_twenty_millimetres() -> None:
    axes = climate.walter_lieth(diagram(cube(10, 60))).plot.layout
    assert axes.yaxis.range == axes.yaxis2.range
    ten = axes.yaxis.tickvals[list(axes.yaxis.ticktext).index("10")]
    assert ten == axes.yaxis2.tickvals[list(axes.yaxis2.ticktext).index(20)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1.234, "−1.23"), (12345.6, "12,346"), (np.nan, "–"), (0.00012, "0.00012")],
)
def test_numbers_have_sensible_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_formula_of_ones_own_is_a_look() -> None:
    bands = np.full((4, 64, 64), 1000, np.float32)
    bands[3, :, :32] = 3000
    own, index = renderings.own_look("(nir - red) / (nir + red)"), renderings.LOOKS["ndvi"]
    np.testing.assert_array_equal(
        own.pixels(bands, "natural")[0, [0, 63]], [[1, 133, 113, 255], [166, 97, 26, 255]]
    )
    assert own.limits(bands) == (0.0, 0.5)
    assert index.limits(bands) == (-1.0, 1.0)


@pytest.mark.parametrize("name", list(renderings.LOOKS))
def test_every_look_can_be_pointed_at(name: str) -> None:
    bands = survey("patch", 6)
    bands[:, 5, 7] = np.nan
    look = renderings.LOOKS[name]
    figure = pixels_of.pointed(renderings.render(bands, look), pixel_table(bands, look.measure), (5, 7))
    targets = next(trace for trace in figure.plot.data if len(trace.x) == 64 * 64)
    assert (targets.x[1], targets.y[1]) == (-305, 315)
    assert targets.customdata.shape == (64 * 64, 4 + (look.measure is not None))
    mark = figure.plot.data[-1]
    assert (mark.x[0], mark.y[0]) == (-245, 265)
    assert len(figure.table) == 64 * 64


def test_the_spectrum_is_that_of_the_pixel() -> None:
    bands = np.zeros((4, 64, 64), np.float32)
    bands[:, 10, 20] = [1000, 2000, 3000, 4000]  # red, green, blue, near infrared
    table = pixels_of.pixel_spectrum(spectrum(bands, 10, 20), (10, 20)).table
    assert table["reflectance"].round(3).tolist() == [0.3, 0.2, 0.1, 0.4]
    assert table["patch_median"].tolist() == [0, 0, 0, 0]


@given(line=st.integers(0, 63), column=st.integers(0, 63))
def test_metres_and_pixels_are_inverse(line: int, column: int) -> None:
    assert pixels_of.pixel(*pixels_of.metres(line, column)) == (line, column)


def test_brightness_without_training_pictures_shows_the_patch_alone() -> None:
    figure = pixels_of.brightness(histogram(survey("patch", 6)))
    assert len(figure.plot.data) == 4
    assert "training" not in figure.caption


@pytest.mark.parametrize("trended", [False, True])
def test_seasons_stand_in_one_order(trended: bool) -> None:
    """Plotly reverses a legend whose figure has a filled area, as the interval of a trend is."""
    plot = curve(survey("landsat", 0), trended=trended).plot
    assert [trace.name for trace in plot.data if trace.name in QUARTERS] == list(QUARTERS)
    assert plot.layout.legend.traceorder == "normal"


def test_a_trend_is_drawn_and_said() -> None:
    cube = np.full(LANDSAT.shape, 40, np.float32)
    cube[3] += np.arange(21)[None, :] * 2  # near infrared rises with the years
    figure = curve(cube, MEASURES["nir"], trended=True)
    assert "rising" in figure.caption
    assert "trend" in [trace.name for trace in figure.plot.data]
    assert "Too few quarters" in curve(NOTHING["landsat"], trended=True).caption


def test_the_heat_strip_leaves_gaps_empty() -> None:
    ndvi = series(survey("landsat", 5), MEASURES["ndvi"])
    figure = landsat.heat_strip(year_by_quarter(ndvi), MEASURES["ndvi"])
    assert np.asarray(figure.plot.data[0].z, float).shape == (4, 21)
    assert "16 of 84 cells empty" in figure.alt
    assert landsat.by_season(seasons(ndvi), MEASURES["ndvi"]).table["missing"].sum() == 16
    assert len(landsat.all_bands(band_curves(survey("landsat", 5))).plot.data) == 6


def test_a_year_is_told_against_the_usual_one() -> None:
    cube = np.zeros(CLIMATE.shape, np.float32)
    cube[0], cube[1:] = 50, 2831  # mm and tenths of a kelvin, as stored
    cube[1:, 3] += 20  # two degrees in 2003
    caption = climate_years.against(climatology(cube), one_year(cube, 2003)).caption
    assert "2003 was 1.9 °C warmer than usual" in caption
    assert "0\u202f% more precipitation" in caption
    assert "2003" in climate_years.by_year(annual(cube)).alt
    assert "Jan 2003" in climate_years.departures(anomalies(cube)).alt


def test_a_climate_without_data_draws_nothing_wrong() -> None:
    nothing = NOTHING["climate"]
    assert climate_years.against(climatology(nothing)).alt
    assert "without data" in climate_years.against(climatology(nothing), one_year(nothing, 2003)).alt
    assert "no data" in climate_years.departures(anomalies(nothing)).alt
    assert "no data" in climate_years.by_year(annual(nothing)).alt


def test_plots_side_by_side_share_their_scales() -> None:
    low, high = (curve(np.full(LANDSAT.shape, v, np.float32), MEASURES["red"]) for v in (10, 200))
    same_scale([low.plot, high.plot])
    assert low.plot.layout.yaxis.range == high.plot.layout.yaxis.range
    maps = [go.Figure(go.Heatmap(z=[[value]], zmid=0)) for value in (1, -3)]
    same_scale(maps)
    assert [(m.data[0].zmin, m.data[0].zmax) for m in maps] == [(-3, 3), (-3, 3)]
    shares = [go.Figure(go.Scatter(x=[1], y=[top])).update_yaxes(share_ticks(top)) for top in (0.05, 0.6)]
    same_scale(shares)
    assert shares[0].layout.yaxis.ticktext == shares[1].layout.yaxis.ticktext
    assert max(shares[0].layout.yaxis.tickvals) == 0.6
    names = [go.Figure(go.Scatter(x=[1], y=["soil"])) for _ in range(2)]
    same_scale(names)
    assert names[0].layout.yaxis.range is None


def test_predictors_stand_where_training_has_them() -> None:
    values = multilabel().reader.read("environment", np.arange(20))
    reference = reference_of(values)
    rows = table(values[0], reference)
    figure = environment.percentiles(rows)
    shown = sum(len(trace.x) for trace in figure.plot.data)
    assert shown == rows["percentile"].notna().sum()
    assert "of" in environment.outside_words(outside(values[0], reference))
    far = environment.outside_words(outside(values[0] * 50, reference))
    assert "Outside nearly all" in far
    assert "no training survey matches" in far


@pytest.mark.parametrize(
    ("percentile", "words"), [(0, "less than at any"), (100, "more than at any"), (99.7, "> 99")]
)
def test_the_ends_of_a_percentile_are_words(percentile: float, words: str) -> None:
    site = Outside(1.0, percentile, 40, 50, pd.DataFrame())
    assert words in environment.outside_words(site)
    assert "100" not in environment.outside_words(site)
