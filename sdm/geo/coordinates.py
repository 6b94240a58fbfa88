"""Coordinates as people read and write them."""

from __future__ import annotations

import re

_NUMBER = r"[-+−]?\d+(?:\.\d+)?"
_LATITUDE, _LONGITUDE = "NS", "EW"


def _angle(i: int) -> str:
    """A number of degrees with its hemisphere's letter in front, behind or nowhere."""
    return (
        rf"(?:(?P<front{i}>[NSEW])\s*(?P<led{i}>{_NUMBER})\s*°?"
        rf"|(?P<plain{i}>{_NUMBER})\s*°?\s*(?P<behind{i}>[NSEW])?)"
    )


_PAIR = re.compile(rf"\s*{_angle(1)}\s*[,;\s]\s*{_angle(2)}\s*", re.IGNORECASE)


def parse_coordinates(text: str) -> tuple[float, float] | None:
    """Return (lon, lat) in degrees of "latitude, longitude"; None when it is no place on earth.

    Letters of hemispheres turn the sign, and the order where they say so. A minus before S or W, and two letters
    of one axis, contradict themselves: None. A minus before N or E does not: -2.23° E is 2.23° W.

    >>> parse_coordinates("48.14, 11.58"), parse_coordinates("45 S, 3 W"), parse_coordinates("11.58 E 48.14 N")
    ((11.58, 48.14), (-3.0, -45.0), (11.58, 48.14))
    >>> parse_coordinates("somewhere"), parse_coordinates("99, 0"), parse_coordinates("45 N, -2.23 W")
    (None, None, None)
    """
    match = _PAIR.fullmatch(text)
    if match is None:
        return None
    letters = [(match[f"front{i}"] or match[f"behind{i}"] or "").upper() for i in (1, 2)]
    values = [float((match[f"led{i}"] or match[f"plain{i}"]).replace("−", "-")) for i in (1, 2)]
    if any(letter in ("S", "W") and value < 0 for letter, value in zip(letters, values, strict=True)):
        return None
    lat, lon = (-value if letter in ("S", "W") else value for letter, value in zip(letters, values, strict=True))
    first, second = letters
    if (first and first in _LONGITUDE) or (second and second in _LATITUDE):
        lat, lon, first, second = lon, lat, second, first
    if (first and first not in _LATITUDE) or (second and second not in _LONGITUDE):
        return None
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None


def format_coordinates(lon: float, lat: float) -> str:
    """Return "latitude, longitude" in degrees to about 10 m, which `parse_coordinates` reads.

    >>> format_coordinates(11.58, 48.14)
    '48.1400, 11.5800'
    """
    return f"{lat:.4f}, {lon:.4f}"


def coordinates(lon: float, lat: float, digits: int = 4) -> str:
    """Return a position as people write it, with hemispheres and without signs; 4 digits are about 10 m.

    >>> coordinates(-7.4895, 53.7543), coordinates(18.4, -33.9, 1), coordinates(-0.00001, 0)
    ('53.7543° N, 7.4895° W', '33.9° S, 18.4° E', '0.0000° N, 0.0000° E')
    """
    north, east = round(lat, digits), round(lon, digits)
    return f"{_written(north, 'NS', digits)}, {_written(east, 'EW', digits)}"


def _written(degrees: float, letters: str, digits: int) -> str:
    """Degrees with the first letter from 0 up, the second below."""
    return f"{abs(degrees):.{digits}f}° {letters[int(degrees < 0)]}"
