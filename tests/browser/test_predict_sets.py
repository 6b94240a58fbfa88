"""Set size and certainty on Predict, by keyboard alone: sliders, what they change, the link, no barrier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.barriers import grave_barriers
from tests.browser.steps import PHONE, figure, option, settled_page, turn, widget

pytestmark = pytest.mark.browser
PREDICT = "predict?survey=118&models=mlp"


def test_sliders_answer_stay_in_the_link_and_fit_a_phone(page: Page, address: str) -> None:
    turn(page, f"{address}/{PREDICT}&predict_view=set-size&own_k=3")
    expect(figure(page, "sets")).to_be_visible()
    rows = page.locator(".st-key-sets_table th[scope=row]")
    expect(rows.filter(has_text="top-k:3").locator("small")).to_have_count(1)
    widget(page, Key.OWN_K).get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(rows.filter(has_text="top-k:4").locator("small")).to_have_count(1)
    expect(page).to_have_url(re.compile("own_k=4"))
    option(page, Key.PREDICT_VIEW, 4).click()
    expect(figure(page, "coverage")).to_be_visible()
    widget(page, Key.COVERAGE).get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("columnheader", name="89 %")).to_be_visible()
    expect(page.locator("p.answer").first).to_be_visible()
    expect(page).to_have_url(re.compile("coverage=89"))
    settled_page(page)
    assert grave_barriers(page) == []
    page.set_viewport_size(PHONE)
    settled_page(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]
    last = option(page, Key.DECODER, -1).bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= PHONE["width"]
