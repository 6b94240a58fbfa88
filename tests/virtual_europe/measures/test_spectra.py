"""What spectra show of soil and climate."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.measures.spectra import beyond_climate, cross_validated_r2, folds


def test_r2_of_what_is_shown_and_what_is_not() -> None:
    random = np.random.default_rng(0)
    features = random.normal(0, 1, (300, 3))
    shown, noise = features[:, 0] + 0.1 * random.normal(0, 1, 300), random.normal(0, 1, 300)
    found = cross_validated_r2(features, np.stack([shown, noise], axis=1), random.integers(0, 5, 300))
    assert found[0] > 0.7
    assert found[1] < 0.05


def test_neighbours_share_a_fold() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(0, 20, 200), random.uniform(45, 60, 200)
    here, beside = folds(np.tile(lon, 2), np.append(lat, lat + 1e-4)).reshape(2, -1)
    assert (here == beside).mean() > 0.98
    assert set(here) == set(range(5))


def test_what_climate_tells_of_soil_is_taken_off() -> None:
    random = np.random.default_rng(0)
    warmth, continentality, own = random.normal(0, 1, (3, 400))
    axes = np.stack(
        [warmth, continentality, 2 * warmth - continentality**2, own + warmth * continentality], axis=1
    )
    left = beyond_climate(axes)
    np.testing.assert_allclose(left[:, 0], 0, atol=1e-9)
    assert np.corrcoef(left[:, 1], own)[0, 1] > 0.99
