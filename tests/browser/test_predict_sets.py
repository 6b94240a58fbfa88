"""Set size and certainty on Predict, by keyboard alone: sliders, what they change, the link, no barrier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import grave_barriers
from tests.browser.conftest import PHONE, settled_page

pytestmark = pytest.mark.browser
PREDICT = "predict?survey=118&models=mlp"


def test_sliders_answer_stay_in_the_link_and_fit_a_phone(page: Page, address: str) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
    )
    page.goto(f"{address}/{PREDICT}&predict_view=Set+size&own_k=3")
    expect(page.locator(".st-key-figure_sets .js-plotly-plot")).to_be_visible()
    rows = page.locator(".st-key-sets_table th[scope=row]")
    expect(rows.filter(has_text="top-k:3yours")).to_have_count(1)
    page.get_by_role("slider", name="Try your own k").focus()
    page.keyboard.press("ArrowRight")
    expect(rows.filter(has_text="top-k:4yours")).to_have_count(1)
    expect(page).to_have_url(re.compile("own_k=4"))
    page.get_by_text("How sure", exact=True).click()
    expect(page.locator(".st-key-figure_coverage .js-plotly-plot")).to_be_visible()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Stated: 89 %")).to_be_visible()
    expect(page.get_by_text(re.compile("^The promise "))).to_be_visible()
    settled_page(page)
    assert grave_barriers(page) == []
    assert outside == []
    page.set_viewport_size(PHONE)
    settled_page(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]
    last = page.locator(".st-key-decoder_box button").last.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= PHONE["width"]
