"""Coordinates as people write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.geo.coordinates import coordinates, format_coordinates, parse_coordinates


@given(some.floats(-180, 180), some.floats(-90, 90))
def test_coordinates_survive_the_box(lon: float, lat: float) -> None:
    back = parse_coordinates(format_coordinates(lon, lat))
    assert back is not None
    assert np.allclose(back, (lon, lat), atol=1e-4)


@pytest.mark.parametrize(
    ("written", "place"),
    [("48.14, 11.58", (11.58, 48.14)), ("48.14° N 11.58° E", (11.58, 48.14)), ("-33;18", (18, -33)),
     ("45 S, 3 W", (-3, -45)), ("S 45 W 3", (-3, -45)), ("3°W, 45°s", (-3, -45)),
     ("11.58 E, 48.14", (11.58, 48.14)),
     ("52.7, 2.23 W", (-2.23, 52.7)), ("52.7° N, -2.23° E", (-2.23, 52.7)), ("−33.9, 18", (18, -33.9)),
     ("52.7, -2.23 W", None), ("-45 S, 3", None), ("45 N, 3 N", None), ("3 E, 45 W", None), ("N 45 S, 3 E", None),
     ("1e5, 2", None), ("48.14", None), ("91, 0", None), ("0, 181", None), ("100 E, 95 N", None), ("", None)],
)  # fmt: skip
def test_coordinates_as_people_write_them(written: str, place: tuple[float, float] | None) -> None:
    assert parse_coordinates(written) == place


@given(some.floats(-180, 180), some.floats(-90, 90))
def test_what_is_written_is_read_back(lon: float, lat: float) -> None:
    written = coordinates(lon, lat)
    assert "-" not in written
    back = parse_coordinates(written)
    assert back is not None
    assert np.allclose(back, (lon, lat), atol=1e-4)


def test_hemispheres() -> None:
    assert coordinates(-7.5, -1.25) == "1.2500° S, 7.5000° W"
    assert coordinates(0, -0.00001) == "0.0000° N, 0.0000° E"
