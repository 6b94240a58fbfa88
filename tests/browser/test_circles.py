"""Surveys round the one looked at: each tells what it is, and a click opens that very survey."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import MAP, chips, click_map, settled_page, turn

pytestmark = pytest.mark.browser
CIRCLES = "path.survey"
RECORD_REPORTS = """() => {
  const report = Streamlit.setComponentValue.bind(Streamlit);
  window.reports = [];
  Streamlit.setComponentValue = value => { reports.push(value); report(value); };
}"""
REPORTED_BY_ITSELF_MS = 250  # after a click or a move


def test_a_circle_opens_the_survey_it_tells_of(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105")
    circles = page.frame_locator(MAP).locator(CIRCLES)
    expect(circles).to_have_count(18)  # of 20: one has no picture, one is looked at
    inside = next(frame for frame in page.frames if "folium" in frame.url)
    view = inside.evaluate("[map.getZoom(), map.getCenter().lat]")
    settled_page(page)  # the first visit of a server loads what later ones have
    circles.last.hover()
    told = page.frame_locator(MAP).locator(".leaflet-tooltip")
    expect(told).to_contain_text(re.compile("119.*Bulgaria.*2021.*6"))
    inside.evaluate(RECORD_REPORTS)
    circles.last.click()
    expect(chips(page)).to_contain_text("119")
    expect(page).to_have_url(re.compile(r"[?&]survey=119"))
    assert inside.evaluate("[map.getZoom(), map.getCenter().lat]") == view
    inside.evaluate("map.panBy([5, 0])")
    page.wait_for_timeout(2 * REPORTED_BY_ITSELF_MS)
    (report,) = inside.evaluate("reports")
    assert report["last_clicked"]["survey"].endswith("119")
    assert "at=" not in page.url


def test_beside_the_circles_the_nearest_survey_opens(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=119")
    expect(page.frame_locator(MAP).locator(CIRCLES)).to_have_count(18)
    inside = next(frame for frame in page.frames if "folium" in frame.url)
    at = inside.evaluate("map.latLngToContainerPoint([50, 5])")  # survey 100
    click_map(page, at["x"] - 15, at["y"] + 15)
    expect(page).to_have_url(re.compile(r"[?&]at="))
    expect(chips(page)).to_contain_text("100")
