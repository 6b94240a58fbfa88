"""A walk: exports of an unseen site are sent, become a data set, and a model's map of it is saved."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from sdm.data.open import open_dataset
from sdm.runs.training_options import recipe
from sdm.series.build import import_series
from sdm.training import Runtime, train
from tests.browser.steps import MAP, asked, enter, link, settled_page
from tests.series.exports import CLASSES, write_exports

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tiles(site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Tiles of a site without classes; a run that has learnt the labelled pixels of another is at hand."""
    points, *tiles = write_exports(tmp_path_factory.mktemp("exports"))
    import_series([points], site / "data" / "trees")
    small = recipe("series-lstm", epochs=1, model_config={"hidden": 8, "layers": 1})
    train(open_dataset(site / "data" / "trees"), site / "runs" / "trees-lstm", small, Runtime("cpu"))
    return tiles


def test_from_exports_to_a_map_that_is_saved(page: Page, address: str, tiles: list[Path]) -> None:
    enter(page, f"{address}/{link('your_data', upload_kind='series')}")
    page.locator("input[type=file]").set_input_files(tiles)
    page.locator(".st-key-classes_of").wait_for()
    page.locator(".st-key-import_begin button").click()
    page.locator(".st-key-open_made button").click()
    page.locator("a[href*='predict_section=map']").click()
    page.locator(":is(.st-key-paint, .st-key-save_predictions) button").first.wait_for()
    if page.locator(".st-key-paint button").count():  # a busy machine asks before it begins
        page.locator(".st-key-paint button").click()
    page.locator(".st-key-save_predictions button").wait_for()
    page.frame_locator(MAP).locator("img.leaflet-tile[src*='/tiles/classes/']").first.wait_for()
    settled_page(page)
    assert asked(page)["predict_section"] == ["map"]
    with page.expect_download() as saved:
        page.locator(".st-key-save_predictions button").click()
    table = pd.read_csv(saved.value.path())
    assert list(table) == ["latitude", "longitude", "predicted_class"]
    assert len(table) > 100 and set(table["predicted_class"]) <= set(CLASSES)
