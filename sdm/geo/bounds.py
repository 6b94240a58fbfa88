"""Bounds of a part of the world in degrees, and how an address writes them."""

from __future__ import annotations

Bounds = tuple[tuple[float, float], tuple[float, float]]
"""(lat, lon) of south-west and north-east."""


def bounds_text(bounds: Bounds | None) -> str:
    """South, west, north and east as part of an address, "" without bounds.

    >>> bounds_text(((60.5, 5.0), (60.51234, 5.25)))
    '60.50000_5.00000_60.51234_5.25000'
    """
    return "" if bounds is None else "_".join(f"{value:.5f}" for corner in bounds for value in corner)


def read_bounds(text: str) -> Bounds | None:
    """The bounds in a text of `bounds_text`, None where it is none.

    >>> read_bounds("60.5_5_60.6_5.25"), read_bounds("60.5_5_60.4_5.25"), read_bounds("nan_0_1_1")
    (((60.5, 5.0), (60.6, 5.25)), None, None)
    """
    try:
        south, west, north, east = map(float, text.split("_"))
    except ValueError:
        return None
    inside = -90 <= south < north <= 90 and -180 <= west < east <= 180
    return ((south, west), (north, east)) if inside else None
