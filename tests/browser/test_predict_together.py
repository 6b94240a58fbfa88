"""Models together and why, in a browser: a slider moves the scores, an input has its share; no barriers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.barriers import grave_barriers
from tests.browser.steps import PLOT, link, option, settled_page, turn, widget

pytestmark = pytest.mark.browser
SCORES = ".st-key-mix_scores tbody tr"
AGREEMENT, ATTRIBUTION = 2, 3  # places among the views


def test_from_a_weight_to_the_reasons(page: Page, address: str) -> None:
    turn(page, f"{address}/{link('predict', survey=118, models=['country', 'fusion'], predict_view='agreement')}")
    expect(page.locator(SCORES)).to_have_count(3)
    expect(page.locator("table.agree tr").first).to_be_visible()
    expect(page.locator(SCORES).first).to_contain_text("50 %")
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(SCORES).first).to_contain_text("51 %")
    expect(page.get_by_role("slider").nth(1)).to_have_value("49")
    expect(page.get_by_test_id("stCode")).to_contain_text("country:0.51 fusion:0.49")
    expect(page).to_have_url(re.compile(r"weight_country=51&weight_fusion=49"))
    settled_page(page)
    assert grave_barriers(page) == []
    option(page, Key.PREDICT_VIEW, ATTRIBUTION).click()
    expect(page.locator(PLOT)).to_have_count(3)
    settled_page(page)
    assert grave_barriers(page) == []
    widget(page, Key.MODEL).get_by_role("combobox").click()
    page.get_by_role("option", name="country").click()
    expect(page.locator(PLOT)).to_have_count(0)  # it knows the place alone
    expect(widget(page, Key.MODEL).get_by_role("combobox")).to_have_value("country")
