"""Your data: files become a data set in the switcher, bad ones are named, one's own can be deleted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import catalogue
from sdm.data.open import open_dataset
from sdm.rasters.scenes import read_scenes
from sdm.series.build import import_series
from sdm.series.options import ImportOptions
from tests.pages.screen import Open, html, sent_series
from tests.rasters.coast import write_rasters
from tests.series.exports import CLASSES


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
    app = sent(opened(page="your_data", upload_kind="rasters"), scenes)
    assert not app.exception
    assert "EPSG:32632" in html(app)
    app.text_input(key="data_name").set_value("../My coast")
    app.run()
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(10) == "done"
    app.run()
    assert not app.exception
    assert not app.error
    (first,) = catalogue.uploads()
    assert re.fullmatch("my-coast-[a-z0-9]{4}", first.name)
    assert set(open_dataset(first).sites["source"]) == {"my site"}
    app.button(key="import_begin").click().run()
    app.session_state["import"].wait(10)
    second = next(path for path in catalogue.uploads() if path != first)
    app.run()
    for place in (first, second):
        asked = [text.value for text in app.markdown if "and its models?" in text.value]
        assert any(place.name.replace("-", "") in text.replace("\\", "").replace("-", "") for text in asked)
        app.button(key=f"delete_{place.name}").click().run()
    assert not app.exception
    assert not list(catalogue.uploads())


def test_what_a_killed_app_was_making_goes(opened: Open, scenes: Path) -> None:
    app = opened(page="your_data", upload_kind="rasters")
    stray = catalogue.HOME / catalogue.UPLOADS / "another-visit" / ".part-0123456789abcdef"
    (stray / "new").mkdir(parents=True)
    sent(app, scenes)
    assert not stray.exists()
    assert stray.parent.exists()


def test_two_sites_become_one_data_set_split_by_site(opened: Open, scenes: Path) -> None:
    app = sent(opened(page="your_data", upload_kind="rasters"), scenes)
    app.button(key="add_site").click().run()
    assert not app.exception and not [button for button in app.button if button.key == "import_begin"]
    for box, name, kind in (("raster_files_1", "sentinel2.tif", "tiff"), ("polygon_files_1", "A.gpkg", "gpkg")):
        app.file_uploader(key=box).upload(name, (scenes / f"Vega-{name}").read_bytes(), f"image/{kind}")
    app.run()
    app.text_input(key="site_name_1").set_value("my site").run()
    assert "already" in app.error[0].value
    app.text_input(key="site_name_1").set_value("Vega").run()
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(10) == "done"
    sites = open_dataset(next(catalogue.uploads())).sites
    assert set(sites["source"]) == {"my site", "Vega"}
    assert not set(sites.loc[sites["split_site"] == "test", "source"]) & set(
        sites.loc[sites["split_site"] == "train", "source"]
    )
    app.button(key="remove_site_0").click().run()
    assert not app.exception and not [button for button in app.button if button.key == "remove_site_0"]


def test_files_that_cannot_be_used_are_named(opened: Open, scenes: Path) -> None:
    app = sent(opened(page="your_data", upload_kind="rasters"), scenes, b"no polygons")
    assert not app.exception
    assert "These files cannot be used" in [error.value for error in app.error]
    assert not [button for button in app.button if button.key == "import_begin"]


def test_only_what_was_made_here_can_be_deleted(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multiclass"], page="your_data")
    assert not app.exception
    assert not [button for button in app.button if str(button.key).startswith("delete_")]
    assert not catalogue.uploaded(stores["multiclass"])


def test_exports_become_a_data_set_with_a_scene(opened: Open, exports: list[Path]) -> None:
    app = sent_series(opened(page="your_data", upload_kind="series"), exports)
    assert not app.exception and not app.error
    assert "larch_CN" in html(app) and "Unseen_2022_monthly" in html(app)
    assert "classes_of" not in [box.key for box in app.selectbox]
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(20) == "done"
    app.run()
    assert not app.exception and not app.error
    (place,) = catalogue.uploads()
    assert place.name.startswith("my-series-") and len(read_scenes(place)) == 1
    assert "masked" in html(app) and "by field point" in html(app)


def test_series_without_classes_can_have_those_of_a_model(opened: Open, exports: list[Path]) -> None:
    app = sent_series(opened(page="your_data", upload_kind="series"), exports[1:])
    assert app.selectbox(key="classes_of").options == ["none: to look at them only"]
    made = import_series(exports[1:], catalogue.HOME / "own", ImportOptions(classes=CLASSES))
    assert made.classes == dict.fromkeys(CLASSES, 0)
    data = open_dataset(catalogue.HOME / "own")
    assert tuple(data.targets.classes["name"]) == CLASSES and not data.targets.known.any()


def test_a_file_that_is_no_export_is_named(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\0\0\0")
    for name, error in (("notes.csv", "The files cannot be read"), ("picture.csv", "These files cannot be used")):
        app = sent_series(opened(page="your_data", upload_kind="series"), [tmp_path / name])
        assert not app.exception and error in [one.value for one in app.error]
