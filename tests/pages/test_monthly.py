"""Pages on monthly series: the dossier of a pixel against its class and the one predicted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.geo.mercator import Tile, project
from sdm.modalities import MODALITIES
from sdm.rasters.scenes import Layer, Scene, write_scenes
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.components.tiles import ROUTES
from sdm.ui.state import Key
from tests.datasets import TREE_SERIES, monthly
from tests.pages.screen import Open

SERIES_FILE = "scenes/neighbour-series.tif"


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series as a store, with the dates of each pixel; beside it a run that has learnt them all by heart."""
    folder = tmp_path_factory.mktemp("trees")
    data = monthly()
    months = " ".join(f"2022-{month:02d}-15" for month in range(1, 9))
    dated = replace(data, sites=data.sites.assign(dates=months))
    write_store(dated, folder / "trees", beside=neighbour)
    frequent = TrainingOptions("class-frequency")
    train(open_dataset(folder / "trees"), folder / "runs" / "frequent", frequent, Runtime("cpu"))
    return folder


def neighbour(folder: Path) -> None:
    """A scene of 24 x 24 pixels without labels, a tenth of a degree from the nearest field point."""
    shape = MODALITIES[TREE_SERIES].shape
    values = np.random.default_rng(0).normal(2000, 200, (*shape, 24, 24)).astype(np.float32)
    values[:, 9:] = np.nan
    (folder / "scenes").mkdir()
    with rasterio.open(
        folder / SERIES_FILE, "w", driver="GTiff", count=int(np.prod(shape)), height=24, width=24, dtype="float32",
        crs="EPSG:4326", transform=from_origin(128.3, 42.0, 0.0001, 0.0001), nodata=np.nan,
    ) as file:  # fmt: skip
        file.write(values.reshape(-1, 24, 24))
    bands = tuple(range(1, int(np.prod(shape)) + 1))
    layer = Layer("series", "Monthly series", TREE_SERIES, (SERIES_FILE,), (bands,))
    write_scenes(folder, [Scene("neighbour", "neighbour", (layer,), ())])


@pytest.fixture(autouse=True)
def with_runs(trees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "HOMES", (trees / "runs",))


@pytest.mark.parametrize(("view", "charts"), [("overview", 1), (TREE_SERIES, 2)])
def test_the_months_of_a_pixel_stand_against_those_of_its_class(
    opened: Open, trees: Path, view: str, charts: int
) -> None:
    app = opened(trees / "trees", survey="45", view=view)
    assert not app.exception and len(app.get("plotly_chart")) == charts
    assert "15 Feb" in app.get("plotly_chart")[-1].proto.spec


def test_the_class_predicted_instead_is_drawn_too(opened: Open, trees: Path) -> None:
    """The baseline predicts one class everywhere: row 44 is of the second class and in validation."""
    app = opened(trees / "trees", survey="45", view=TREE_SERIES, monthly_bands="NDVI")
    assert "predicted by frequent" in app.get("plotly_chart")[0].proto.spec
    other = opened(trees / "trees", survey="45", view=TREE_SERIES, monthly_bands="NDVI", compared_group="4")
    assert "predicted by" not in other.get("plotly_chart")[0].proto.spec
    assert "ever_coni" in other.get("plotly_chart")[0].proto.spec


def test_explore_draws_the_scene_at_a_date(opened: Open, trees: Path) -> None:
    """The labelled pixels and the scene are two places; the map is that of the world."""
    app = opened(trees / "trees", site="neighbour", raster_date="3", raster="series.NDVI")
    assert not app.exception
    assert app.session_state[Key.SITE] == "neighbour"
    assert app.segmented_control(box_key(Key.SITE)).options == ["mountain", "neighbour"]
    assert app.selectbox(box_key(Key.RASTER_DATE)).value == 3
    assert box_key(Key.POLYGONS) not in [box.key for box in app.selectbox]
    assert opened(trees / "trees").session_state[Key.SITE] == "mountain"


def test_a_date_of_a_series_is_a_tile(opened: Open, trees: Path) -> None:
    opened(trees / "trees")
    client, zoom = TestClient(Starlette(routes=list(ROUTES))), 15
    x, y = (int(float(v) * 2**zoom) for v in project(np.array(128.3012), np.array(41.9988)))
    tile = Tile(zoom, x, y)
    url = f"/tiles/raster/trees/series/{{}}/{tile.zoom}/{tile.x}/{tile.y}.png"
    here, later = (client.get(url.format(look)).content for look in ("ndvi@3", "ndvi@10"))
    assert here != later  # nothing is known at the tenth date
    assert client.get(url.format("B8@3")).status_code == 200
    for wrong in ("B8", "B8@13", "B8@x"):
        assert client.get(url.format(wrong)).status_code == 404
