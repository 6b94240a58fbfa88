"""Pictures of Europe under the figures: base map and surveys, from the app's own process and port."""

from __future__ import annotations

import threading
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sdm.data.dataset import Dataset
from sdm.data.survey_filter import SurveyFilter
from sdm.figures.europe_map import Ground
from sdm.maps.basemap import THEMES
from sdm.ui.components import linked
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.components.tiles import DAY, HOUR, answer, asked_of, base_europe, points_europe

HEIGHT, PHONE_HEIGHT = 480, 400


def ground(*layers: tuple[str, float]) -> Ground:
    """The base map in the reader's appearance, and what lies on it: addresses with their opacity."""
    appearance = theme()
    base = (f"/maps/europe/{appearance}.png", 1.0)
    return Ground(appearance, (base, *layers), PHONE_HEIGHT if on_phone() else HEIGHT)


def points_url(data: Dataset, selection: SurveyFilter, by: str = "split") -> str:
    """Where the surveys of `data` that pass `selection` are, coloured as on the map of Explore."""
    query = "&".join(part for part in (f"by={by}", f"v={data.fingerprint[:12]}", selection.to_query()) if part)
    return f"/maps/europe/points/{quote(linked.query()['data'], safe='')}.png?{query}"


def _serve_base(request: Request) -> Response:
    return answer(lambda: base_europe(request.path_params["theme"]), DAY)


def _serve_points(request: Request) -> Response:
    """Surveys of a *known* data set: its key is all a browser may name."""

    def make() -> bytes:
        data, query = asked_of(request), dict(request.query_params)
        return points_europe(data, query.pop("by", "split"), SurveyFilter.from_query(query))

    return answer(make, HOUR)


def warm() -> None:
    """Draw the base maps before the first visitor asks for them."""
    threading.Thread(target=lambda: list(map(base_europe, THEMES)), daemon=True).start()


ROUTES = [
    Route("/maps/europe/{theme}.png", _serve_base),
    Route("/maps/europe/points/{key}.png", _serve_points),
]
