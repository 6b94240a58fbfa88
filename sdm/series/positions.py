"""Positions of rows: the columns longitude and latitude, or the point in the GeoJSON of `.geo`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
POINT = rf'^\s*\{{.*"coordinates"\s*:\s*\[\s*(?P<lon>{_NUMBER})\s*,\s*(?P<lat>{_NUMBER})\s*(?:,[^\]]*)?\].*$'


def point_of_geojson(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """float64 longitude and latitude of the points in `texts`, NaN where there is none.

    >>> texts = ['{"type":"Point","coordinates":[121.5,42.25]}', '{"coordinates":[]}']
    >>> lon, lat = point_of_geojson(pa.array(texts))
    >>> lon.tolist(), lat.tolist()
    ([121.5, nan], [42.25, nan])
    """
    found = pc.extract_regex(texts, POINT)
    lon, lat = (pc.struct_field(found, [axis]).cast(pa.float64()) for axis in (0, 1))
    return _floats(lon), _floats(lat)


def on_globe(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """bool: where both are numbers of a position on Earth."""
    return (np.abs(lon) <= 180) & (np.abs(lat) <= 90)


def _floats(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
