"""The true niche: one variable of a place moved, the others left."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.virtual_europe import flora
from sdm.virtual_europe.environment import bioclim
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.niche import VARIABLES, true_dependence
from sdm.virtual_europe.occurrence import probabilities
from sdm.virtual_europe.place import Places

COUNT = 264
BEECH = next(i for i, species in enumerate(flora.flora()) if species.name == "Fagus sylvatica")
BEECH_ID = int(flora.species_ids(COUNT)[BEECH])


@pytest.fixture(scope="module")
def there() -> Places:
    return places(np.array([9.5, 12.0, 23.0]), np.array([56.0, 48.0, 42.5]), 2019, 0)


def test_predictors_are_the_variables_they_stand_for(there: Places) -> None:
    shown = dict(zip((f"Bio{i}" for i in range(1, 20)), bioclim(there).T, strict=True))
    for predictor in ("Bio1", "Bio4"):
        name, one = VARIABLES[predictor]
        assert np.allclose(shown[predictor], getattr(there, name) * one, rtol=2e-3, atol=0.02)


@pytest.mark.parametrize("predictor", VARIABLES)
def test_at_its_own_value_a_place_is_itself(there: Places, predictor: str) -> None:
    name, one = VARIABLES[predictor]
    own = getattr(there, name) * one
    moved = true_dependence(there, predictor, own, BEECH_ID, COUNT)
    assert moved is not None
    assert np.allclose(np.diag(moved), probabilities(there, COUNT)[:, BEECH])


def test_it_falls_on_both_sides_of_the_optimum(there: Places) -> None:
    curve = true_dependence(there, "Soilgrid-phh2o", np.linspace(3, 10, 40), BEECH_ID, COUNT)
    assert curve is not None
    rises = np.diff(curve.mean(axis=1)) > 0
    assert rises[0]
    assert not rises[-1]
    assert (np.diff(rises.astype(int)) != 0).sum() == 1


def test_other_predictors_and_other_species_have_none(there: Places) -> None:
    assert true_dependence(there, "Bio12", np.array([600.0]), BEECH_ID, COUNT) is None
    assert true_dependence(there, "Bio1", np.array([9.0]), -5, COUNT) is None
