"""The walk of a visitor on whole trees: a virtual Europe with a model of its own, and a real one without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import click_map, ready
from tests.browser.server import serving

pytestmark = pytest.mark.browser


def watch_requests(page: Page, address: str) -> list[str]:
    """Fills with every request that leaves this machine."""
    outside: list[str] = []
    ours = (address, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(ours) else outside.append(r.url))
    return outside


def expect_dossier(page: Page, survey: str) -> None:
    expect(page.locator(".chips").first).to_contain_text(survey)
    expect(page.locator(".st-key-patches img")).to_have_count(2)
    expect(page.locator(".st-key-figure_landsat .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-figure_climate .js-plotly-plot")).to_be_visible()


def test_on_a_virtual_europe_models_answer(page: Page, europe: str) -> None:
    outside = watch_requests(page, europe)
    ready(page, europe)
    expect(page.get_by_role("note")).to_contain_text("Simulated data")
    click_map(page, 240, 200)
    expect_dossier(page, "survey")
    page.get_by_role("link", name="Predict").click()
    expect(page.locator("table.ranking").first).to_be_visible()
    assert outside == []


def test_on_a_real_partial_tree_no_model_answers(page: Page, europe_site: Path, real_tree: Path) -> None:
    with serving(real_tree, root=europe_site) as address:
        outside = watch_requests(page, address)
        ready(page, address)
        click_map(page, 140, 200)
        expect_dossier(page, "survey 5000108")
        page.get_by_role("link", name="Predict").click()
        expect(page.get_by_text("No model is trained on this data")).to_be_visible()
        expect(page.locator("table.ranking")).to_have_count(0)
        assert outside == []
