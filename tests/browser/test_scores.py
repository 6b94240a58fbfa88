"""Scores in a browser: a row leads to its confusion, a file dropped in is scored; nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.evaluation.submissions.test_read_and_check import NEAR_AND_FAR, sets

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}
PARTS = {
    "": ".board a",
    "?scores_section=As+published": ".board",
    "?scores_section=Hand+in+a+file": "[data-testid=stFileUploader]",
}


def test_from_a_file_to_the_board_to_the_confusion(page: Page, address: str, tmp_path: Path) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
    )
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(sets(NEAR_AND_FAR))
    bad.write_text(sets(NEAR_AND_FAR) + "115,3\n")
    page.goto(f"{address}/scores?scores_section=Hand+in+a+file")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.locator(".board")).to_contain_text("survey 115 was on line 2 already")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".board")).to_have_count(0)  # a file chosen while the page still changes would be lost
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_text("Valid: a competition would take it.")).to_be_visible()
    expect(page.locator(".board")).to_contain_text("samples-F1")
    page.get_by_role("radio", name="Our models").click()
    expect(page.locator(".answer, .board").first).to_be_visible()
    page.locator(".board a").first.click()
    expect(page).to_have_url(re.compile(r"/confusion\?.*run=mlp"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("mistaken")
    assert outside == []
