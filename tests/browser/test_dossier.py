"""The dossier in a browser: a pixel pointed at, keys to the next survey, two surveys side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import grave_barriers
from tests.browser.conftest import settled_page

pytestmark = pytest.mark.browser
VIEWS = ("patch", "landsat", "climate", "environment", "neighbours")


def test_a_click_on_a_pixel_shows_its_spectrum(page: Page, address: str) -> None:
    page.goto(f"{address}/?survey=105&view=patch")
    picture = page.locator(".st-key-figure_pixels .js-plotly-plot")
    expect(picture).to_be_visible()
    settled_page(page)
    box = picture.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    expect(page.get_by_text(re.compile(r"1[56]5 m west, 1[56]5 m north"))).to_be_visible()
    expect(page).to_have_url(re.compile("east=-1[56]5"))


def test_keys_lead_to_the_next_survey_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/?survey=105")
    chips = page.locator(".chips").first
    expect(chips).to_contain_text("survey 105")
    settled_page(page)
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(chips).not_to_contain_text("survey 105")
    settled_page(page)
    page.keyboard.press("p")
    expect(chips).to_contain_text("survey 105")


def test_two_surveys_stand_side_by_side(page: Page, address: str) -> None:
    page.goto(f"{address}/?survey=105")
    page.get_by_role("button", name="Pin").click()
    expect(page.get_by_text("Click another place")).to_be_visible()
    page.get_by_label("Survey id").fill("118")
    page.keyboard.press("Enter")
    expect(page.locator(".chips").nth(0)).to_contain_text("survey 105")
    expect(page.locator(".chips").nth(1)).to_contain_text("survey 118")
    expect(page.locator(".st-key-figure_climate_pinned .js-plotly-plot")).to_be_visible()
    expect(page).to_have_url(re.compile("pinned=105"))
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator(".chips")).to_have_count(1)


def test_a_formula_is_drawn_and_a_mistake_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/?survey=105&view=patch&rendering=own")
    box = page.get_by_role("textbox", name="Formula over reflectances")
    box.fill("nir / rad")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Unknown name")).to_be_visible()
    box.fill("nir / red")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-figure_pixels .js-plotly-plot")).to_be_visible()
    expect(page.get_by_text("Unknown name")).to_have_count(0)


@pytest.mark.parametrize("view", ["overview", "patch"])
def test_two_side_by_side_have_no_grave_barrier(page: Page, address: str, view: str) -> None:
    page.goto(f"{address}/?survey=105&pinned=118&view={view}")
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    settled_page(page)
    assert grave_barriers(page) == []
