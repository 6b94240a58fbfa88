"""The app's own tile service: base map and surveys as PNG, from the same process and port."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sdm.data.selection import Selection
from sdm.errors import SdmError
from sdm.geo.mercator import Tile
from sdm.ui.cache import pictures

HEAVY = ("sdm.ui.components.dossier", "sdm.ui.predict")  # plotly and torch take seconds
DAY, HOUR = 86_400, 3_600


def _tile(request: Request) -> Tile:
    return Tile(*(int(request.path_params[name]) for name in ("z", "x", "y")))


def _basemap(request: Request) -> Response:
    return answer(lambda: pictures.base_tile(request.path_params["theme"], _tile(request)), DAY)


def _surveys(request: Request) -> Response:
    """Surveys of a *known* data set: its key is all a browser may name."""

    def draw() -> bytes:
        key, query = request.path_params["key"], dict(request.query_params)
        return pictures.points_tile(key, query.pop("by", "split"), Selection.from_query(query), _tile(request))

    return answer(draw, HOUR)


def answer(draw: Callable[[], bytes], seconds: int) -> Response:
    """The PNG that `draw` makes, to be kept for `seconds`; 404 where it cannot be made."""
    try:
        content = draw()
    except SdmError as error:
        return PlainTextResponse(error.what, status_code=404)
    return Response(content, media_type="image/png", headers={"Cache-Control": f"max-age={seconds}"})


def warm() -> None:
    """Before the first visitor comes: read the coast and the heights, load what the pages stand on, and what the
    models at hand stand on."""

    def prepare() -> None:
        pictures.base_tile("light", Tile(4, 8, 5))
        for module in HEAVY:
            importlib.import_module(module)
        _load_libraries()

    threading.Thread(target=prepare, daemon=True).start()


def _load_libraries() -> None:
    """After what is heavy itself."""
    from sdm.inference.imports import import_libraries
    from sdm.runs import find_runs
    from sdm.ui.components.runs import HOMES

    for home in HOMES:
        import_libraries(find_runs(home)[0])


ROUTES = [
    Route("/tiles/base/{theme}/{z:int}/{x:int}/{y:int}.png", _basemap),
    Route("/tiles/points/{key}/{z:int}/{x:int}/{y:int}.png", _surveys),
]
