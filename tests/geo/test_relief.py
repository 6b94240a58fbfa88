"""Relief: the height of a place, whatever places it is computed with."""

from __future__ import annotations

import numpy as np

from sdm.geo.coastline import coast_distance
from sdm.geo.relief import _along, _ranges, _segments, relief


def _places() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    return random.uniform(-10, 40, 300), random.uniform(35, 70, 300)


def test_a_place_ignores_those_computed_with_it() -> None:
    lon, lat = _places()
    coast = coast_distance(lon, lat)
    together = relief(lon, lat, coast)
    for i in range(0, 300, 30):
        alone = relief(lon[[i]], lat[[i]], coast[[i]])
        assert (alone.elevation[0], alone.slope[0]) == (together.elevation[i], together.slope[i])


def test_ranges_left_out_are_too_far_to_matter() -> None:
    random = np.random.default_rng(1)
    x, y = random.uniform(-1500, 1500, 500), random.uniform(-1800, 1800, 500)
    _, _, height, width = _segments()
    along, distance2 = _along(x[:, None], y[:, None], slice(None))
    crest = height[:, 0] + along * (height[:, 1] - height[:, 0])
    of_all = ((crest * np.exp(-distance2 / width**2)) ** 4).sum(axis=1) ** 0.25
    assert of_all.max() > 1000
    np.testing.assert_allclose(_ranges(x, y), of_all, atol=1e-4)
