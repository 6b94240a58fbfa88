"""What spectra show of soil and climate."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.measures.spectra import cross_validated_r2, folds


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
