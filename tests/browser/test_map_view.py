"""Place and zoom of the map: what it opens on, in the link, on reload, on other pages and back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from sdm.ui.state import Key
from tests.browser.steps import MAP, TILE, asked, by_menu, chips, click_map, ready, settled_page, turn, widget
from tests.browser.views import REAL_TREE

pytestmark = pytest.mark.browser
EXACT = "[map.getZoom(), map.getCenter().lat, map.getCenter().lng]"
INSIDE = """corners => corners.every(([lat, lon]) => map.getBounds().contains([lat, lon]))"""


def frame(page: Page) -> Frame:
    page.frame_locator(MAP).locator(TILE).first.wait_for()
    return next(frame for frame in page.frames if "folium" in frame.url)


def view(page: Page) -> list[Any]:
    """Zoom and centre, to a thousandth of a degree."""
    return list(frame(page).evaluate(
        "[map.getZoom(), ...[map.getCenter().lat, map.getCenter().lng].map(x => Math.round(x * 1000))]"
    ))  # fmt: skip


def test_the_view_is_in_the_link_and_costs_no_run(page: Page, address: str) -> None:
    ready(page, address)
    settled_page(page)
    assert frame(page).evaluate(INSIDE, [[50, 5], [53.8, 14.5]])
    assert not frame(page).evaluate(INSIDE, [[43, 5]]), "the data, not all Europe"
    assert Key.MAP_VIEW not in asked(page), "what fits the data is left out"
    entries = page.evaluate("history.length")
    page.frame_locator(MAP).locator(".leaflet-control-zoom-in").click()
    page.frame_locator(MAP).locator("#map_div").focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"{Key.MAP_VIEW}="))
    page.wait_for_timeout(1000)
    assert page.evaluate("history.length") == entries
    assert len(asked(page)[Key.MAP_VIEW][0]) < 20
    before, exact = view(page), frame(page).evaluate(EXACT)
    click_map(page, 250, 250)
    expect(page).to_have_url(re.compile(f"{Key.AT}=.*{Key.MAP_VIEW}=|{Key.MAP_VIEW}=.*{Key.AT}="))
    expect(chips(page)).to_be_visible()
    settled_page(page)
    assert frame(page).evaluate(EXACT) == exact, "a choice keeps the view, and the view stays in the link"
    link = page.url
    by_menu(page, "predict")
    assert Key.MAP_VIEW not in asked(page)
    by_menu(page, "")
    assert view(page) == before
    page.goto("about:blank")
    ready(page, link)
    assert [view(page)[0], *(pytest.approx(x, abs=60) for x in view(page)[1:])] == before
    ready(page, f"{address}/?{Key.MAP_VIEW}=1e9_x_<script>")
    assert frame(page).evaluate(INSIDE, [[50, 5], [53.8, 14.5]])


def panning_and_zooming_rerun_nothing(page: Page) -> None:
    page.evaluate("""() => { window.changes = 0; new MutationObserver(m => { window.changes += m.length; })
        .observe(document.querySelector(".st-key-patches").parentElement, {subtree: true, childList: true}); }""")
    settled_page(page)
    page.evaluate("window.changes = 0")
    page.frame_locator(MAP).locator(".leaflet-control-zoom-in").click()
    page.frame_locator(MAP).locator("#map_div").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.changes") == 0


def test_a_close_look_is_taken_as_often_as_asked_for(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105&pinned=110")
    expect(page.frame_locator(MAP).locator(".pinned-mark")).to_have_count(1)
    panning_and_zooming_rerun_nothing(page)
    for ending, place in (("", [51.0, 7.5]), ("_pinned", [52.0, 10.0]), ("_pinned", [52.0, 10.0])):
        widget(page, f"footprint{ending}").get_by_role("button").click()
        settled_page(page)
        frame(page).wait_for_function("map.getZoom() === 14")
        assert frame(page).evaluate(INSIDE, [place])
        frame(page).evaluate("map.setView([48, 2], 6, {animate: false})")


def test_what_another_page_has_chosen_comes_into_sight(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105")
    frame(page).evaluate("map.setView([40, 20], 9, {animate: false})")
    expect(page).to_have_url(re.compile(f"{Key.MAP_VIEW}="))
    before = view(page)
    by_menu(page, "predict")
    by_menu(page, "")
    assert view(page) == pytest.approx(before, abs=5), "the same survey leaves the map as it was"
    by_menu(page, "predict")
    survey = widget(page, Key.SURVEY).get_by_role("textbox")
    survey.fill("110")
    survey.press("Enter")
    expect(chips(page)).to_contain_text("110")
    by_menu(page, "")
    expect(chips(page)).to_contain_text("110")
    frame(page).wait_for_function(INSIDE, arg=[[52.0, 10.0]])
    assert view(page)[0] == before[0]
    page.goto("about:blank")
    ready(page, f"{address}/?survey=105&{Key.MAP_VIEW}=40_20_9")
    settled_page(page)
    assert view(page) == pytest.approx(before, abs=5), "a view in the link goes before its survey"


@pytest.mark.usefixtures("real_tree")
def test_a_real_tree_opens_on_its_surveys(page: Page, address: str) -> None:
    ready(page, f"{address}/?data={REAL_TREE}")
    settled_page(page)
    assert frame(page).evaluate(INSIDE, [[41, 0], [56, 33]])
    assert not frame(page).evaluate(INSIDE, [[64, -20]])
    chip = widget(page, "filter_chips").get_by_role("button")
    expect(chip).to_contain_text("14,783 of 14,784")
    chip.click()
    expect(chip).to_have_count(0)
