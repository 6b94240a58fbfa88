"""A browser gets one secret, keeps it, and is answered for its own data sets alone."""

from __future__ import annotations

from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from sdm.data import catalogue, uploads, visibility
from sdm.data.store import write_store
from sdm.ui import visitor
from sdm.ui.components import static_maps, tiles
from tests.datasets import multilabel

PAGE = {"accept": "text/html,*/*"}


def client() -> TestClient:
    """Another browser each time."""
    who = Route("/who", lambda request: PlainTextResponse(visitor.of_request(request)))
    page = Route("/", lambda _: PlainTextResponse("page"))
    routes = [page, who, *tiles.ROUTES, *static_maps.ROUTES]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(visitor.KnowVisitors)]))


def test_a_browser_is_known_from_its_first_page_on() -> None:
    browser = client()
    assert browser.get("/who").text == ""
    first = browser.get("/", headers=PAGE)
    cookie = SimpleCookie(first.headers["set-cookie"])[visitor.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["secure"]
    known = browser.get("/who").text
    assert known.startswith(visibility.VISIT) and cookie.value not in known
    assert "set-cookie" not in browser.get("/", headers=PAGE).headers
    assert browser.get("/who").text == known
    other = client()
    other.get("/", headers=PAGE)
    assert other.get("/who").text not in ("", known)


def test_pictures_and_scripts_give_no_cookie() -> None:
    assert "set-cookie" not in client().get("/", headers={"accept": "image/png"}).headers


@pytest.mark.parametrize("value", ["", "short", "../../etc", "x" * 42, "x" * 44, "é" * 43, '"; path=/'])
def test_what_is_no_secret_is_nobody(value: str) -> None:
    header = [(b"cookie", f"{visitor.COOKIE}={value}".encode("latin-1"))]
    assert visitor.of_request(Request({"type": "http", "headers": header})) == ""


def test_maps_of_a_data_set_are_drawn_for_its_maker_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDM_DATA", raising=False)
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    anna, ben = client(), client()
    for browser in (anna, ben):
        browser.get("/", headers=PAGE)
    place = uploads.new_place(anna.get("/who").text, "birds")
    write_store(replace(multilabel(), name=place.name), place)
    addresses = f"/tiles/points/{place.name}/2/2/1.png", f"/maps/europe/points/{place.name}.png"
    parts = dict.fromkeys(("layer", "look", "mapper", "level", "run", "source", "what", "species", "size"), "x")
    routes = [route.path for route in tiles.ROUTES if "{key}" in route.path]
    others = [path.format(key=place.name, **parts, z=2, x=2, y=1) for path in routes]
    for address in addresses:
        assert anna.get(address).headers["content-type"] == "image/png"
        assert anna.get(address).headers["cache-control"].startswith("private")
    for address in (*addresses, *others):  # asked for after the maker's was drawn and held
        for stranger in (ben, client()):
            refused = stranger.get(address)
            assert (refused.status_code, refused.text) == (404, "unknown data set"), address
    uploads.keep(place)
    assert all(ben.get(address).status_code == 200 for address in addresses)
