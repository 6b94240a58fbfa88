"""A survey anywhere on land."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.errors import DataError
from sdm.modalities import MODALITIES
from sdm.virtual_europe.simulate import simulate
from sdm.virtual_europe.simulators import simulated_modalities


def test_survey_has_every_modality() -> None:
    survey = simulate(10.2, 51.3, 2019)
    assert survey.country == "Germany"
    shapes = {name: MODALITIES[name].shape for name in simulated_modalities()}
    assert {name: a.shape for name, a in survey.arrays.items()} == shapes
    assert set(survey.species) <= set(survey.species_id)
    assert survey.probabilities.shape == survey.species_id.shape


def test_survey_is_repeatable_and_depends_on_the_year() -> None:
    first, again, later = simulate(4.9, 52.1, 2018), simulate(4.9, 52.1, 2018), simulate(4.9, 52.1, 2019)
    np.testing.assert_array_equal(first.arrays["patch"], again.arrays["patch"])
    assert first.species.tolist() == again.species.tolist()
    np.testing.assert_array_equal(first.arrays["climate"], later.arrays["climate"])
    assert first.places.key != later.places.key


@pytest.mark.parametrize(("lon", "lat"), [(3.0, 55.0), (3.0, 36.2), (100.0, 50.0)])
def test_sea_and_far_lands_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(DataError):
        simulate(lon, lat, 2019)
