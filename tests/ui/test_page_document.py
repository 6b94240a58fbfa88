"""The document of a page says where the server is; the rest of it is Streamlit's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import config
from streamlit.file_util import get_static_dir

from sdm.ui.components import page_document

INDEX = "index.html"


@pytest.fixture(autouse=True)
def written_anew() -> Iterator[None]:
    """No document is kept for the next test."""
    page_document.document.cache_clear()
    yield
    page_document.document.cache_clear()


def test_pages_alone_are_served() -> None:
    visitor = TestClient(Starlette(routes=page_document.routes(["species", "about"])))
    for path in ("/", "/species", "/about", "/species?run=mlp"):
        answer = visitor.get(path)
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-cache"
        assert answer.text == page_document.document()
    assert visitor.get("/other").status_code == 404
    assert visitor.head("/species").content == b""


def test_the_document_is_streamlits_own_with_one_script() -> None:
    own = Path(get_static_dir(), INDEX).read_text(encoding="utf-8")
    script = re.search(r"<head><script>(.*?)</script>", page_document.document())
    assert script is not None
    assert page_document.document().replace(script[0], "<head>") == own
    assert script.start() < own.index('<script type="module"')


@pytest.mark.parametrize("origins", [["https://school.example"], ["</script><script>alert(1)"], []])
def test_messages_are_heeded_from_the_origins_of_the_configuration(
    origins: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: origins if name == "client.allowedOrigins" else None)
    said = re.search(r"HOST_CONFIG: (.*?)};</script>", page_document.document())
    assert said is not None and "<" not in said[1]
    assert json.loads(said[1])["allowedOrigins"] == origins


def test_a_document_without_a_head_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / INDEX).write_text("<html></html>")
    monkeypatch.setattr(page_document, "get_static_dir", lambda: str(tmp_path))
    assert page_document.document() == "<html></html>"
