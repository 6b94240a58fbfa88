"""Figures of rasters: panels by unit, hatched gaps, words about unknown channels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from sdm.analysis.raster_looks import looks, render_raster
from sdm.analysis.spectra import fit_spectra, spectrum_table
from sdm.figures.patch import HATCH
from sdm.figures.raster_image import WIDTH, raster_picture
from sdm.figures.spectrum import spectrum
from sdm.modalities import MODALITIES
from tests.rasters.coast import IMAGE, PHOTO, PIXEL, coast


def test_a_pixel_with_its_class_and_another() -> None:
    data, row = coast(), MODALITIES[PIXEL]
    groups = fit_spectra(data, data.rows("train", "block"), PIXEL)
    table = spectrum_table(data.reader.read(PIXEL, np.array([5]))[0], row, groups, "1", "3")
    figure = spectrum(table, "this pixel", groups.titles[0], groups.titles[2])
    names = {trace.name for trace in figure.plot.data if trace.name}
    assert names == {"this pixel", groups.titles[0], groups.titles[2]}
    assert figure.plot.layout.xaxis.title.text == "Wavelength (nm)"
    assert figure.table is table and "10 bands" in figure.alt


def test_bands_of_another_unit_have_a_panel_of_their_own() -> None:
    row = MODALITIES["pixel-B2-B3-VV-VH"]
    table = spectrum_table(np.array([500, 600, -12, -18], np.float32), row, None, None, None)
    figure = spectrum(table, "this pixel", "")
    assert figure.plot.layout.yaxis.title.text == "Reflectance"
    assert figure.plot.layout.yaxis2.title.text == "Backscatter (dB)"
    assert figure.plot.layout.xaxis2.type == "category"


def test_gaps_of_an_image_are_hatched_and_its_size_is_said() -> None:
    data, row = coast(), MODALITIES[IMAGE]
    values = data.reader.read(IMAGE, np.array([0]))[0]
    look = next(iter(looks(row.channels).values()))
    drawn = raster_picture(render_raster(values, row, look), row, area_m2=6400.0)
    pixels = np.asarray(Image.open(io.BytesIO(drawn.png)))
    assert pixels.shape == (WIDTH, WIDTH, 3)
    assert {tuple(pixels[1, 1]), tuple(pixels[1, 6])} <= {tuple(colour) for colour in HATCH}
    assert "80 m" in drawn.caption and "missing" in drawn.caption


def test_a_photograph_keeps_its_brightness() -> None:
    row = MODALITIES[PHOTO]
    values = np.full(row.shape, 100, np.float32)
    drawn = raster_picture(render_raster(values, row, looks(row.channels)["natural"]), row)
    assert (np.asarray(Image.open(io.BytesIO(drawn.png))) == 100).all()
