"""Web Mercator: positions, tiles and northings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.errors import SdmError
from sdm.geo.mercator import Tile, mercator_y, project, unproject


@given(some.floats(-180, 180), some.floats(-85, 85))
def test_projection_comes_back(lon: float, lat: float) -> None:
    back = unproject(*project(np.array(lon), np.array(lat)))
    assert np.allclose(back, (lon, lat), atol=1e-9)


def test_a_known_place() -> None:
    x, y = project(np.array(11.575), np.array(48.137))  # Munich, tile 6/34/22 of every web map
    assert (int(x * 64), int(y * 64)) == (34, 22)


@pytest.mark.parametrize("where", [(0, 1, 0), (20, 0, 0), (-1, 0, 0), (3, -1, 2), (3, 2, 8)])
def test_no_tile_outside_the_pyramid(where: tuple[int, int, int]) -> None:
    with pytest.raises(SdmError, match="no such tile"):
        Tile(*where)


def test_northing_grows_poleward() -> None:
    lat = np.linspace(-80, 80, 33)
    assert (np.diff(mercator_y(lat)) > 0).all()
    assert float(mercator_y(0.0)) == pytest.approx(0)
    assert mercator_y(60.0) > 60
