"""Coordinates as people write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.geo.coordinates import format_coordinates, parse_coordinates


@given(some.floats(-180, 180), some.floats(-90, 90))
def test_coordinates_survive_the_box(lon: float, lat: float) -> None:
    back = parse_coordinates(format_coordinates(lon, lat))
    assert back is not None
    assert np.allclose(back, (lon, lat), atol=1e-4)


@pytest.mark.parametrize(
    ("written", "place"),
    [("48.14, 11.58", (11.58, 48.14)), ("48.14° N 11.58° E", (11.58, 48.14)), ("-33;18", (18, -33)),
     ("1e5, 2", None), ("48.14", None), ("91, 0", None), ("0, 181", None), ("", None)],
)  # fmt: skip
def test_coordinates_as_people_write_them(written: str, place: tuple[float, float] | None) -> None:
    assert parse_coordinates(written) == place
