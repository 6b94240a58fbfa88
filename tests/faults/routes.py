"""Hostile addresses of tiles and static maps, hosts and origins, against the routes of the app."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from sdm.data.store import write_store
from sdm.ui.components import static_maps, tiles
from sdm.ui.components.foreign_requests import RefuseForeign
from tests.datasets import multilabel
from tests.faults import Outcome
from tests.faults.trials import Trials
from tests.hostile import NAMES

ROUTES: tuple[Route, ...] = (*tiles.ROUTES, *static_maps.ROUTES)
SECRET = b"root:"  # begins /etc/passwd
PIECES = (
    "..", "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "/etc/passwd", "\\..\\..", "\0", "%00",
    "%", "-1", "0", "1.5", "1e9", "9" * 40, "9" * 5000, "nan", "\u0663", "\u202e", " ", "", "'; DROP TABLE x; --",
    "{0}", "${7*7}", "{{7*7}}", "*", "?", "#", "light", "dark", "split", "block", "true@1", "true@" + "9" * 40,
    "x" * 9000, *NAMES[:4],
)  # fmt: skip
QUERIES = ("by", "part", "species", "years", "counts", "pictured", "country", "region", "split", "filter", "x")
OWN = "127.0.0.1:8501"
OTHERS = ("attacker.example", f"{OWN}.attacker.example", "127.0.0.1@x", "[::1", "\u0663", "a b", "")


def routes(seed: int = 0, tried: int = 3000) -> Outcome:
    """Ask for `tried` addresses, every fifth with the Host or the Origin of somebody else.

    Survived: a picture, or a refusal (400, 403, 404) without a file of the system or a trace of code; never an
    exception. With somebody else's Host or Origin always 403.
    """
    random, trials = np.random.default_rng(seed), Trials("routes")
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        store = write_store(multilabel("environment"), Path(home) / "store").place
        patch.setenv("SDM_DATA", str(store))
        app = Starlette(routes=list(ROUTES), middleware=[Middleware(RefuseForeign)])
        client = TestClient(app, base_url=f"http://{OWN}")
        for i in range(tried):
            address = hostile_address(random, store.name)
            with trials.one(address[:200]):
                _ask(client, address, _headers(random) if i % 5 == 0 else {})
    return trials.outcome()


def hostile_address(random: np.random.Generator, data: str) -> str:
    """One of the routes with a few good parts, the others hostile, and perhaps a query."""
    route = ROUTES[int(random.integers(len(ROUTES)))]
    good = {"key": data, "theme": "light", "z": "2", "x": "2", "y": "1"}
    path = route.path.replace(":int", "")
    for name in route.param_convertors:
        hostile = name not in good or random.random() < 0.3
        piece = PIECES[int(random.integers(len(PIECES)))]
        written = (
            piece if random.random() < 0.3 and piece.isascii() and piece.isprintable() else quote(piece, safe="")
        )
        path = path.replace(f"{{{name}}}", written if hostile else good[name])
    chosen = random.choice(QUERIES, int(random.integers(0, 3)))
    query = "&".join(f"{name}={quote(PIECES[int(random.integers(len(PIECES)))])}" for name in chosen)
    return f"{path}?{query}" if query else path


def _headers(random: np.random.Generator) -> dict[bytes, bytes]:
    name = str(random.choice(OTHERS)).encode()
    return {b"host": name} if random.random() < 0.5 else {b"origin": b"http://" + name}


def _ask(client: TestClient, address: str, headers: dict[bytes, bytes]) -> None:
    answer = client.get(f"http://{OWN}{address}", headers=headers)
    assert answer.status_code in ((403,) if headers else (200, 304, 400, 404)), answer.status_code
    assert answer.status_code != 200 or answer.headers["content-type"] == "image/png", "no picture"
    assert SECRET not in answer.content and b"Traceback" not in answer.content, "it tells too much"
