"""The inference process as a replica of the app sees it: predictions to come, over one connection."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from concurrent.futures import Future, InvalidStateError

from sdm.errors import SdmError, ServiceError
from sdm.inference import frames, wire
from sdm.inference.loaded_model import Request
from sdm.inference.local_address import connect, gone
from sdm.inference.service import CAPACITY, DEADLINE_SECONDS, Prediction
from sdm.runs import Run

SEND_SECONDS = 2.0  # a process that takes nothing for so long is gone, and not asked for as long again


class RemoteInference:
    """Asks the process at `address`. It is connected to when it is first asked, and again when it was gone."""

    def __init__(self, address: str, capacity: int = CAPACITY) -> None:
        self.address = address
        self._capacity = capacity
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._socket: socket.socket | None = None
        self._silent_until = 0.0
        self._waiting: dict[int, tuple[Future[Prediction], float]] = {}  # and since when

    def submit(self, run: Run, request: Request) -> Future[Prediction]:
        """The prediction of `run` to come; ServiceError when the process is gone or too many wait for it."""
        future: Future[Prediction] = Future()
        with self._lock:
            self._give_up_late()
            if len(self._waiting) >= self._capacity:
                raise ServiceError(
                    "too many predictions are waiting", got=self._capacity, remedy="Try again shortly."
                )
            number = next(self._numbers)
            message = wire.of_request(number, run, request)
            if time.monotonic() < self._silent_until:
                raise gone(self.address, f"took nothing for {SEND_SECONDS:g} s")
            if self._socket is None:
                self._socket = self._connect()
            self._waiting[number] = future, time.monotonic()
            try:
                self._socket.sendall(message)
            except OSError as problem:
                if isinstance(problem, TimeoutError):
                    self._silent_until = time.monotonic() + SEND_SECONDS
                self._end(self._socket, problem)
        return future

    def close(self) -> None:
        """End the connection; who waits gets an error."""
        with self._lock:
            if self._socket is not None:
                self._end(self._socket, "the connection was closed")

    def _give_up_late(self) -> None:
        """Answers that nobody waits for any longer take no place."""
        now = time.monotonic()
        for number, (future, since) in list(self._waiting.items()):
            if future.done() or now - since > DEADLINE_SECONDS:
                del self._waiting[number]
                _give(future, ServiceError("no answer in time", where=self.address, remedy="Try again shortly."))

    def _connect(self) -> socket.socket:
        one = connect(self.address)
        one.settimeout(SEND_SECONDS)
        threading.Thread(target=self._receive, args=(one,), name="inference answers", daemon=True).start()
        return one

    def _receive(self, one: socket.socket) -> None:
        """Hand out answers until the connection ends, then errors to all who still wait."""
        problem: object = "it ended"
        try:
            while (message := frames.read(wire.receiver(one))) is not None:
                self._settle(*message)
        except (OSError, SdmError) as error:
            problem = error
        with self._lock:
            self._end(one, problem)

    def _settle(self, header: frames.Header, arrays: frames.Arrays) -> None:
        answer = wire.answer_in(header, arrays)
        with self._lock:
            waiting = self._waiting.pop(wire.number_in(header), None)
        if waiting is not None:
            _give(waiting[0], answer)

    def _end(self, one: socket.socket, problem: object) -> None:
        """With the lock held: close `one`; the futures that waited on it fail."""
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
        if one is not self._socket:
            return
        self._socket, waiting, self._waiting = None, self._waiting, {}
        for future, _ in waiting.values():
            _give(future, gone(self.address, problem))


def _give(future: Future[Prediction], answer: Prediction | SdmError) -> None:
    with contextlib.suppress(InvalidStateError):  # its asker gave up meanwhile
        if isinstance(answer, SdmError):
            future.set_exception(answer)
        else:
            future.set_result(answer)
