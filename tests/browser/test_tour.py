"""The tour of a first visit: once per browser, by keyboard too, never in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import grave_barriers
from tests.browser.conftest import PHONE, SIZE, click_map, ready, settled_page
from tests.browser.screenshots import PHONE as PHONE_AGENT

pytestmark = pytest.mark.browser
CARD = ".st-key-tour"


@pytest.fixture
def first(browser: Browser) -> Iterator[Page]:
    """A browser that has never been here."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_it_comes_once_and_can_be_called_again(first: Page, address: str) -> None:
    ready(first, address)
    expect(first.locator(CARD)).to_contain_text("simulated data")
    first.locator(CARD).get_by_role("button", name="Skip").click()
    expect(first.locator(CARD)).to_have_count(0)
    ready(first, address)
    settled_page(first)
    expect(first.locator(CARD)).to_have_count(0)
    first.get_by_role("button", name="Tour").click()
    expect(first.locator(CARD)).to_contain_text("1 of 5")


def test_a_link_to_a_view_begins_none(first: Page, address: str) -> None:
    ready(first, f"{address}/?survey=105")
    settled_page(first)
    expect(first.locator(CARD)).to_have_count(0)
    first.goto(f"{address}/about")
    first.locator("h1").wait_for()
    settled_page(first)
    expect(first.locator(CARD)).to_have_count(0)


def test_keys_alone_go_through_it(first: Page, address: str) -> None:
    ready(first, address)
    for step in range(1, 6):
        expect(first.locator(CARD)).to_contain_text(f"{step} of 5")
        settled_page(first)
        first.locator(CARD).get_by_role("button", name="Done" if step == 5 else "Next").press("Enter")
    expect(first.locator(CARD)).to_have_count(0)


def test_the_page_can_be_used_beside_it(first: Page, address: str) -> None:
    ready(first, address)
    first.locator(CARD).get_by_role("button", name="Next").click()
    expect(first.locator(CARD)).to_contain_text("Click a place")
    click_map(first, 240, 200)
    expect(first.locator(".chips").first).to_contain_text("survey 1")
    expect(first.locator(CARD)).to_contain_text("2 of 5")
    for step in ("3 of 5", "4 of 5"):
        first.locator(CARD).get_by_role("button", name="Next").click()
        expect(first.locator(CARD)).to_contain_text(step)
    first.locator(CARD).get_by_role("link", name="Predictions").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("models say")
    expect(first.locator(CARD)).to_contain_text("4 of 5")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_grave_barrier(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, user_agent=PHONE_AGENT, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    ready(page, address)
    expect(page.locator(CARD)).to_be_visible()
    settled_page(page)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    barriers = grave_barriers(page)
    context.close()
    assert wide <= PHONE["width"]
    assert barriers == []
