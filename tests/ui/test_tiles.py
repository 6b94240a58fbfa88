"""Addresses of pictures that name none are answered with 404, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from sdm.rasters.scenes import Layer
from sdm.ui.cache import rasters
from sdm.ui.components import static_maps, tiles
from tests.data.trees import write_tree

DIGITS = "9" * 5000  # more than int() reads
NAMES = ("key", "layer", "look", "mapper", "level", "run", "source", "what", "species", "size")
KEYS = dict.fromkeys(NAMES, "none")


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Raises what a route raises."""
    return TestClient(Starlette(routes=[*tiles.ROUTES, *static_maps.ROUTES]))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDM_DATA", str(write_tree(tmp_path_factory.mktemp("tiles") / "small")))
        yield "small"


def test_a_tile_is_drawn(client: TestClient, known: str) -> None:
    for address in ("base/light", f"points/{known}"):
        assert client.get(f"/tiles/{address}/2/2/1.png").headers["content-type"] == "image/png"


@pytest.mark.parametrize("route", tiles.ROUTES, ids=lambda route: route.path.split("/")[2])
def test_a_tile_that_is_none(client: TestClient, route: Route) -> None:
    for part in "zxy":
        for number in (DIGITS, "9" * 40, "-1", "1.5", "x", "%00", "٣", " 1", "1_0"):
            place = {"z": "2", "x": "2", "y": "1"} | {part: number}
            path = route.path.replace(":int", "").format(**KEYS, theme="light", **place)
            assert client.get(path).status_code == 404, number[:9]


@pytest.mark.parametrize("query", ["species=", "years=1%7C", "years=", "counts=0%7C", "counts=", "pictured="])
def test_a_filter_by_numbers_beyond_all(client: TestClient, known: str, query: str) -> None:
    for address in (f"/tiles/points/{known}/2/2/1.png", f"/maps/europe/points/{known}.png"):
        for number in (DIGITS, "9" * 40):
            assert client.get(f"{address}?{query}{number}").status_code in (200, 404), number[:9]


def test_a_date_beyond_all(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a layer that is there."""
    layer = Layer("series", "Series", "series3-B2-B3", ("s.tif",), (tuple(range(1, 7)),))
    monkeypatch.setattr(tiles, "dataset", lambda *_: None)
    monkeypatch.setattr(rasters, "scenes", lambda _: (SimpleNamespace(source="site", layers=(layer,)),))
    for date in (DIGITS, "9" * 40, "٣", "0", "4"):
        assert client.get(f"/tiles/raster/any/series/true@{date}/2/2/1.png").status_code == 404, date[:9]
