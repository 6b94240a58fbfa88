"""Who is visiting: a browser is known by a secret in a cookie, so that what was made in it is seen by nobody else.

A reload, another tab and another replica of the app are the same visitor; another browser or a private window is
another one. A browser that takes no cookies is a visitor anew at each reload. Scripts in pages cannot read the
cookie (HttpOnly), requests that pages of others make do not carry it (SameSite), and no address holds it.
"""

from __future__ import annotations

import re
import secrets
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from sdm.data.visibility import visit_of
from sdm.ui.state import Key

COOKIE = "sdm_visitor"
SECRET = re.compile("[A-Za-z0-9_-]{43}")  # 32 bytes
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")  # what proxies add
KNOWN_SECONDS = 90 * 86_400


def current() -> str:
    """The folder of the visitor whose page is being drawn."""
    secret = str(st.context.cookies.get(COOKIE, ""))
    if not SECRET.fullmatch(secret):
        secret = st.session_state.setdefault(Key.VISITOR, secrets.token_urlsafe(32))
    return visit_of(secret)


def of_request(request: Request) -> str:
    """The folder of the visitor whose browser asks; "" for one without a cookie, to whom nothing belongs."""
    secret = request.cookies.get(COOKIE, "")
    return visit_of(secret) if SECRET.fullmatch(secret) else ""


def is_here() -> bool:
    """Whether the visitor sits at the machine that runs the app, which listens to that machine alone.

    A proxy that lets others in hands on the name they use, as Host, as Origin, or beside it.
    """
    if config.get_option("server.address") not in THIS_MACHINE or config.get_option("server.allowedHosts"):
        return False
    headers = _headers()
    if any(str(name).lower() in FORWARDED for name in headers):
        return False
    addresses = [f"//{headers.get('Host', '')}", *([headers["Origin"]] if "Origin" in headers else [])]
    return all(urlsplit(address).hostname in THIS_MACHINE for address in addresses)


def _headers() -> dict[str, str]:
    return {str(name): str(value) for name, value in st.context.headers.items()}


class KnowVisitors:
    """Gives every browser that opens a page its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_new(Request(scope)):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _cookie(secure=scope["scheme"] == "https"))
            await send(message)

        await self._app(scope, receive, with_cookie)


def _is_new(request: Request) -> bool:
    """Whether a browser without the cookie asks for a page; what pages consist of comes after them."""
    return not of_request(request) and "text/html" in request.headers.get("accept", "")


def _cookie(*, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: secrets.token_urlsafe(32)})
    named = {"path": "/", "max-age": str(KNOWN_SECONDS), "samesite": "Lax", "httponly": "yes"}
    cookie[COOKIE].update(named | ({"secure": "yes"} if secure else {}))
    return cookie[COOKIE].OutputString()
