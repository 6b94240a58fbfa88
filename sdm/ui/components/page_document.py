"""The document of each page tells its scripts where the server is, so that they connect at once.

Streamlit's own document leaves them to search: `/species` asks `/species/_stcore/health` in vain, waits, asks
`/_stcore/health` and only then opens its connection. Told by `window.__streamlit` where the server is and whose
messages to heed, they connect as soon as they run, and ask for the rest of the configuration meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import config
from streamlit.file_util import get_static_dir

HEAD = "<head>"
# The server is where the document finds its scripts, also below a path that a proxy has put before it.
SERVER = 'new URL("./", document.baseURI).href'


def routes(names: Iterable[str]) -> list[Route]:
    """The pages of these names, and the one without."""
    return [Route(path, _serve) for path in ("/", *(f"/{name}" for name in names))]


def _serve(_: Request) -> HTMLResponse:
    return HTMLResponse(document(), headers={"Cache-Control": "no-cache"})


@cache
def document() -> str:
    """Streamlit's document with the place of the server; as it is where it has no head."""
    own = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    heeded = {"allowedOrigins": list(config.get_option("client.allowedOrigins")), "useExternalAuthToken": False}
    words = json.dumps(heeded).replace("<", "\\u003c")
    script = f"<script>window.__streamlit = {{BACKEND_BASE_URL: {SERVER}, HOST_CONFIG: {words}}};</script>"
    return own.replace(HEAD, HEAD + script, 1)
