"""Measures of a patch and of a Landsat cube, and the spectrum of a pixel."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis.formula import FormulaError
from sdm.analysis.spectral_indices import INDICES, compute, measures, own_measure, spectrum
from sdm.errors import DataError
from sdm.modalities import LANDSAT, PATCH


def patch() -> np.ndarray:
    """Red 1000, green 2000, blue 500, near infrared 3000; one pixel without near infrared, one without light."""
    stored = np.empty(PATCH.shape, np.float32)
    stored[:] = np.array([1000, 2000, 500, 3000], np.float32)[:, None, None]
    stored[3, 0, 0] = np.nan
    stored[:, 0, 1] = 0
    return stored


@pytest.mark.parametrize(("name", "expected"), [("ndvi", 0.5), ("ndwi", -0.2), ("red", 0.1), ("nir", 0.3)])
def test_measures_of_a_patch(name: str, expected: float):
    values = compute(patch(), PATCH, measures(PATCH)[name])
    assert values.shape == (64, 64)
    assert values[5, 5] == pytest.approx(expected, abs=1e-6)


def test_undefined_and_missing_pixels():
    values = compute(patch(), PATCH, measures(PATCH)["ndvi"])
    assert np.isnan(values[0, :2]).all() and np.isfinite(values[1:]).all()
    assert compute(patch(), PATCH, measures(PATCH)["red"])[0, 0] == pytest.approx(0.1)


def test_each_modality_has_the_indices_its_bands_allow():
    assert "nbr" not in measures(PATCH)
    assert list(measures(LANDSAT))[:3] == list(INDICES)
    assert all(measure.source for measure in measures(LANDSAT).values())


def test_a_batch_keeps_its_leading_axes():
    cubes = np.random.default_rng(0).uniform(5, 90, (3, *LANDSAT.shape)).astype(np.float32)
    ndvi = measures(LANDSAT)["ndvi"]
    together = compute(cubes, LANDSAT, ndvi)
    assert together.shape == (3, 4, 21)
    np.testing.assert_array_equal(together[1], compute(cubes[1], LANDSAT, ndvi))


def test_own_formula_sees_reflectance():
    assert compute(patch(), PATCH, own_measure("nir + red", PATCH))[9, 9] == pytest.approx(0.4, abs=1e-6)
    with pytest.raises(FormulaError, match="swir1"):
        own_measure("swir1", PATCH)


def test_spectrum_by_wavelength():
    table = spectrum(patch(), 0, 0)
    assert table["band"].tolist() == ["Blue", "Green", "Red", "Near infrared"]
    assert table["wavelength_nm"].is_monotonic_increasing
    np.testing.assert_allclose(table["reflectance"], [0.05, 0.2, 0.1, np.nan], atol=1e-6)
    with pytest.raises(DataError, match="row 0 to 63"):
        spectrum(patch(), -1, 0)
