"""Surveys round the one looked at: each tells what it is, and a click opens that very survey."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import MAP, chips, click_map, settled_page, turn

pytestmark = pytest.mark.browser
CIRCLES = "path.survey"


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
    circles.last.click()
    expect(chips(page)).to_contain_text("119")
    expect(page).to_have_url(re.compile(r"[?&]survey=119"))
    assert "at=" not in page.url
    assert inside.evaluate("[map.getZoom(), map.getCenter().lat]") == view


def test_beside_the_circles_the_nearest_survey_opens(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=119")
    expect(page.frame_locator(MAP).locator(CIRCLES)).to_have_count(18)
    inside = next(frame for frame in page.frames if "folium" in frame.url)
    at = inside.evaluate("map.latLngToContainerPoint([50, 5])")  # survey 100
    click_map(page, at["x"] - 15, at["y"] + 15)
    expect(page).to_have_url(re.compile(r"[?&]at="))
    expect(chips(page)).to_contain_text("100")
