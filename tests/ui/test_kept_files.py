"""Browsers keep a component's files that are named by a digest, and ask again for all others."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit_folium
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from sdm.ui.components.kept_files import FOR_EVER, KeepFiles

SCRIPT = "/component/streamlit_folium.st_folium/static/js/main.521860b0.js"


def age(path: str, status: int = 200) -> str:
    def serve(_: Request) -> PlainTextResponse:
        return PlainTextResponse("x", status, {"cache-control": "public"})

    app = Starlette(routes=[Route("/{path:path}", serve)], middleware=[Middleware(KeepFiles)])
    return TestClient(app).get(path).headers["cache-control"]


def test_a_script_named_by_its_digest_is_kept() -> None:
    assert age(SCRIPT) == FOR_EVER


@pytest.mark.parametrize(
    "path",
    [
        "/component/streamlit_folium.st_folium/index.html",
        "/component/streamlit_folium.st_folium/static/js/main.js",
        "/component/streamlit_folium.st_folium/static/js/main.521860b0.js.map",
        "/media/521860b0aa.521860b0.js",
        "/species",
    ],
)
def test_other_files_are_asked_for_again(path: str) -> None:
    assert age(path) == "public"


def test_what_is_not_there_is_not_kept() -> None:
    assert age(SCRIPT, 404) == "public"


def test_the_script_of_the_map_is_named_by_its_digest() -> None:
    folder = Path(streamlit_folium.__file__).parent / "frontend" / "build"
    scripts = [file.relative_to(folder).as_posix() for file in folder.glob("static/js/*.js")]
    assert scripts
    assert all(age(f"/component/x/{script}") == FOR_EVER for script in scripts)
