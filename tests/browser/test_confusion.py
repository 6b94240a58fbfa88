"""The walk from a mistake to a survey: bar, pair and cell, map and table, dossier. No outside request."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import (
    MAP,
    TILE,
    asked,
    chips,
    click_map,
    click_point,
    figure,
    option,
    settled_page,
    turn,
    widget,
)

pytestmark = pytest.mark.browser
# All seven species are predicted everywhere, so that those not recorded are false alarms.
EVERYTHING = "confusion?run=mlp&decoder=top-k&top_k=7&split=validation"
HEADING = "h2.list-title"
COUNT = f"{HEADING} small"
SURVEYS = "3"  # of validation


@pytest.mark.slow  # a click that a busy machine can lose
def test_from_a_mistake_to_its_survey(page: Page, address: str) -> None:
    page.goto(f"{address}/{EVERYTHING}&order=false+alarms")
    expect(page.locator(COUNT)).to_have_text(SURVEYS)
    hits, misses, alarms = figure(page, "species").evaluate("plot => plot._fullData.map(trace => trace.x[0])")
    click_point(page, "species", hits + misses + alarms / 2, 0)
    expect(page.locator(COUNT)).to_have_text(str(alarms))
    assert Key.PREDICTED in asked(page)
    assert Key.RECORDED not in asked(page)
    click_map(page, 200, 150)
    picked = page.locator(".st-key-picked")
    expect(picked).to_contain_text("11")
    link = picked.locator("a[href*=survey]").first
    link.hover()
    assert urlsplit(link.evaluate("link => link.href")).path == "/"  # also in a new tab
    link.click()
    expect(page.frame_locator(MAP).locator(TILE).first).to_be_visible()
    expect(chips(page)).to_contain_text("11")
    page.go_back()
    expect(page.locator(HEADING)).to_be_visible()
    assert Key.PREDICTED in asked(page)


def test_a_cell_of_the_matrix_and_of_the_table(page: Page, address: str) -> None:
    turn(page, f"{address}/{EVERYTHING}&confusion_view=matrix&block=11254")
    click_point(page, "matrix", 0, 0)
    expect(page.locator(COUNT)).to_have_text("1")
    expect(page.locator(HEADING)).to_contain_text("Poa annua")
    assert asked(page)[Key.RECORDED] == asked(page)[Key.PREDICTED] == ["11254"]
    option(page, Key.CONFUSION_VIEW, 0).click()
    expect(figure(page, "species")).to_have_count(1)
    expect(page.locator(HEADING)).to_contain_text("Poa annua")
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 160, box["y"] + 55)  # a number in the first row
    expect(page.locator(HEADING)).not_to_contain_text("Poa annua")


def test_boxes_do_what_clicks_do(page: Page, address: str) -> None:
    turn(page, f"{address}/{EVERYTHING}")
    expect(page.locator(COUNT)).to_have_text(SURVEYS)
    for key in (Key.RECORDED, Key.PREDICTED):
        widget(page, key).get_by_role("combobox").focus()
        page.keyboard.type("Poa")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
        settled_page(page)
    expect(page.locator(HEADING)).to_contain_text("Poa annua")
    expect(page.locator(COUNT)).to_have_text("1")


def test_the_surveys_of_a_cell_need_no_sideways_scroll(page: Page, address: str) -> None:
    turn(page, f"{address}/confusion")
    table = page.locator(".st-key-listed [data-testid=stDataFrame]")
    expect(table).to_be_visible()
    settled_page(page)
    scroller = table.locator(".dvn-scroller")
    assert scroller.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
