"""The plants: names, niches, and presence as a pure function of the survey."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.flora import draw_species, flora, probabilities, species_ids
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.sampling import draw

NAMES = [species.name for species in flora()]


def probability(name: str, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return probabilities(places(lon, lat, 2019, 0))[:, NAMES.index(name)]


def around(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return lon + rng.uniform(-0.7, 0.7, 250), lat + rng.uniform(-0.5, 0.5, 250)


def test_three_hundred_named_species() -> None:
    assert len(NAMES) == len(set(NAMES)) == 300
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


def test_richness_and_prevalence_of_a_survey() -> None:
    surveyed = draw("train", np.arange(1500), 5).places
    present = draw_species(surveyed, probabilities(surveyed))
    richness = present.sum(axis=1)
    assert 14 < richness.mean() < 20
    assert 11 < np.median(richness) < 17
    assert richness.min() >= 1
    assert 0.38 < (present.mean(axis=0) < 0.01).mean() < 0.62


def test_presence_depends_on_the_survey_alone() -> None:
    number = np.arange(50)
    whole = draw("far", number, 0).places
    present = draw_species(whole, probabilities(whole))
    some = draw("far", number[[31, 4]], 0).places
    np.testing.assert_array_equal(draw_species(some, probabilities(some)), present[[31, 4]])


def test_more_species_leave_the_named_ones_as_they_are() -> None:
    surveyed = draw("train", np.arange(20), 0).places
    few, many = probabilities(surveyed), probabilities(surveyed, 340)
    np.testing.assert_allclose(many[:, :300], few, rtol=1e-9)
    np.testing.assert_array_equal(
        draw_species(surveyed, many)[:, :300][draw_species(surveyed, few).sum(axis=1) > 1],
        draw_species(surveyed, few)[draw_species(surveyed, few).sum(axis=1) > 1],
    )
    assert 0 < many[:, 300:].mean() < few.mean()
