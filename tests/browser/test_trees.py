"""The walk of a visitor on whole trees: a virtual Europe with a model of its own, and a real one without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import by_menu, chips, click_map, figure, ready
from tests.browser.views import EUROPE, REAL_TREE

pytestmark = pytest.mark.browser


def expect_dossier(page: Page, survey: str) -> None:
    expect(chips(page)).to_contain_text(survey)
    expect(page.locator(".st-key-patches img")).to_have_count(2)
    expect(figure(page, "landsat")).to_be_visible()
    expect(figure(page, "climate")).to_be_visible()


def test_on_a_virtual_europe_models_answer(page: Page, address: str) -> None:
    ready(page, f"{address}/?data={EUROPE}")
    expect(page.get_by_role("note")).to_be_visible()
    click_map(page, 240, 200)
    expect_dossier(page, "survey")
    by_menu(page, "predict")
    expect(page.locator("table.ranking").first).to_be_visible()


@pytest.mark.usefixtures("real_tree")
def test_on_a_real_partial_tree_no_model_answers(page: Page, address: str) -> None:
    ready(page, f"{address}/?data={REAL_TREE}")
    click_map(page, 140, 200)
    expect_dossier(page, "5000108")
    by_menu(page, "predict")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=3)).to_have_count(2)
    expect(page.get_by_test_id("stCode")).to_have_count(0)  # nothing to train on: no advice to train
    expect(page.locator("table.ranking")).to_have_count(0)
