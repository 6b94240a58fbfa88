"""Whether a patch lies where its survey does."""

from __future__ import annotations

from pathlib import Path

from sdm.errors import DataError
from sdm.formats.geotiff import read_patch
from sdm.geo.distance import distance_km
from sdm.number_format import whole

KILOMETRES_FROM_M = 10_000.0
POSITION_LIMIT_M = 100.0  # a patch is laid out on the 10 m grid; its centre falls within metres of the survey


def lies_elsewhere(metres: float | None) -> bool:
    """Return whether a patch that lies so far from its survey shows another place; False where it is not known."""
    return metres is not None and metres > POSITION_LIMIT_M


def offset_text(metres: float) -> str:
    """Return the distance in the unit that reads best.

    >>> offset_text(5.2), offset_text(1112), offset_text(935_400)
    ('5 m', '1,112 m', '935 km')
    """
    return f"{whole(metres)} m" if metres < KILOMETRES_FROM_M else f"{whole(metres / 1000)} km"


def patch_offset_m(path: Path, lon: float, lat: float) -> float:
    """Return metres from the centre of the patch in `path` to a place in degrees; DataError for a damaged file."""
    try:
        centre_lon, centre_lat = read_patch(path).centre()
    except DataError as problem:
        if problem.where is None:
            raise DataError(problem.what, where=path, got=problem.got) from None
        raise
    return 1000 * distance_km(centre_lon, centre_lat, lon, lat)
