"""Visitors without a browser: sessions that speak the app's own protocol, many at once from one process."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

STREAM, PROTOCOL = "_stcore/stream", Subprotocol("streamlit")
MOST_BYTES = 64 * 1024**2
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Answer:
    """What came of one run of a page: how long it took, the errors on it, and its words."""

    seconds: float
    errors: tuple[str, ...]
    text: bytes


class Visitor:
    """One session of the app at `address`; use it as an asynchronous context."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket: ClientConnection
        self._hashes: set[str] = set()

    async def __aenter__(self) -> Visitor:
        stream = f"{self.address.replace('http', 'ws', 1)}/{STREAM}"
        self._socket = await connect(
            stream, origin=self.address, subprotocols=[PROTOCOL], max_size=MOST_BYTES, ping_interval=None,
            open_timeout=PATIENCE_SECONDS,
        )  # type: ignore[arg-type]  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, page: str = "", **query: str) -> Answer:
        """Go to `page` with these choices in the address, as a link within the app does."""
        asked = BackMsg()
        run = asked.rerun_script
        run.page_name, run.query_string, run.is_history_navigation = page, urlencode(query), True
        run.cached_message_hashes.extend(self._hashes)
        begun = time.monotonic()
        await self._socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._answer(begun)

    async def _answer(self, begun: float) -> Answer:
        errors: list[str] = []
        text: list[bytes] = []
        async for received in self._socket:
            message = ForwardMsg.FromString(received)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if message.hash and message.metadata.cacheable:
                self._hashes.add(message.hash)
            if kind == "delta":
                text.append(received)  # type: ignore[arg-type]
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    errors.append(element.exception.message)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    errors.append("the script does not compile")
                return Answer(time.monotonic() - begun, tuple(errors), b"".join(text))
        raise ConnectionError("the server closed the session")
