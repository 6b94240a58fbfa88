"""Requests that a page of somebody else makes through the browser of a visitor are refused before the app.

A name that its owner points at this machine after the page was loaded (DNS rebinding) reaches a server that
listens to this machine alone; but the browser still sends that name as Host. An address in numbers cannot be
pointed elsewhere, so that the machines of a class may use it; any other name has to be listed in
`server.allowedHosts`.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

REFUSED = "This server answers to its address in numbers, localhost, and the names in server.allowedHosts.\n"
POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1


class RefuseForeign:
    """Refuses a Host that is not this server's, and an Origin that is not that Host."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await PlainTextResponse(REFUSED, status_code=403)(scope, receive, send)


def _ours(headers: Headers) -> bool:
    host, origin = headers.get("host"), headers.get("origin")
    return (host is None or known_host(host)) and (origin is None or known_origin(origin, host))


def known_host(host: str) -> bool:
    """Whether `host`, "name" or "name:port" as a browser sends it, is this server's."""
    name = _name(f"//{host}")
    return name is not None and (_listed(name, host) or (_is_address(name) and not _names()))


def known_origin(origin: str, host: str | None) -> bool:
    """Whether a page of `origin`, "scheme://host:port", may ask the server that was addressed as `host`."""
    if not config.get_option("server.enableCORS") or origin in config.get_option("server.corsAllowedOrigins"):
        return True
    name = _name(origin)
    if name is None or not origin.isprintable():
        return False
    netloc = urlsplit(origin).netloc
    return netloc == host or _listed(name, netloc)


def _name(address: str) -> str | None:
    """The host of a URL, None for what is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # ValueError for what is no number
    except ValueError:
        return None
    return None if parts.username is not None or parts.path.strip("/") else parts.hostname


def _names() -> list[str]:
    return list(config.get_option("server.allowedHosts"))


def _listed(name: str, host: str) -> bool:
    """Whether it is this machine by name, or one that whoever runs the server has written down."""
    own = {"localhost", "127.0.0.1", "::1", config.get_option("browser.serverAddress")}
    return name in own or (bool(_names()) and is_host_allowed(host))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
