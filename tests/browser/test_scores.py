"""Scores in a browser: a row leads to its confusion, a file dropped in is scored; nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import option, turn, widget
from tests.submissions import NEAR_AND_FAR, sets

pytestmark = pytest.mark.browser
DROP = "[data-testid=stFileUploader]"


def test_from_a_file_to_the_board_to_the_confusion(page: Page, address: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(sets(NEAR_AND_FAR))
    bad.write_text(sets(NEAR_AND_FAR) + "115,3\n")
    turn(page, f"{address}/scores?scores_section=file")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.locator(".board")).to_contain_text(re.compile("115.*2"))
    page.get_by_test_id("stFileChipDeleteBtn").click()
    expect(page.locator(".board")).to_have_count(0)  # a file chosen while the page still changes would be lost
    page.locator("input[type=file]").set_input_files(good)
    expect(page.locator(".board tbody tr").nth(1)).to_be_visible()  # several scores
    expect(page.locator(".board")).not_to_contain_text("115")
    option(page, Key.SCORES_SECTION, 0).click()
    expect(page.locator(DROP)).to_have_count(0)
    best = page.locator(".board a").first
    [run] = parse_qs(urlsplit(best.get_attribute("href") or "").query)["run"]
    best.click()
    expect(page).to_have_url(re.compile("/confusion"))
    expect(widget(page, Key.RUN).get_by_role("combobox")).to_have_value(run)
    expect(page.locator(".st-key-figure_species .js-plotly-plot")).to_be_visible()
