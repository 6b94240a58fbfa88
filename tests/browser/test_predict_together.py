"""Models together and why, in a browser: a slider moves the scores, an input has its share; no barriers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from tests.browser.barriers import grave_barriers
from tests.browser.conftest import copy_project, settled_page
from tests.browser.server import serving
from tests.datasets import multilabel
from tests.pages.conftest import renamed
from tests.pages.test_explore import HOSTILE

pytestmark = pytest.mark.browser
SCORES = ".st-key-mix_scores tbody tr"
FUSION = {"encoders": ["environment-mlp", "landsat-transformer"], "hidden": 16}


@pytest.fixture(scope="module")
def several(equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """The app on a hostile fixture with a baseline and a fusion."""
    folder = tmp_path_factory.mktemp("several")
    copy_project(folder)
    data = renamed(multilabel(), HOSTILE)
    store = write_store(data, folder / "data" / "fixture").place
    for name, config in (
        ("country", TrainingOptions("country-frequency")),
        ("fusion", TrainingOptions("fusion-series", FUSION, epochs=1)),
    ):
        train(data, folder / "runs" / name, config, Runtime(device="cpu"))
    with serving(store, root=folder) as address:
        yield address


def test_from_a_weight_to_the_reasons(page: Page, several: str) -> None:
    page.goto(f"{several}/predict?survey=118&models=country&models=fusion&predict_view=Together")
    expect(page.locator(SCORES)).to_have_count(3)
    settled_page(page)
    expect(page.locator("table.agree")).to_contain_text("Named by both")
    expect(page.locator(SCORES).first).to_contain_text("50 %")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(SCORES).first).to_contain_text("51 %")
    expect(page.get_by_role("slider").nth(1)).to_have_value("49")
    expect(page.get_by_test_id("stCode")).to_contain_text("country:0.51 fusion:0.49")
    expect(page).to_have_url(re.compile(r"weight_country=51&weight_fusion=49"))
    settled_page(page)
    assert grave_barriers(page) == []
    page.get_by_role("radio", name="Why").click()
    expect(page.get_by_text("Before looking the model says")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    settled_page(page)
    assert grave_barriers(page) == []
    page.get_by_role("combobox", name="Model looked at").click()
    page.get_by_role("option", name="country").click()
    expect(page.get_by_text("This model knows the place alone")).to_be_visible()
