"""Maps as PNG: the base map, and the surveys of a data set."""

from __future__ import annotations

from functools import lru_cache

from sdm.data.selection import Selection
from sdm.errors import UnknownNameError
from sdm.geo.mercator import Tile
from sdm.maps.basemap import THEMES, basemap_tile, draw
from sdm.maps.europe import picture
from sdm.maps.png import encode
from sdm.ui.cache.datasets import colours, points
from sdm.ui.cache.memo import memo

POINTS_ZOOM = 3  # about as many pixels as on the screen, so that dots keep their size


@lru_cache(maxsize=4096)  # the same for every data set and every session
def base_tile(theme: str, tile: Tile) -> bytes:
    """A tile of the base map."""
    return basemap_tile(tile, theme)


@lru_cache(maxsize=2)
def base_europe(theme: str) -> bytes:
    """All of the base map."""
    if theme not in THEMES:
        raise UnknownNameError("unknown map theme", expected=", ".join(THEMES), got=theme)
    return encode(picture(lambda tile: draw(tile, THEMES[theme])))


@memo(4096)
def points_tile(key: str, by: str, selection: Selection, tile: Tile) -> bytes:
    """A tile of the surveys that pass `selection`, coloured `by`."""
    return encode(points(key, by, selection).draw(tile, colours(key, by).palette))


@memo(64)
def points_europe(key: str, by: str, selection: Selection) -> bytes:
    """All surveys that pass `selection`, coloured `by`."""
    palette, drawn = colours(key, by).palette, points(key, by, selection)
    return encode(picture(lambda tile: drawn.draw(tile, palette), POINTS_ZOOM))
