"""Web Mercator (EPSG:3857) as the unit square, and its tiles.

x runs east from 0 at 180° W to 1 at 180° E, y south from 0 at 85.05° N. Tile (z, x, y) covers 2**-z of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.errors import SdmError

TILE_PIXELS = 256  # a side
HIGHEST_ZOOM = 16  # of the map
RASTER_ZOOM = 19  # of rasters and their polygons
MAX_LAT = 85.05112878  # degrees, where the square ends
EQUATOR_M = 40_075_017.0


@dataclass(frozen=True)
class Tile:
    """One tile of the pyramid; SdmError where there is none."""

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        inside = 0 <= self.zoom <= RASTER_ZOOM and 0 <= self.x < 2**self.zoom and 0 <= self.y < 2**self.zoom
        if not inside:
            raise SdmError("no such tile", expected=f"zoom 0..{RASTER_ZOOM}", got=(self.zoom, self.x, self.y))

    def pixel_centres(self, size: int = TILE_PIXELS, margin: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Return longitude and latitude (n, n) of `size` pixels a side and `margin` more around, row 0 north."""
        steps = (np.arange(-margin, size + margin) + 0.5) / size
        lon, lat = unproject((self.x + steps) / 2**self.zoom, (self.y + steps) / 2**self.zoom)
        return tuple(np.meshgrid(lon, lat))


def project(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return positions in degrees on the unit square.

    >>> [float(v) for v in project(np.array(0.0), np.array(0.0))]
    [0.5, 0.5]
    """
    x = (np.asarray(lon, float) + 180.0) / 360.0
    phi = np.radians(np.clip(lat, -MAX_LAT, MAX_LAT))
    return x, 0.5 - np.log(np.tan(np.pi / 4 + phi / 2)) / (2 * np.pi)


def unproject(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return degrees; the inverse of `project`."""
    return np.asarray(x) * 360.0 - 180.0, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.asarray(y)))))


def mercator_y(lat: np.ndarray | float) -> np.ndarray:
    """Return the Web Mercator northing scaled like longitude: degrees at the equator, 0 there, growing northward.

    >>> round(float(mercator_y(MAX_LAT)), 6)
    180.0
    """
    return (0.5 - project(np.zeros_like(lat, dtype=float), np.asarray(lat, float))[1]) * 360


def metres_per_pixel(lat: np.ndarray | float, zoom: int) -> np.ndarray:
    """Return the ground width in m of a tile's pixel at latitude `lat` in degrees.

    >>> round(float(metres_per_pixel(60.0, 0)))
    78272
    """
    return EQUATOR_M * np.cos(np.radians(lat)) / (TILE_PIXELS * 2.0**zoom)
