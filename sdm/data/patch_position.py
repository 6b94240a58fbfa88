"""Whether a patch lies where its survey does."""

from __future__ import annotations

from pathlib import Path

from sdm.errors import DataError
from sdm.formats.geotiff import read_patch
from sdm.geo.distance import distance_km

POSITION_LIMIT_M = 100.0  # a patch is laid out on the 10 m grid; its centre falls within metres of the survey


def patch_offset_m(path: Path, lon: float, lat: float) -> float:
    """Return metres from the centre of the patch in `path` to a place in degrees; DataError for a damaged file."""
    try:
        centre_lon, centre_lat = read_patch(path).centre()
    except DataError as problem:
        if problem.where is None:
            raise DataError(problem.what, where=path, got=problem.got) from None
        raise
    return 1000 * distance_km(centre_lon, centre_lat, lon, lat)
