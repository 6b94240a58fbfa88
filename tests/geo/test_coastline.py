"""Land, sea and the distance between."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.geo.coastline import ASSET, coast_distance, is_land


def test_land_asset_is_small() -> None:
    assert ASSET.stat().st_size < 200_000


@pytest.mark.parametrize(
    ("lon", "lat", "land"),
    [(10.0, 51.0, True), (3.0, 55.0, False), (-4.0, 56.8, True), (-20.0, 45.0, False), (10.0, 80.0, False)],
)
def test_land_and_sea(lon: float, lat: float, land: bool) -> None:
    assert bool(is_land(lon, lat)) is land


def test_distance_to_the_sea() -> None:
    amsterdam, kyiv = coast_distance(np.array([4.9, 30.5]), np.array([52.37, 50.45]))
    assert amsterdam < 20
    assert kyiv == pytest.approx(400, abs=60)
