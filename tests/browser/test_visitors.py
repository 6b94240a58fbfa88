"""Two browsers: what one makes it finds again after a reload, and the other never sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import SIZE, enter, link
from tests.browser.tab import open_tab
from tests.series.exports import write_exports

pytestmark = pytest.mark.browser
OWN = "[class*='st-key-delete_']"


def test_a_reload_keeps_what_another_browser_does_not_see(
    page: Page, browser: Browser, address: str, tmp_path: Path
) -> None:
    own = f"{address}/{link('your_data', upload_kind='series')}"
    enter(page, own)
    page.locator("input[type=file]").set_input_files(write_exports(tmp_path))
    page.locator(".st-key-data_name input").fill("secret")
    page.locator(".st-key-import_begin button").click()
    expect(page.locator(OWN)).to_have_count(1)
    enter(page, own)
    expect(page.locator(OWN)).to_have_count(1)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["sdm_visitor"]["httpOnly"] and cookies["sdm_visitor"]["value"] not in page.url
    stranger = open_tab(browser, SIZE).page
    try:
        enter(stranger, own)
        expect(stranger.locator(OWN)).to_have_count(0)
        expect(stranger.locator("body")).not_to_contain_text("secret-")
    finally:
        stranger.context.close()
