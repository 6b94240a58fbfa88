"""Requests, predictions and errors as messages."""

from __future__ import annotations

import socket
from collections.abc import Callable

from sdm import errors
from sdm.errors import SdmError, ServiceError
from sdm.inference import frames
from sdm.inference.frames import Arrays, Header
from sdm.inference.loaded_model import Request
from sdm.inference.service import Prediction
from sdm.runs import Run

ERRORS = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SdmError)
}
PARTS = ("what", "where", "expected", "got", "remedy")


def receiver(one: socket.socket) -> Callable[[int], bytes]:
    """What gives the next bytes of a connection, as many as are asked for unless it ends. It waits for them for
    ever: a timeout of the socket is for sending."""

    def receive(count: int) -> bytes:
        parts = []
        while count:
            try:
                part = one.recv(min(count, 1 << 16))
            except TimeoutError:
                continue
            if not part:
                break
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return receive


def of_request(number: int, run: Run, request: Request) -> bytes:
    """The message that asks `run`, with what it sees alone."""
    header = {"id": number, "run": str(run.path.resolve()), "digest": run.card.digest, "site": dict(request.site)}
    return frames.encode(
        header, {name: array for name, array in request.arrays.items() if name in run.card.inputs}
    )


def of_prediction(number: int, made: Prediction) -> bytes:
    """The message of an answer."""
    header = {
        "id": number,
        "milliseconds": made.milliseconds,
        "batch_size": made.batch_size,
        "device": made.device,
    }
    return frames.encode(header, {"probabilities": made.probabilities})


def of_error(number: int, error: BaseException) -> bytes:
    """The message of an answer that is an error."""
    if not isinstance(error, SdmError):
        error = ServiceError("the prediction failed", got=error)
    parts = {part: getattr(error, part) for part in PARTS}
    return frames.encode({"id": number, "error": type(error).__name__, **parts}, {})


def answer_in(header: Header, arrays: Arrays) -> Prediction | SdmError:
    """The answer that a message holds; ServiceError where it holds none."""
    try:
        if "error" in header:
            what, *parts = (header[part] for part in PARTS)
            kind = ERRORS.get(header["error"], ServiceError)
            return kind(str(what), **dict(zip(PARTS[1:], parts, strict=True)))
        numbers = float(header["milliseconds"]), int(header["batch_size"])
        return Prediction(arrays["probabilities"], *numbers, str(header["device"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise ServiceError("a message that is no answer", got=problem) from None


def request_in(header: Header, arrays: Arrays) -> tuple[str, str, Request]:
    """Folder of the run, digest of its card and what it is asked; ServiceError where a message holds none."""
    run, digest, site = (header.get(name) for name in ("run", "digest", "site"))
    if not (isinstance(site, dict) and isinstance(run, str) and isinstance(digest, str)):
        raise ServiceError("a message that is no request")
    return run, digest, Request(site, arrays)


def number_in(header: Header) -> int:
    """Which request a message is of; ServiceError where it has no number."""
    number = header.get("id")
    if not isinstance(number, int):
        raise ServiceError("a message without a number")
    return number
