"""Questions to GBIF's interface: politely paced, asked again where it is busy, answers kept on disk."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from sdm.errors import SdmError
from sdm.files import atomic, read_json

# techdocs.gbif.org/en/openapi. SDM_GBIF names another address, of a mirror or of a test.
ADDRESS = "https://api.gbif.org"
PATHS = {"match": "/v2/species/match", "search": "/v1/occurrence/search", "dataset": "/v1/dataset/{key}"}
PAUSE_SECONDS = 1.0  # between two questions: about what GBIF asks of those who page
TIMEOUT_SECONDS = (10.0, 60.0)  # to connect, to answer
TRIES = 6
BACKOFF_SECONDS = 1.0  # doubled at each further try, unless the answer names a time
BUSY = (429, 500, 502, 503, 504)
KEPT_SECONDS = 7 * 24 * 3600.0
AGENT = "sdm species distribution dashboard (python-requests)"
REMEDY = "Check the connection and try again: what was answered so far is kept."

Params = Sequence[tuple[str, str]]


class GbifError(SdmError):
    """GBIF cannot be reached, refuses, or answers something else than its documentation says."""


@dataclass
class Client:
    """A session with GBIF. `cache` is a folder of answers, None for none; questions are `pause` seconds apart."""

    cache: Path | None = None
    address: str = field(default_factory=lambda: os.environ.get("SDM_GBIF", ADDRESS).rstrip("/"))
    pause: float = PAUSE_SECONDS
    backoff: float = BACKOFF_SECONDS
    timeout: tuple[float, float] = TIMEOUT_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        retry = Retry(
            TRIES, backoff_factor=self.backoff, status_forcelist=BUSY, allowed_methods=["GET"],
            respect_retry_after_header=True, raise_on_status=False,
        )  # fmt: skip
        self._session = requests.Session()
        self._session.headers["User-Agent"] = AGENT
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self._next = 0.0

    def get(self, what: str, params: Params = (), **parts: str) -> Mapping[str, Any]:
        """The answer (a JSON object) of path `what` of PATHS, kept or asked for; GbifError when there is none."""
        url = self.address + PATHS[what].format(**parts)
        kept = self._kept(url, params)
        if kept is not None and (answer := _fresh(kept)) is not None:
            return answer
        answer = self._ask(url, params)
        if kept is not None:
            with atomic(kept) as file:
                file.write(json.dumps(answer).encode())
        return answer

    def _kept(self, url: str, params: Params) -> Path | None:
        if self.cache is None:
            return None
        self.cache.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(json.dumps([url, sorted(params)]).encode()).hexdigest()
        return self.cache / f"{name}.json"

    def _ask(self, url: str, params: Params) -> Mapping[str, Any]:
        """Ask, and again where an answer breaks off; a busy server is asked again by the session itself."""
        for left in reversed(range(TRIES)):
            self._wait()
            try:
                response = self._session.get(url, params=list(params), timeout=self.timeout)
                return _object(url, response)
            except (requests.exceptions.ChunkedEncodingError, requests.exceptions.JSONDecodeError):
                if not left:
                    raise GbifError("the answer broke off", where=url, remedy=REMEDY) from None
                self.sleep(self.backoff)
            except requests.RequestException as problem:
                raise GbifError("GBIF cannot be reached", where=url, remedy=REMEDY) from problem
        raise AssertionError("unreachable")

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + self.pause


def _object(url: str, response: requests.Response) -> Mapping[str, Any]:
    """The JSON object of a good answer; GbifError for another status or another value."""
    if not response.ok:
        busy = response.status_code in BUSY
        raise GbifError(
            "GBIF is busy" if busy else "GBIF refuses the question", where=url, expected="status 200",
            got=f"{response.status_code} {response.text[:100]}",
            remedy="Try again later: what was answered so far is kept." if busy else None,
        )  # fmt: skip
    answer = response.json()
    if not isinstance(answer, dict):
        raise GbifError("an answer that is not documented", where=url, expected="an object", got=type(answer))
    return answer


def _fresh(kept: Path) -> Mapping[str, Any] | None:
    """The answer in a file of the cache; None where there is none, or one too old or damaged."""
    try:
        if time.time() - kept.stat().st_mtime > KEPT_SECONDS:
            return None
        answer = read_json(kept, GbifError)
    except (OSError, GbifError):
        return None
    return answer if isinstance(answer, dict) else None
