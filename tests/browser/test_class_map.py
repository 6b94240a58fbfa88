"""A walk: the dossier of a pixel on Explore, the class map of its scene, the confusion, the pixels of a cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sdm.data.open import open_dataset
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.browser.steps import (
    MAP,
    TILE,
    asked,
    by_menu,
    click_map,
    click_point,
    enter,
    figure,
    link,
    settled_page,
)
from tests.rasters.coast import PIXEL, write_coast

pytestmark = pytest.mark.browser
# Column and row of a cell that is not empty.
CELL = """plot => plot._fullData.filter(trace => trace.type === "heatmap").flatMap(trace =>
  Array.from(trace.z).flatMap((row, y) => Array.from(row).map((z, x) => [x, y, z]))).find(cell => cell[2] > 0)"""


@pytest.fixture(scope="module")
def coast(site: Path) -> str:
    """The small coast in the site's data, with a run of its pixels."""
    data = open_dataset(write_coast(site / "data" / "coast", step=6))
    train(data, site / "runs" / "coast-mlp", recipe("pixel-mlp", epochs=1), Runtime("cpu"))
    return "coast"


def test_from_a_pixel_to_the_map_of_its_scene(page: Page, address: str, coast: str) -> None:
    enter(page, f"{address}/{link('', data=coast, survey=1, view=PIXEL)}")
    page.frame_locator(MAP).locator(TILE).first.wait_for()
    expect(page.locator(f".st-key-figure_{PIXEL} .js-plotly-plot").first).to_be_visible()
    by_menu(page, "predict")
    enter(
        page, f"{address}/{link('predict', data=coast, predict_section='map', site='Vega', map_model='coast-mlp')}"
    )
    page.frame_locator(MAP).locator("img.leaflet-tile[src*='/tiles/classes/']").first.wait_for()
    click_map(page, 200, 200)
    expect(page.locator(".st-key-map_reading dd")).to_have_count(6)  # place, class, two certainties, two mappers
    page.locator(".st-key-map_to_survey button").click()
    settled_page(page)
    page.locator(".st-key-boxes").wait_for()
    assert asked(page)["survey"][0].startswith("10")
    by_menu(page, "confusion")
    page.frame_locator(MAP).locator("img.leaflet-tile[src*='/tiles/raster/']").first.wait_for()
    count = page.locator("h2.list-title small")
    every = int(count.inner_text())
    x, y, _ = figure(page, "matrix").evaluate(CELL)
    click_point(page, "matrix", x, y)
    expect(count).not_to_have_text(str(every))
    assert 0 < int(count.inner_text()) < every
    click_map(page, 200, 150)
    page.locator(".st-key-picked a[href*=survey]").first.wait_for()
