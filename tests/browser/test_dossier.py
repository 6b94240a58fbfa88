"""The dossier in a browser: a pixel pointed at, keys to the next survey, two surveys side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.barriers import grave_barriers
from tests.browser.steps import asked, chips, enter, figure, option, settled_page, turn, widget

pytestmark = pytest.mark.browser


MARKS = """plots => plots.map(plot => plot.data.filter(trace => trace.marker?.symbol === "square-open")
  .map(trace => `${trace.x[0]} ${trace.y[0]}`)).flat()"""


def pixel_shown(page: Page, east: int, north: int, sides: int = 1) -> None:
    """Boxes, markers, spectra and address all tell of one pixel."""
    for key, value in ((Key.EAST, east), (Key.NORTH, north)):
        expect(widget(page, key).locator("input")).to_have_value(str(value))
        assert asked(page)[key] == [str(value)]
    words = re.compile(f"{abs(east)} m {'east' if east > 0 else 'west'}, {abs(north)} m")
    expect(page.get_by_text(words)).to_have_count(sides)
    marks = page.locator("[class*=st-key-figure_pixels] .js-plotly-plot").evaluate_all(MARKS)
    assert set(marks) == {f"{east} {north}"} and len(marks) == 2 * sides


def test_boxes_marker_and_spectrum_tell_of_one_pixel(page: Page, address: str) -> None:
    enter(page, f"{address}/?survey=105&view=patch&east=105&north=55&rendering=ndvi&pinned=118")
    pixel_shown(page, 105, 55, sides=2)
    assert grave_barriers(page) == []
    box = widget(page, Key.EAST).locator("input")
    box.fill("-12")
    box.press("Enter")
    expect(box).to_have_value("-15")
    settled_page(page)
    pixel_shown(page, -15, 55, sides=2)
    survey = widget(page, Key.SURVEY).get_by_role("textbox")
    survey.fill("110")
    survey.press("Enter")
    expect(page.locator(".chips").nth(1)).to_contain_text("110")
    settled_page(page)
    pixel_shown(page, -15, 55, sides=2)
    for place in (0, 1):
        option(page, Key.VIEW, place).click()
        settled_page(page)
    pixel_shown(page, -15, 55, sides=2)
    expect(widget(page, "rendering").locator("input")).to_have_value("NDVI")
    assert asked(page)["rendering"] == ["ndvi"]


def test_a_click_on_a_pixel_shows_its_spectrum(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105&view=patch")
    picture = figure(page, "pixels")
    expect(picture).to_be_visible()
    box = picture.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    expect(page).to_have_url(re.compile("east=-1[56]5"))
    assert asked(page)[Key.NORTH][0] in ("155", "165")
    east, north = (asked(page)[key][0].lstrip("-") for key in (Key.EAST, Key.NORTH))
    expect(page.get_by_text(re.compile(f"{east} m .*{north} m ")).first).to_be_visible()


def test_a_formula_is_drawn_and_a_mistake_is_said(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105&view=patch&rendering=own")
    box = widget(page, Key.PATCH_FORMULA).get_by_role("textbox")
    box.fill("nir / rad")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("rad")
    box.fill("nir / red")
    page.keyboard.press("Enter")
    expect(figure(page, "pixels")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_keys_lead_to_the_next_survey_and_back(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105")
    expect(chips(page)).to_contain_text("105")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(chips(page)).not_to_contain_text("105")
    settled_page(page)
    page.keyboard.press("p")
    expect(chips(page)).to_contain_text("105")


def boxes_can_be_read(page: Page) -> None:
    """Beside a pinned survey too."""
    fields = page.locator(".st-key-boxes [data-testid=stColumn]")
    expect(fields).to_have_count(3)
    place, at, survey = (field.bounding_box() for field in fields.all())
    assert place and at and survey
    assert place["width"] > 250 and min(at["width"], survey["width"]) > 120
    assert at["y"] > place["y"] and at["y"] == survey["y"]


def test_two_surveys_stand_side_by_side(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=105")
    widget(page, "pin").get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"{Key.PINNED}=105"))
    settled_page(page)
    widget(page, Key.SURVEY).get_by_role("textbox").fill("118")
    page.keyboard.press("Enter")
    expect(page.locator(".chips").nth(0)).to_contain_text("105")
    expect(page.locator(".chips").nth(1)).to_contain_text("118")
    expect(figure(page, "climate_pinned")).to_be_visible()
    assert asked(page)[Key.PINNED] == ["105"]
    expect(page.locator(".marks .pinned")).to_have_count(1)
    settled_page(page)
    assert grave_barriers(page) == []
    boxes_can_be_read(page)
    widget(page, "unpin").get_by_role("button").click()
    expect(page.locator(".chips")).to_have_count(1)
