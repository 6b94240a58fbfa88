"""Scripts of components that browsers keep.

Streamlit serves them without a date or an age, so that a browser fetches and compiles the script of the map,
225 kB, at every visit to a page with one. A name that holds a digest of its file stands for that file for ever.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_EVER = "public, max-age=31536000, immutable"  # a year, as usual for such names (RFC 8246)
DIGEST_IN_NAME = re.compile(r"/component/[\w./-]+\.[0-9a-f]{8,}\.(js|css)")


class KeepFiles:
    """Lets a browser keep files of components whose name tells what they hold."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not DIGEST_IN_NAME.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def with_age(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = FOR_EVER
            await send(message)

        await self._app(scope, receive, with_age)
