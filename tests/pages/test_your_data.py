"""Your data: files become a data set in the switcher, bad ones are named, one's own can be deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import catalogue
from sdm.data.open import open_dataset
from tests.pages.screen import Open, html
from tests.rasters.coast import write_rasters


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coast")
    write_rasters(folder)
    return folder / "scenes"


def sent(app: AppTest, scenes: Path, polygons: bytes | None = None) -> AppTest:
    raster = (scenes / "Landsvik-sentinel2.tif").read_bytes()
    content = (scenes / "Landsvik-A.gpkg").read_bytes() if polygons is None else polygons
    app.file_uploader(key="raster_files").upload("../s2.tif", raster, "image/tiff")
    return app.file_uploader(key="polygon_files").upload("A.gpkg", content, "application/octet-stream").run()


def test_files_become_a_data_set_and_go(opened: Open, scenes: Path) -> None:
    app = sent(opened(page="your_data"), scenes)
    assert not app.exception
    assert "EPSG:32632" in html(app)
    app.text_input(key="data_name").set_value("../My coast")
    app.run()
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(10) == "done"
    app.run()
    assert not app.exception
    assert not app.error
    known = catalogue.known_datasets()
    assert list(known) == ["my-coast"]
    assert known["my-coast"].is_relative_to(catalogue.HOME / catalogue.UPLOADS)
    assert set(open_dataset(known["my-coast"]).sites["source"]) == {"my site"}
    app.button(key="import_begin").click().run()
    app.session_state["import"].wait(10)
    assert list(catalogue.known_datasets()) == ["my-coast", "my-coast-2"]
    app.button(key="delete_my-coast").click().run()
    app.button(key="delete_my-coast-2").click().run()
    assert not app.exception
    assert not catalogue.known_datasets()


def test_files_that_cannot_be_used_are_named(opened: Open, scenes: Path) -> None:
    app = sent(opened(page="your_data"), scenes, b"no polygons")
    assert not app.exception
    assert "These files cannot be used" in [error.value for error in app.error]
    assert not [button for button in app.button if button.key == "import_begin"]


def test_only_what_was_made_here_can_be_deleted(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multiclass"], page="your_data")
    assert not app.exception
    assert not [button for button in app.button if str(button.key).startswith("delete_")]
    assert not catalogue.uploaded(stores["multiclass"])
