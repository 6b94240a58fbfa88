"""Where the inference process listens: a socket of this machine, never one that others can reach."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from pathlib import Path

from sdm.errors import ServiceError

VARIABLE = "SDM_INFERENCE"
FORMS = "unix:PATH or 127.0.0.1:PORT"
LOOPBACK = re.compile(r"127\.0\.0\.1:([0-9]{1,5})")
CONNECT_SECONDS = 2.0
MOST_WAITING = 64  # connections not accepted yet


def connect(address: str) -> socket.socket:
    """A connection to the process at `address`; ServiceError where nobody listens."""
    kind, where = _parse(address)
    one = socket.socket(kind)
    one.settimeout(CONNECT_SECONDS)
    try:
        one.connect(where)
    except OSError as problem:
        one.close()
        raise gone(address, problem) from None
    one.settimeout(None)
    return one


def gone(address: str, problem: object = None) -> ServiceError:
    """What is said where the inference process does not answer."""
    return ServiceError(
        "the inference process does not answer", where=address, got=problem,
        remedy=f"Start it again: python -m sdm inference {address}",
    )  # fmt: skip


def listen(address: str) -> socket.socket:
    """A socket that listens at `address`; ServiceError where another process does. A Unix socket is the user's
    alone, and one that a killed process left is replaced."""
    kind, where = _parse(address)
    with contextlib.suppress(ServiceError), connect(address):
        raise OSError(f"another process listens at {address}")
    one = socket.socket(kind)
    if isinstance(where, str):
        Path(where).unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            one.bind(where)
        finally:
            os.umask(before)
    else:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(where)
    one.listen(MOST_WAITING)
    return one


def release(address: str) -> None:
    """Remove what `listen` made."""
    _, where = _parse(address)
    if isinstance(where, str):
        Path(where).unlink(missing_ok=True)


def _parse(address: str) -> tuple[int, str | tuple[str, int]]:
    """Family and address of a socket; ServiceError for what is not of this machine."""
    kind, _, path = address.partition(":")
    loopback = LOOPBACK.fullmatch(address)
    if kind == "unix" and path and hasattr(socket, "AF_UNIX"):
        return socket.AF_UNIX, path
    if loopback and int(loopback[1]) < 1 << 16:
        return socket.AF_INET, ("127.0.0.1", int(loopback[1]))
    raise ServiceError("no address on this machine", expected=FORMS, got=address[:100])
