"""What a reader sees first stands before the rest of a page is drawn, and a link's choices below are kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request

from sdm.ui.state import Key
from tests.browser.steps import asked, by_menu, enter, figure, link, option, settled_page
from tests.browser.views import EUROPE

pytestmark = pytest.mark.browser
BELOW = ".st-key-below"
ALONE = """() => new Promise(done => {
  const drawn = key => Boolean(document.querySelector(`.st-key-${key} .main-svg`));
  let alone = false;
  const look = () => {
    const [above, below] = ["map_recorded", "figure_curve"].map(drawn);
    alone ||= above && !below;
    if (below) done(alone);
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Whether there was a moment with the map and without the curve."""


def test_the_maps_of_a_species_stand_before_its_curves(page: Page, address: str) -> None:
    page.goto(f"{address}/{link('species', data=EUROPE, response_view='partial')}", wait_until="commit")
    assert page.evaluate(ALONE)
    settled_page(page)
    assert page.locator(BELOW).count() == 0
    assert asked(page)["response_view"] == ["partial"]
    assert option(page, Key.RESPONSE_VIEW, 1).is_checked()


def test_every_page_that_waits_comes_to_its_end(page: Page, address: str) -> None:
    """By its address and by the menu, on which the page before has just been."""
    enter(page, f"{address}/{link('confusion', data=EUROPE)}")
    assert page.locator("[data-testid=stDataFrame]").count() == 2
    by_menu(page, "about")
    assert figure(page, "effort").is_visible()
    by_menu(page, "training")
    assert figure(page, "batches").is_visible()
    by_menu(page, "scores")
    assert page.locator(BELOW).count() == 0


def test_a_page_looks_for_its_server_in_one_place(page: Page, address: str) -> None:
    """Not at `/about/_stcore/health`, as Streamlit does."""
    asked_for: list[str] = []

    def remember(request: Request) -> None:
        asked_for.append(request.url)

    page.on("request", remember)
    with page.expect_websocket() as connection:
        page.goto(f"{address}/{link('about', data=EUROPE)}", wait_until="commit")
    assert connection.value.url == f"{address.replace('http', 'ws')}/_stcore/stream"
    page.locator("h1").wait_for()
    page.remove_listener("request", remember)
    assert f"{address}/_stcore/health" in asked_for
    assert [url for url in asked_for if "/about/" in url] == []
