"""The inference service in a process of its own: what several replicas of the app ask, answered by one worker."""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from sdm.data.catalogue import run_folder
from sdm.errors import SdmError, ServiceError
from sdm.inference import frames, wire
from sdm.inference.answers import LocalInference
from sdm.inference.service import CAPACITY, Prediction
from sdm.runs import Run

log = logging.getLogger(__name__)
MOST_CONNECTIONS = 64
SEND_SECONDS = 30.0  # a replica that takes nothing for so long is cut off


class InferenceServer:
    """Answers on a socket that listens, for the finished runs that lie in `homes`."""

    def __init__(self, listening: socket.socket, homes: Sequence[Path], capacity: int = CAPACITY) -> None:
        self._listening = listening
        self._homes = [home.resolve() for home in homes]
        self._capacity = capacity
        self._service = LocalInference(capacity)
        self._connections: set[socket.socket] = set()
        self._runs: dict[tuple[str, str], Run] = {}

    def serve(self) -> None:
        """Until `close`."""
        while True:
            try:
                one, _ = self._listening.accept()
            except OSError:
                return
            if len(self._connections) >= MOST_CONNECTIONS:
                one.close()
                continue
            one.settimeout(SEND_SECONDS)
            self._connections.add(one)
            threading.Thread(target=self._converse, args=(one,), daemon=True).start()

    def close(self) -> None:
        """End all connections and take no more."""
        for one in (self._listening, *self._connections):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._service.close()

    def _converse(self, one: socket.socket) -> None:
        """Answer one replica until it goes, or sends something damaged."""
        answers: queue.Queue[bytes | None] = queue.Queue(self._capacity + 1)
        threading.Thread(target=_send, args=(one, answers), daemon=True).start()
        try:
            while (message := frames.read(wire.receiver(one))) is not None:
                self._answer(message, answers)
        except (OSError, SdmError) as problem:
            log.warning("a connection is closed: %s", problem)
        finally:
            self._connections.discard(one)
            with contextlib.suppress(queue.Full):
                answers.put_nowait(None)
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RD)

    def _answer(self, message: tuple[frames.Header, frames.Arrays], answers: queue.Queue[bytes | None]) -> None:
        header, arrays = message
        number = wire.number_in(header)
        try:
            folder, digest, request = wire.request_in(header, arrays)
            self._service.submit(self._run(folder, digest), request).add_done_callback(
                partial(_put, answers, number)
            )
        except SdmError as problem:
            _offer(answers, wire.of_error(number, problem))

    def _run(self, folder: str, digest: str) -> Run:
        """The run in `folder` as it was when its card had that digest; SdmError where there is none."""
        known = self._runs.get((folder, digest))
        if known is not None:
            return known
        path = Path(folder).resolve()
        if path.parent not in self._homes and run_folder(path.parent.parent) != path.parent:
            raise ServiceError("no run of this process", expected=", ".join(map(str, self._homes)), got=folder)
        run = Run.open(path)
        if run.card.digest != digest:
            raise ServiceError("the run has changed", where=path.name, remedy="Load the page again.")
        if len(self._runs) > self._capacity:
            self._runs.clear()
        self._runs[folder, digest] = run
        return run


def _put(answers: queue.Queue[bytes | None], number: int, future: Future[Prediction]) -> None:
    problem = future.exception()
    if problem is None:
        _offer(answers, wire.of_prediction(number, future.result()))
    else:
        _offer(
            answers, wire.of_error(number, problem if isinstance(problem, Exception) else ServiceError("ended"))
        )


def _offer(answers: queue.Queue[bytes | None], message: bytes) -> None:
    """Never wait: the worker answers others too. Who does not read its answers loses them."""
    with contextlib.suppress(queue.Full):
        answers.put_nowait(message)


def _send(one: socket.socket, answers: queue.Queue[bytes | None]) -> None:
    """Write answers to a replica until there are no more, or it no longer reads."""
    with contextlib.suppress(OSError), one:
        while (message := answers.get()) is not None:
            one.sendall(message)
