"""A server on this machine that answers like GBIF's interface, and fails as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

Record = dict[str, Any]


@dataclass
class Gbif:
    """`records` there are; `failures` are taken one per question, first to last: a status, "broken off", "slow" or
    "text"; `asked` are the questions so far."""

    records: list[Record] = field(default_factory=list)
    failures: list[int | str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def search(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Records in the box and the years, a page of them."""
        found = self.records
        for term, name in (("decimalLatitude", "decimalLatitude"), ("decimalLongitude", "decimalLongitude"),
                           ("year", "year")):  # fmt: skip
            if term in query:
                low, high = map(float, query[term][0].split(","))
                found = [record for record in found if low <= float(record.get(name, low)) <= high]
        limit, offset = (int(query.get(term, ["0"])[0]) for term in ("limit", "offset"))
        page = found[offset : offset + limit]
        return {"count": len(found), "results": page, "endOfRecords": offset + limit >= len(found)}

    def match(self, name: str) -> dict[str, Any]:
        if name == "Nemo nemo":
            return {"diagnostics": {"matchType": "NONE"}}
        if name == "Arnica alpina":
            return {
                "usage": {"key": "X7", "name": "Arnica", "rank": "GENUS"},
                "diagnostics": {"matchType": "HIGHERRANK"},
            }
        usage = {"key": "FJ2", "name": f"{name} L.", "rank": "SPECIES"}
        return {"usage": usage, "diagnostics": {"matchType": "EXACT"}}

    def dataset(self, key: str) -> dict[str, Any]:
        licence = "by-nc/4.0" if key.endswith("nc") else "by/4.0"
        return {
            "title": f"Data set {key}", "doi": f"10.15468/{key}", "citation": {"text": f"Somebody. {key}."},
            "license": f"http://creativecommons.org/licenses/{licence}/legalcode",
        }  # fmt: skip


@contextmanager
def serving(gbif: Gbif) -> Iterator[Gbif]:
    """The server at `gbif.address` while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            gbif.asked.append(self.path)
            url = urlsplit(self.path)
            failure = gbif.failures.pop(0) if gbif.failures else None
            if isinstance(failure, int):
                self._answer(failure, b"busy", {"Retry-After": "0"} if failure == 429 else {})
                return
            if failure == "slow":
                gbif.release.wait(20)
            body = (
                b"<html>" if failure == "text" else json.dumps(self._body(url.path, parse_qs(url.query))).encode()
            )
            self._answer(200, body, {}, len(body) // 2 if failure == "broken off" else None)

        def _body(self, path: str, query: dict[str, list[str]]) -> dict[str, Any]:
            if path == "/v2/species/match":
                return gbif.match(query["scientificName"][0])
            if path.startswith("/v1/dataset/"):
                return gbif.dataset(path.rpartition("/")[2])
            return gbif.search(query)

        def _answer(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[:cut])
            if cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gbif.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield gbif
    finally:
        gbif.release.set()
        server.shutdown()
        server.server_close()


def record(number: int, **more: object) -> Record:
    """A record somewhere in Europe."""
    place = np.random.default_rng(number).uniform(0, 1, 2)
    return {
        "gbifID": str(number), "datasetKey": f"set-{number % 3}", "scientificName": "Arnica montana L.",
        "decimalLatitude": float(40 + 20 * place[0]), "decimalLongitude": float(30 * place[1]),
        "coordinateUncertaintyInMeters": 25.0, "year": 1990 + number % 30, "countryCode": "CH",
        "issues": ["GEODETIC_DATUM_ASSUMED_WGS84", "TAXON_MATCH_FUZZY"], **more,
    }  # fmt: skip
