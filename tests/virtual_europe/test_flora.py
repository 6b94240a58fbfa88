"""The plants: names, niches, and presence as a pure function of the survey."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.flora import flora, habitats, species_ids
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.occurrence import probabilities
from sdm.virtual_europe.place import COVERS

NAMES = [species.name for species in flora()]


def probability(name: str, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return probabilities(places(lon, lat, 2019, 0))[:, NAMES.index(name)]


def around(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return lon + rng.uniform(-0.7, 0.7, 250), lat + rng.uniform(-0.5, 0.5, 250)


def test_four_hundred_named_species() -> None:
    assert len(NAMES) == len(set(NAMES)) == 394
    assert all(s.genus and s.family.endswith("ceae") and s.common_name for s in flora())


def test_ids_are_spread_and_nest() -> None:
    ids = species_ids(11_255)
    assert set(ids.tolist()) == set(range(11_255))
    np.testing.assert_array_equal(species_ids(300), ids[:300])
    assert species_ids(300).max() > 10_000


def test_species_grow_where_one_expects_them() -> None:
    boreal, mediterranean = around(27, 63), around(22.5, 37.8)
    assert probability("Vaccinium myrtillus", *boreal).mean() > 0.2
    assert probability("Vaccinium myrtillus", *mediterranean).mean() < 0.01
    assert probability("Pistacia lentiscus", *boreal).max() < 1e-3
    assert probability("Pistacia lentiscus", *mediterranean).mean() > 0.02
    alps = around(8.5, 46.5)
    assert probability("Geum montanum", *alps).max() > 0.1
    assert probability("Geum montanum", *around(5.5, 52.2)).max() < 1e-3


def test_endemics_stay_at_home() -> None:
    assert probability("Haberlea rhodopensis", *around(24.8, 41.8)).max() > 1e-3
    assert probability("Haberlea rhodopensis", *around(8.5, 46.5)).max() < 1e-4


def test_habitats_of_named_and_simulated_species() -> None:
    of = habitats(420)
    assert COVERS[of[NAMES.index("Fagus sylvatica")]] == "broadleaf forest"
    np.testing.assert_array_equal(habitats(30), of[:30])
    assert set(of[394:]) <= set(of[:394])
