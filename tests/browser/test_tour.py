"""The tour of a first visit: once per browser, by keyboard too, never in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.components.tour import STEPS
from tests.browser.barriers import grave_barriers
from tests.browser.steps import MAP, PHONE, TILE, chips, click_map, enter, ready, settled_page

pytestmark = pytest.mark.browser
CARD = ".st-key-tour"
MADE = "[class*='_begin'] button >> nth=-1"
COVERED = """card => {
  const box = document.querySelector(card).getBoundingClientRect();
  const under = q => q.left < box.right && q.right > box.left && q.top < box.bottom && q.bottom > box.top;
  return [...document.querySelectorAll("[data-testid=stMain] button")]
    .filter(one => !one.closest(card) && one.offsetParent && under(one.getBoundingClientRect()))
    .map(one => one.innerText);
}"""
SKIP, ON = ".st-key-tour_skip button", ".st-key-tour_on button"


def at_step(page: Page, number: int) -> None:
    expect(page.locator(f"{CARD} h5")).to_contain_text(STEPS[number - 1].title)


def keys_alone_go_through_it(page: Page) -> None:
    for step in range(1, len(STEPS) + 1):
        at_step(page, step)
        settled_page(page)
        page.locator(ON).press("Enter")
    expect(page.locator(CARD)).to_have_count(0)


def test_it_comes_once_and_can_be_called_again(newcomer: Page, address: str) -> None:
    ready(newcomer, address)
    at_step(newcomer, 1)
    newcomer.locator(SKIP).click()
    expect(newcomer.locator(CARD)).to_have_count(0)
    ready(newcomer, address)
    settled_page(newcomer)
    expect(newcomer.locator(CARD)).to_have_count(0)
    newcomer.locator(".st-key-tour_again button").click()
    keys_alone_go_through_it(newcomer)


def test_a_link_to_a_view_begins_none(newcomer: Page, address: str) -> None:
    for view in ("?survey=105", "your_data"):
        enter(newcomer, f"{address}/{view}")
        expect(newcomer.locator(CARD)).to_have_count(0)


def test_the_page_can_be_used_beside_it(newcomer: Page, address: str) -> None:
    ready(newcomer, address)
    newcomer.locator(ON).click()
    at_step(newcomer, 2)
    click_map(newcomer, 240, 200)
    expect(chips(newcomer)).to_contain_text("1")
    at_step(newcomer, 2)
    for step in (3, 4):
        newcomer.locator(ON).click()
        at_step(newcomer, step)
    newcomer.locator(f"{CARD} a[href*={STEPS[3].page}]").click()
    expect(newcomer.locator("table.ranking").first).to_be_visible()
    at_step(newcomer, 4)


def test_the_last_buttons_of_a_page_can_be_reached(newcomer: Page, address: str) -> None:
    ready(newcomer, address)
    newcomer.get_by_role("link", name="Your data").first.click()
    expect(newcomer.locator(MADE)).to_be_visible()
    settled_page(newcomer)
    newcomer.evaluate(
        "main => main.scrollTo(0, main.scrollHeight)", newcomer.query_selector("[data-testid=stMain]")
    )
    newcomer.wait_for_timeout(300)
    assert newcomer.evaluate(COVERED, CARD) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_grave_barrier(phone: Page, address: str, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ready(phone, address)
    expect(phone.locator(CARD)).to_be_visible()
    expect(phone.frame_locator(MAP).locator(TILE).first).to_be_visible()
    settled_page(phone)
    wide = phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= PHONE["width"]
    assert grave_barriers(phone) == []
