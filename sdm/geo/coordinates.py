"""Coordinates as people write them."""

from __future__ import annotations

import re

_COORDINATES = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*°?\s*[nN]?\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*°?\s*[eE]?\s*$")


def parse_coordinates(text: str) -> tuple[float, float] | None:
    """Return (lon, lat) in degrees of "latitude, longitude"; None when it is no place on earth.

    >>> parse_coordinates("48.14, 11.58"), parse_coordinates("somewhere"), parse_coordinates("99, 0")
    ((11.58, 48.14), None, None)
    """
    match = _COORDINATES.match(text)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None


def format_coordinates(lon: float, lat: float) -> str:
    """Return "latitude, longitude" in degrees to about 10 m, which `parse_coordinates` reads.

    >>> format_coordinates(11.58, 48.14)
    '48.1400, 11.5800'
    """
    return f"{lat:.4f}, {lon:.4f}"
