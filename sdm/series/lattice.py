"""The lattice on which the pixels of an export lie: rows and columns found from positions alone.

Earth Engine samples pixels on the lattice of a projection, mostly that of the image (UTM) or degrees, and writes
their centres in degrees, often rounded. Steps are found from nearest neighbours and fitted over growing distances;
tiles and gaps may leave any part of the lattice empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import Transformer
from rasterio import Affine
from scipy.spatial import cKDTree

from sdm.errors import DataError
from sdm.rasters.positions import METRES_PER_DEGREE

SAMPLE, NEIGHBOURS = 4000, 8
WORST = 0.25  # of a step, of nearly all pixels, from the middle of their cell
LARGEST = 100_000_000  # cells


@dataclass(frozen=True)
class Lattice:
    """A grid with rows from north to south: reference system ("EPSG:4326", or UTM), and as rasters have it."""

    crs: str
    transform: Affine
    width: int
    height: int


@dataclass(frozen=True)
class _Axis:
    """Cell of each pixel along one axis, the middle of cell 0, the step, how far off the middles (in steps)."""

    number: np.ndarray
    start: float
    step: float
    off: float


def lattice_of(lon: np.ndarray, lat: np.ndarray) -> tuple[Lattice, np.ndarray, np.ndarray]:
    """The smallest lattice that holds the positions, with the row and column of each; geographic, or UTM.

    DataError where they lie on none.
    """
    if not len(lon):
        raise DataError("there are no positions")
    fits = {crs: fit for crs in ("EPSG:4326", utm_zone(lon, lat)) if (fit := _fit(crs, lon, lat)) is not None}
    if not fits:
        raise DataError(
            "the positions lie on no regular lattice", expected="centres of pixels, in degrees or UTM",
            got=f"{len(lon)} positions from {lon.min():.6f} {lat.min():.6f} to {lon.max():.6f} {lat.max():.6f}",
        )  # fmt: skip
    crs, (x, y) = min(fits.items(), key=lambda item: max(axis.off for axis in item[1]))
    column, row = x.number, y.number.max() - y.number
    width, height = int(column.max()) + 1, int(row.max()) + 1
    if width * height > LARGEST:
        raise DataError(
            "the positions lie too far apart for one map", expected=f"{LARGEST} cells", got=width * height
        )
    north = y.start + (y.number.max() + 0.5) * y.step
    transform = Affine(x.step, 0, x.start - x.step / 2, 0, -y.step, north)
    return Lattice(crs, transform, width, height), row, column


def utm_zone(lon: np.ndarray, lat: np.ndarray) -> str:
    """The UTM zone that the middle of the positions lies in.

    >>> utm_zone(np.array([127.1]), np.array([41.5])), utm_zone(np.array([18.0]), np.array([-33.9]))
    ('EPSG:32652', 'EPSG:32734')
    """
    zone = min(int((float(np.median(lon)) + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if np.median(lat) >= 0 else 32700) + zone}"


def _fit(crs: str, lon: np.ndarray, lat: np.ndarray) -> tuple[_Axis, _Axis] | None:
    """Both axes of a lattice in `crs`, None where the positions lie on none."""
    if crs == "EPSG:4326":
        x, y, scale = lon, lat, METRES_PER_DEGREE * float(np.cos(np.radians(np.median(lat))))
    else:
        x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat)
        scale = METRES_PER_DEGREE
    steps = _steps(x * scale, y * METRES_PER_DEGREE) if crs == "EPSG:4326" else _steps(x, y)
    if steps is None:
        return None
    if crs == "EPSG:4326":
        steps = steps[0] / scale, steps[1] / METRES_PER_DEGREE
    digits = () if crs == "EPSG:4326" else (3, 1)  # metres are round numbers, positions rounded ones
    axes = _axis(x, steps[0], *digits), _axis(y, steps[1], *digits)
    return axes if all(axis.off <= WORST for axis in axes) else None


def _steps(x: np.ndarray, y: np.ndarray) -> tuple[float, float] | None:
    """The distance of columns and of rows, None where no two pixels lie beside each other.

    One pixel, or one row of them, takes the step of the other axis.
    """
    places = np.column_stack([x, y])
    some = np.linspace(0, len(x) - 1, min(SAMPLE, len(x))).astype(np.int64)
    distance, other = cKDTree(places).query(places[some], k=min(NEIGHBOURS, len(x) - 1) + 1)
    if len(x) < 2 or not np.isfinite(distance).all() or not distance[:, 1:].max() > 0:
        return None
    apart = np.abs(places[other] - places[some, None])[:, 1:].reshape(-1, 2)
    along, across = (_smallest(apart[:, axis], float(np.median(distance[:, 1]))) for axis in (0, 1))
    if along is None and across is None:
        return None
    return along or across or 1.0, across or along or 1.0


def _smallest(apart: np.ndarray, typical: float) -> float | None:
    """The mean of the smallest distances that are no noise."""
    clear = apart[apart > 0.05 * typical]
    if not len(clear):
        return None
    least = float(np.quantile(clear, 0.02))
    return float(clear[clear < 1.4 * least].mean())


def _axis(places: np.ndarray, step: float, step_digits: int = 15, start_digits: int = 12) -> _Axis:
    """Cells along one axis; the step is fitted to pixels farther and farther away: no cell is miscounted."""
    start = float(np.sort(places)[len(places) // 2])
    away = np.abs(places - start)
    for reach in (8, 64, 512, 4096, np.inf):
        near = places[away <= reach * step]
        number = np.round((near - start) / step)
        if np.ptp(number):
            step, start = (float(value) for value in np.polyfit(number, near, 1))
    step = round(step, step_digits)
    number = np.round((places - start) / step)
    start = round(float(np.median(places - number * step)), start_digits)
    off = float(np.quantile(np.abs(places - start - number * step), 0.99)) / step
    least = float(number.min())
    return _Axis((number - least).astype(np.int64), start + least * step, step, off)
