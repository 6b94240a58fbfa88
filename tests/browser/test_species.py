"""Species and About in a browser: maps, a click that leads to a dossier, Europe as a grid, no barrier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PATIENCE_MS = 180_000  # thousands of places are simulated first
SPECIES = "species?species=42&run=mlp"


def maps_of(page: Page) -> list[tuple[int, str]]:
    """Status and address of the pictures of Europe, as they come."""
    found: list[tuple[int, str]] = []
    page.on("response", lambda r: found.append((r.status, r.url)) if "/maps/europe/" in r.url else None)
    return found


def test_from_a_survey_on_the_map_to_its_dossier(page: Page, address: str) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
    )
    pictures = maps_of(page)
    page.goto(f"{address}/{SPECIES}")
    expect(page.locator(".taxon")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".st-key-map_recorded image")).to_have_count(3)
    expect(page.locator(".st-key-map_predicted image")).to_have_count(1)
    expect(page.locator(".st-key-figure_curve .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-figure_responses .js-plotly-plot")).to_be_visible()
    page.locator(".st-key-map_predicted .point").first.click(force=True)
    chosen = page.locator(".st-key-picked_survey .chips")
    expect(chosen).to_contain_text("predicted")
    number = re.search(r"survey (\d+)", chosen.inner_text())
    assert number is not None
    page.locator(".st-key-picked_survey").get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"survey={number[1]}"))
    expect(page.locator(".chips").first).to_contain_text(f"survey {number[1]}")
    assert {status for status, _ in pictures} <= {200, 304}
    assert outside == []


def test_the_species_is_in_the_address_and_the_back_button_returns(page: Page, address: str) -> None:
    page.goto(f"{address}/{SPECIES}")
    expect(page.locator(".taxon")).to_be_visible()
    page.get_by_label("Species: name, common name or id").fill("700")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("species=700"))
    expect(page.locator(".taxon")).to_contain_text("a & b")
    page.get_by_role("link", name="About the data").click()
    expect(page.locator(".st-key-figure_effort .js-plotly-plot")).to_be_visible()
    page.go_back()
    expect(page.locator(".taxon")).to_be_visible()


def test_a_table_is_sent_when_it_is_opened(page: Page, address: str) -> None:
    page.goto(f"{address}/{SPECIES}")
    expect(page.locator(".st-key-figure_curve .js-plotly-plot")).to_be_visible()
    assert page.locator("[data-testid=stDataFrame]").count() == 0
    page.locator(".st-key-figure_curve_open button").first.click()
    expect(page.locator("[data-testid=stDataFrame]")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    assert saved.value.suggested_filename == "mlp-precision-recall.csv"


def test_all_over_europe_truth_stands_beside_the_prediction(page: Page, europe: str) -> None:
    page.goto(f"{europe}/species?area=europe")
    expect(page.locator(".st-key-map_true .js-plotly-plot")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".st-key-map_grid .js-plotly-plot")).to_be_visible(timeout=PATIENCE_MS)
    scales = page.evaluate(
        "['map_true', 'map_grid'].map(k => document.querySelector(`.st-key-${k} .js-plotly-plot`)"
        "._fullLayout.coloraxis.cmax)"
    )
    assert scales[0] == scales[1]
    page.get_by_text("At the surveys").click()
    expect(page.locator(".st-key-map_predicted .js-plotly-plot").last).to_be_visible()  # the one before may linger


def test_the_simulation_is_judged_when_asked(page: Page, europe: str) -> None:
    page.goto(f"{europe}/about")
    expect(page.get_by_text("made by a program")).to_be_visible()
    page.get_by_text("How like the real data is this simulation?").click()
    expect(page.locator(".st-key-figure_judged .js-plotly-plot")).to_be_visible()
