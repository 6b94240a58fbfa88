"""Figures of a survey: what they show, their units, and what they say to those who cannot see them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from sdm.analysis.picture import COMPOSITES
from sdm.figures import climate, landsat, patch
from sdm.figures.patch import ZOOM, picture
from sdm.figures.style import number
from sdm.schema import CLIMATE, LANDSAT
from tests.datasets import multilabel

NOTHING = {name: np.full(m.shape, np.nan, np.float32) for name, m in (("landsat", LANDSAT), ("climate", CLIMATE))}


def survey(modality: str, row: int) -> np.ndarray:
    return multilabel().reader.read(modality, np.array([row]))[0]


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
    assert "25 % of it is missing" in made.caption
    assert "25 %" in made.alt


def test_an_empty_patch_is_drawn_all_the_same() -> None:
    made = picture(np.full((4, 64, 64), np.nan, np.float32))
    assert "100 % of it is missing" in made.alt
    assert "NDVI" not in made.alt


def test_the_stretch_is_told() -> None:
    assert "quantile" in patch.stretch_note().lower()


def test_landsat_shades_its_gaps() -> None:
    figure = landsat.curve(survey("landsat", 5))
    assert len(figure.table) == 84
    assert len(figure.plot.layout.shapes) == 1
    assert "16 of 84 quarters have no data" in figure.alt
    assert figure.plot.layout.yaxis.title.text == "NDVI (index, −1 to 1)"
    assert not any(trace.connectgaps for trace in figure.plot.data)


@pytest.mark.parametrize("measure", list(landsat.MEASURES))
def test_every_band_and_index_has_unit_and_words(measure: str) -> None:
    figure = landsat.curve(survey("landsat", 5), measure)
    assert figure.plot.layout.yaxis.title.text.startswith(landsat.MEASURES[measure].title)
    assert figure.caption
    assert landsat.MEASURES[measure].title in figure.alt


def test_series_without_data_say_so() -> None:
    assert "no data in any quarter" in landsat.curve(NOTHING["landsat"]).alt
    assert "no data" in climate.monthly(NOTHING["climate"]).alt
    assert "no data" in climate.walter_lieth(NOTHING["climate"]).alt


def cube(temperature: float, rain: float) -> np.ndarray:
    """The same month all year round, in stored units."""
    stored = np.empty(CLIMATE.shape, np.float32)
    stored[0] = rain * 100
    stored[1], stored[2], stored[3] = ((t + 273.15) * 10 for t in (temperature, temperature + 5, temperature - 5))
    return stored


def test_the_months_have_their_units() -> None:
    figure = climate.monthly(cube(10, 60))
    assert figure.plot.layout.yaxis.title.text == "°C"
    assert figure.plot.layout.yaxis2.title.text == "mm"
    assert "720 mm of precipitation a year" in figure.alt
    bars = next(trace for trace in figure.plot.data if trace.type == "bar")
    assert np.allclose(bars.y, 60)


def test_walter_lieth_tells_humid_from_arid() -> None:
    assert "12.0 months humid" in climate.walter_lieth(cube(10, 60)).alt
    assert "12.0 months arid" in climate.walter_lieth(cube(30, 20)).alt
    assert "12.0 months perhumid" in climate.walter_lieth(cube(10, 150)).alt


def test_walter_lieth_puts_ten_degrees_beside_twenty_millimetres() -> None:
    axes = climate.walter_lieth(cube(10, 60)).plot.layout
    assert axes.yaxis.range == axes.yaxis2.range
    ten = axes.yaxis.tickvals[list(axes.yaxis.ticktext).index("10")]
    assert ten == axes.yaxis2.tickvals[list(axes.yaxis2.ticktext).index(20)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1.234, "−1.23"), (12345.6, "12\u202f346"), (np.nan, "–"), (0.00012, "0.00012")],
)
def test_numbers_have_sensible_digits(value: float, text: str) -> None:
    assert number(value) == text
