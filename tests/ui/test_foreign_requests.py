"""Pages of others reach neither the app nor its routes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import config, net_util

from sdm.ui.components.foreign_requests import RefuseForeign


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(net_util, "get_external_ip", lambda: pytest.fail("looked up its own address"))
    routes = [Route("/", lambda _: PlainTextResponse("here")), WebSocketRoute("/stream", _socket)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(RefuseForeign)]))


@pytest.fixture
def listed() -> Iterator[None]:
    """A server behind a proxy of that name."""
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["*.school.example"])
    yield
    config.set_option("server.allowedHosts", before)


def answers(client: TestClient, host: str, origin: str | None) -> bool:
    """Whether page and socket answer; both do, or neither."""
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    page = client.get("/", headers=headers).status_code == 200
    try:
        with client.websocket_connect("/stream", headers=headers):
            socket = True
    except WebSocketDisconnect as closed:
        socket = False
        assert closed.code == 1008
    assert page == socket
    return page


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "192.168.1.20:8501"])
def test_this_server_answers_its_own_pages(client: TestClient, host: str) -> None:
    assert answers(client, host, None)
    assert answers(client, host, f"http://{host}")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8501", "http://[::1"),  # no URL
        ("evil.example:8501", "http://evil.example:8501"),  # a name that was pointed at this machine
        ("evil.example", None),
        ("127.0.0.1:8501", "http://evil.example"),
        ("127.0.0.1:8501", "http://192.168.1.66:8501"),
        ("127.0.0.1:8501", "null"),
        ("127.0.0.1:8501", "http://127.0.0.1@evil.example"),
        ("127.0.0.1.evil.example", None),
        ("localhost:x", None),
        ("a/b", None),
        ("[::1", None),
        ("", None),
    ],
)
def test_others_are_refused(client: TestClient, host: str, origin: str | None) -> None:
    assert not answers(client, host, origin)


@pytest.mark.usefixtures("listed")
def test_names_that_are_listed(client: TestClient) -> None:
    assert answers(client, "maps.school.example", "https://maps.school.example")
    assert answers(client, "127.0.0.1:8501", "https://maps.school.example")  # a proxy that sends its own Host
    assert not answers(client, "school.example.evil", None)
    assert not answers(client, "10.0.0.1", None)  # once names are listed, they alone count
