"""Visitors without a browser: sessions that speak the app's own protocol, many at once from one process.

Like a browser they ask again for what lies below the first screen, as soon as that has come.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

FIRST_SCREEN = "first_screen"  # the component that tells it
STREAM, PROTOCOL = "_stcore/stream", Subprotocol("streamlit")
MOST_BYTES = 64 * 1024**2
PATIENCE_SECONDS = 120.0
BROWSER = "Mozilla/5.0 (visitor)"  # who names no browser gets all of a page at once


@dataclass(frozen=True)
class Answer:
    """What came of a page: how long all of it took, how long its first screen, the errors on it, and its words."""

    seconds: float
    first: float
    errors: tuple[str, ...]
    text: bytes


class Visitor:
    """One session of the app at `address`; use it as an asynchronous context."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket: ClientConnection
        self._hashes: set[str] = set()
        self._page = ""  # the one that is open, by its hash

    async def __aenter__(self) -> Visitor:
        stream = f"{self.address.replace('http', 'ws', 1)}/{STREAM}"
        self._socket = await connect(
            stream, origin=self.address, subprotocols=[PROTOCOL], max_size=MOST_BYTES, ping_interval=None,
            open_timeout=PATIENCE_SECONDS, user_agent_header=BROWSER,
        )  # type: ignore[arg-type]  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, page: str = "", /, **query: str) -> Answer:
        """Go to `page` with these choices in the address, as a link within the app does."""
        asked = BackMsg()
        run = asked.rerun_script
        run.page_name, run.query_string, run.is_history_navigation = page, urlencode(query), True
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer, below = await self._ask(asked)
            if below is None:
                return answer
            rest, _ = await self._ask(_drawn(below, self._page))
        return Answer(
            answer.seconds + rest.seconds, answer.first, answer.errors + rest.errors, answer.text + rest.text
        )

    async def _ask(self, asked: BackMsg) -> tuple[Answer, Delta | None]:
        """The answer, and the component that waits to be told that all of it is drawn."""
        asked.rerun_script.cached_message_hashes.extend(self._hashes)
        begun, below = time.monotonic(), None
        await self._socket.send(asked.SerializeToString())
        errors: list[str] = []
        text: list[bytes] = []
        async for received in self._socket:
            message = ForwardMsg.FromString(received)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if message.hash and message.metadata.cacheable:
                self._hashes.add(message.hash)
            if kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "delta":
                text.append(received)  # type: ignore[arg-type]
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    errors.append(element.exception.message)
                if element.bidi_component.component_name == FIRST_SCREEN:
                    below = message.delta
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    errors.append("the script does not compile")
                seconds = time.monotonic() - begun
                return Answer(seconds, seconds, tuple(errors), b"".join(text)), below
        raise ConnectionError("the server closed the session")


def _drawn(component: Delta, page: str) -> BackMsg:
    """What a browser sends when the first screen stands (`sdm/ui/components/first_screen.js`)."""
    told = BackMsg()
    told.rerun_script.fragment_id, told.rerun_script.page_script_hash = component.fragment_id, page
    trigger = told.rerun_script.widget_states.widgets.add()
    trigger.id = f"$$STREAMLIT_INTERNAL_KEY_{component.new_element.bidi_component.id}__events"
    trigger.json_trigger_value = json.dumps([{"event": "stands", "value": True}])
    return told
