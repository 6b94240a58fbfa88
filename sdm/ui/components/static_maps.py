"""Pictures of Europe under the figures: base map and surveys, from the app's own process and port."""

from __future__ import annotations

import threading
from functools import lru_cache
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sdm.data.dataset import Dataset
from sdm.data.selection import Selection
from sdm.errors import UnknownNameError
from sdm.figures.europe_map import Ground
from sdm.maps.basemap import THEMES, draw
from sdm.maps.europe import picture
from sdm.maps.png import encode
from sdm.ui import cache
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.components.tiles import DAY, HOUR, answer

HEIGHT, PHONE_HEIGHT = 480, 400
POINTS_ZOOM = 3  # about as many pixels as on the screen, so that dots keep their size


def ground(*layers: tuple[str, float]) -> Ground:
    """The base map in the reader's appearance, and what lies on it: addresses with their opacity."""
    appearance = theme()
    base = (f"/maps/europe/{appearance}.png", 1.0)
    return Ground(appearance, (base, *layers), PHONE_HEIGHT if on_phone() else HEIGHT)


def points_url(key: str, data: Dataset, selection: Selection, by: str = "split") -> str:
    """Where the surveys of the data set `key` that pass `selection` are, coloured as on the map of Explore."""
    query = "&".join(part for part in (f"by={by}", f"v={data.fingerprint[:12]}", selection.to_query()) if part)
    return f"/maps/europe/points/{quote(key, safe='')}.png?{query}"


@lru_cache(maxsize=2)
def _base(theme: str) -> bytes:
    if theme not in THEMES:
        raise UnknownNameError("unknown map theme", expected=", ".join(THEMES), got=theme)
    return encode(picture(lambda tile: draw(tile, THEMES[theme])))


@lru_cache(maxsize=64)
def _points(key: str, by: str, selection: Selection, fingerprint: str) -> bytes:  # noqa: ARG001
    palette, points = cache.colours(key, by).palette, cache.points(key, by, selection)
    return encode(picture(lambda tile: points.draw(tile, palette), POINTS_ZOOM))


def _serve_base(request: Request) -> Response:
    return answer(lambda: _base(request.path_params["theme"]), DAY)


def _serve_points(request: Request) -> Response:
    """Surveys of a *known* data set: its key is all a browser may name."""

    def make() -> bytes:
        key, query = request.path_params["key"], dict(request.query_params)
        fingerprint = cache.dataset(key).fingerprint
        return _points(key, query.pop("by", "split"), Selection.from_query(query), fingerprint)

    return answer(make, HOUR)


def warm() -> None:
    """Draw the base maps before the first visitor asks for them."""
    threading.Thread(target=lambda: [_base(appearance) for appearance in THEMES], daemon=True).start()


ROUTES = [
    Route("/maps/europe/{theme}.png", _serve_base),
    Route("/maps/europe/points/{key}.png", _serve_points),
]
