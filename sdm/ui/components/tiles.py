"""The app's own tile service: base map and surveys as PNG, from the same process and port."""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sdm.data.dataset import Dataset
from sdm.data.survey_filter import SurveyFilter
from sdm.data.uploads import clear_abandoned
from sdm.errors import SdmError, UnknownNameError
from sdm.geo.mercator import Tile
from sdm.maps.basemap import THEMES, basemap_tile, draw
from sdm.maps.png import encode
from sdm.maps.stitched_tiles import picture
from sdm.ui import visitor
from sdm.ui.cache import class_maps, rasters
from sdm.ui.cache.datasets import colours, dataset, points
from sdm.ui.cache.garbage import keep_settled
from sdm.ui.cache.memo import memo

# Plotly, folium, torch and accelerate take seconds. None may import streamlit_folium: a component that is declared
# outside a visitor's script is not registered, and no browser finds it.
HEAVY = ("sdm.ui.components.dossier", "sdm.maps.click_map", "sdm.ui.predict", "sdm.ui.training.start")
COORDINATE = re.compile("[0-9]{1,6}")
DAY, HOUR = 86_400, 3_600
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
def points_tile(data: Dataset, by: str, selection: SurveyFilter, tile: Tile) -> bytes:
    """A tile of the surveys that pass `selection`, coloured `by`."""
    return encode(points(data, by, selection).draw(tile, colours(data, by).palette))


@memo(64)
def points_europe(data: Dataset, by: str, selection: SurveyFilter) -> bytes:
    """All surveys that pass `selection`, coloured `by`."""
    palette, drawn = colours(data, by).palette, points(data, by, selection)
    return encode(picture(lambda tile: drawn.draw(tile, palette), POINTS_ZOOM))


def _tile(request: Request) -> Tile:
    """The tile that is named; SdmError for what is none, a number that is too long for int() too."""
    texts = [request.path_params[name] for name in ("z", "x", "y")]
    if not all(map(COORDINATE.fullmatch, texts)):
        raise SdmError("no such tile", expected="whole numbers z/x/y")
    return Tile(*map(int, texts))


def _basemap(request: Request) -> Response:
    return answer(lambda: base_tile(request.path_params["theme"], _tile(request)), DAY)


def _surveys(request: Request) -> Response:
    """Surveys of a *known* data set: its key is all a browser may name."""

    def tile() -> bytes:
        data, query = asked_of(request), dict(request.query_params)
        return points_tile(data, query.pop("by", "split"), SurveyFilter.from_query(query), _tile(request))

    return answer(tile, HOUR)


def _raster(request: Request) -> Response:
    """A layer of the scenes of a known data set."""
    layer, look = (request.path_params[name] for name in ("layer", "look"))
    return answer(lambda: rasters.raster_tile(asked_of(request), layer, look, _tile(request)), HOUR)


def _polygons(request: Request) -> Response:
    """The polygons of one mapper in the scenes of a known data set."""
    mapper, level = (request.path_params[name] for name in ("mapper", "level"))
    return answer(lambda: rasters.polygon_tile(asked_of(request), mapper, level, _tile(request)), HOUR)


def _classes(request: Request) -> Response:
    """What a finished run predicts on a scene of a known data set, where its map has been made."""

    def tile() -> bytes:
        from sdm.ui.components import runs  # with torch, which the server loads when it is up

        data, path = asked_of(request), request.path_params
        known = runs.finished_runs(visitor.of_request(request))
        if path["run"] not in known:
            raise UnknownNameError("unknown run", expected=", ".join(known) or "none", got=path["run"][:60])
        place = path["source"], request.query_params.get("part", "")
        only = tuple(sorted(set(request.query_params.getlist("only"))))
        return class_maps.map_tile(
            data, known[path["run"]], place, path["what"], path["level"], _tile(request), only
        )

    return answer(tile, HOUR)


def _species(request: Request) -> Response:
    """What a finished run says of a species over the rasters of a known data set, where its map has been made."""

    def tile() -> bytes:
        from sdm.ui.cache import species_maps  # with torch, which the server loads when it is up
        from sdm.ui.components import runs

        data, known = asked_of(request), runs.finished_runs(visitor.of_request(request))
        path, query = request.path_params, request.query_params
        if path["run"] not in known:
            raise UnknownNameError("unknown run", expected=", ".join(known) or "none", got=path["run"][:60])
        name = path["species"], path["size"]
        look = path["look"], query.get("theme", "light"), query.get("from", "1")
        return species_maps.species_tile(data, known[path["run"]], name, *look, _tile(request))

    return answer(tile, HOUR)


def asked_of(request: Request) -> Dataset:
    """The data set that is named, of those that the visitor knows who asks."""
    return dataset(request.path_params["key"], visitor.of_request(request))


def answer(draw: Callable[[], bytes], seconds: int) -> Response:
    """The PNG that `draw` makes, to be kept for `seconds` by the browser alone; 404 where it cannot be made."""
    try:
        content = draw()
    except SdmError as error:
        return PlainTextResponse(error.what, status_code=404)
    return Response(content, media_type="image/png", headers={"Cache-Control": f"private, max-age={seconds}"})


def warm() -> None:
    """Before the first visitor comes: read the coast and the heights, load what the pages stand on, and what the
    models at hand stand on; remove what earlier visitors left behind."""

    def prepare() -> None:
        base_tile("light", Tile(4, 8, 5))
        for module in HEAVY:
            importlib.import_module(module)
        _load_libraries()
        _clear_abandoned()
        keep_settled()

    threading.Thread(target=prepare, daemon=True).start()


def _load_libraries() -> None:
    """After what is heavy itself."""
    from sdm.inference.imports import import_libraries
    from sdm.runs import find_runs
    from sdm.ui.components.runs import HOMES

    for home in HOMES:
        import_libraries(find_runs(home)[0])


def _clear_abandoned() -> None:
    from sdm.training import jobs  # with torch, as above

    clear_abandoned(jobs.in_use)


ROUTES = [
    Route("/tiles/base/{theme}/{z}/{x}/{y}.png", _basemap),
    Route("/tiles/points/{key}/{z}/{x}/{y}.png", _surveys),
    Route("/tiles/raster/{key}/{layer}/{look}/{z}/{x}/{y}.png", _raster),
    Route("/tiles/polygons/{key}/{mapper}/{level}/{z}/{x}/{y}.png", _polygons),
    Route("/tiles/species/{key}/{run}/{species}/{size}/{look}/{z}/{x}/{y}.png", _species),
    Route("/tiles/classes/{key}/{run}/{source}/{what}/{level}/{z}/{x}/{y}.png", _classes),
]
