"""Species and About in a browser: maps, a click that leads to a dossier, Europe as a grid, no barrier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import by_menu, chips, figure, option, turn, widget
from tests.browser.views import EUROPE

pytestmark = pytest.mark.browser
PATIENCE_MS = 180_000  # thousands of places are simulated first
SPECIES = "species?species=42&run=mlp"
LAST_POINT = """() => {
  const plot = document.querySelector(".st-key-map_predicted .js-plotly-plot"), box = plot.getBoundingClientRect();
  const { xaxis: across, yaxis: down } = plot._fullLayout, [{ x, y }] = plot._fullData;
  return [box.left + across._offset + across.c2p(x.at(-1)), box.top + down._offset + down.c2p(y.at(-1))];
}"""


def maps_of(page: Page) -> list[tuple[int, str]]:
    """Status and address of the pictures of Europe, as they come."""
    found: list[tuple[int, str]] = []
    page.on("response", lambda r: found.append((r.status, r.url)) if "/maps/europe/" in r.url else None)
    return found


def test_the_species_is_in_the_address_and_the_back_button_returns(page: Page, address: str) -> None:
    turn(page, f"{address}/{SPECIES}")
    expect(page.locator(".taxon")).to_be_visible()
    widget(page, Key.SPECIES).get_by_role("combobox").fill("700")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("species=700"))
    expect(page.locator(".taxon")).to_contain_text("a & b")
    by_menu(page, "your_data")
    page.go_back()
    expect(page.locator(".taxon")).to_be_visible()


def test_a_table_is_sent_when_it_is_opened(page: Page, address: str) -> None:
    turn(page, f"{address}/{SPECIES}")
    expect(figure(page, "curve")).to_be_visible()
    assert page.locator("[data-testid=stDataFrame]").count() == 0
    page.locator(".st-key-figure_curve_open button").first.click()
    expect(page.locator("[data-testid=stDataFrame]")).to_have_count(1)
    with page.expect_download() as saved:
        page.locator(".st-key-figure_curve_save button").click()
    assert saved.value.suggested_filename == "mlp-precision-recall.csv"


def test_from_a_survey_on_the_map_to_its_dossier(page: Page, address: str) -> None:
    pictures = maps_of(page)
    turn(page, f"{address}/{SPECIES}")
    expect(page.locator(".taxon")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".st-key-map_recorded image")).to_have_count(4)
    expect(page.locator(".st-key-map_predicted image")).to_have_count(2)
    expect(figure(page, "curve")).to_be_visible()
    expect(figure(page, "responses")).to_be_visible()
    page.locator(".st-key-map_predicted .js-plotly-plot").scroll_into_view_if_needed()
    x, y = page.evaluate(LAST_POINT)  # one of those that are in the picture alone
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    chosen = page.locator(".st-key-picked_survey .chips")
    expect(chosen).to_contain_text("%")
    number = re.search(r"(?<!\d)(1[01]\d)(?!\d)", chosen.inner_text())
    assert number is not None
    page.locator(".st-key-picked_survey").get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"survey={number[1]}"))
    expect(chips(page)).to_contain_text(number[1])
    assert {status for status, _ in pictures} <= {200, 304}


def test_the_simulation_is_judged_when_asked(page: Page, address: str) -> None:
    turn(page, f"{address}/about?data={EUROPE}")
    page.locator(".st-key-judge_open summary").click()
    expect(figure(page, "judged")).to_be_visible()
    expect(figure(page, "effort")).to_be_visible()


def test_all_over_europe_truth_stands_beside_the_prediction(page: Page, address: str) -> None:
    turn(page, f"{address}/species?area=europe&data={EUROPE}")
    expect(page.locator(".st-key-map_true .js-plotly-plot")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".st-key-map_grid .js-plotly-plot")).to_be_visible(timeout=PATIENCE_MS)
    scales = page.evaluate(
        "['map_true', 'map_grid'].map(k => document.querySelector(`.st-key-${k} .js-plotly-plot`)"
        "._fullLayout.coloraxis.cmax)"
    )
    assert scales[0] == scales[1]
    option(page, Key.AREA, 0).click()
    expect(page.locator(".st-key-map_predicted .js-plotly-plot").last).to_be_visible()  # the one before may linger
