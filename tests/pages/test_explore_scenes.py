"""Explore on a data set with scenes: rasters, polygons, sites, and tiles from the app's own route."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sdm.data.dataset import TargetKind
from sdm.ui.components.linked import box_key
from sdm.ui.components.tiles import ROUTES
from sdm.ui.state import Key
from tests.pages.screen import Open, html
from tests.rasters.coast import at, write_coast


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_coast(tmp_path_factory.mktemp("coast") / "coast", step=6)


def alpha(client: TestClient, url: str) -> np.ndarray:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(io.BytesIO(answer.content)))[..., 3]


def test_rasters_and_polygons_can_be_chosen(opened: Open, place: Path) -> None:
    app = opened(place)
    assert not app.exception
    rasters = app.selectbox(box_key(Key.RASTER))
    assert rasters.value == "sentinel2.natural" and "Orthophoto: blue" not in rasters.options
    assert app.selectbox(box_key(Key.POLYGONS)).value == "A"
    assert app.selectbox(box_key(Key.MAPPED_LEVEL)).value == "main_type"
    assert "T4" in html(app) and "V1" in html(app)
    assert app.session_state[Key.SITE] == "Landsvik"


def test_a_link_opens_the_site_of_its_survey(opened: Open, place: Path) -> None:
    assert opened(place, survey="10001").session_state[Key.SITE] == "Vega"
    app = opened(place, survey="10001", site="Landsvik", raster="none", polygons="none")
    assert not app.exception and app.session_state[Key.SITE] == "Landsvik"


def test_a_number_has_a_scale_instead_of_classes(opened: Open, tmp_path: Path) -> None:
    app = opened(write_coast(tmp_path / "lime", TargetKind.REGRESSION, step=6))
    assert not app.exception and "T1-C-2 1" in html(app)


def test_data_without_scenes_have_no_such_choices(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multiclass"])
    assert box_key(Key.RASTER) not in [box.key for box in app.selectbox]


def test_tiles(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDM_DATA", str(place))
    client, key = TestClient(Starlette(routes=list(ROUTES))), place.name
    here, far = at("Landsvik", 30, 30, 15)[0], at("Landsvik", 3000, 30, 15)[0]
    for path in ("raster/{}/sentinel2/natural", "raster/{}/orthophoto/c3.c1.c2", "polygons/{}/B/group"):
        url = f"/tiles/{path.format(key)}"
        assert alpha(client, f"{url}/15/{here.x}/{here.y}.png").any()
        assert not alpha(client, f"{url}/15/{far.x}/{far.y}.png").any()


@pytest.mark.parametrize(
    "path",
    ["raster/{}/other/natural", "raster/{}/sentinel2/other", "polygons/{}/C/class", "polygons/{}/A/other",
     "raster/nothing/sentinel2/natural", "raster/{}/sentinel2/natural/99"],
)  # fmt: skip
def test_tiles_of_what_is_not_there(place: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("SDM_DATA", str(place))
    here, client = at("Landsvik", 30, 30, 15)[0], TestClient(Starlette(routes=list(ROUTES)))
    answer = client.get(f"/tiles/{path.format(place.name)}/15/{here.x}/{here.y}.png")
    assert answer.status_code == 404
