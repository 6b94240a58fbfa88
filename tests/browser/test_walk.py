"""The walk of a visitor, without any outside request: map click, dossier, prediction."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import MAP, by_menu, chips, click_map, figure, ready, widget

pytestmark = pytest.mark.browser


def survey_shown(page: Page) -> str:
    found = re.search(r"(?<!\d)(1[01]\d)(?!\d)", chips(page).inner_text())
    assert found is not None
    return found[1]


def test_from_a_click_to_a_prediction(page: Page, address: str) -> None:
    ready(page, address)
    click_map(page, 240, 200)
    expect(chips(page)).to_contain_text(re.compile(r"(?<!\d)1[01]\d(?!\d)"))
    expect(page.locator(".st-key-patches img")).to_have_count(2)
    expect(figure(page, "landsat")).to_be_visible()
    expect(figure(page, "climate")).to_be_visible()
    first = survey_shown(page)
    click_map(page, 330, 150)
    expect(chips(page)).not_to_contain_text(first)
    second = survey_shown(page)
    expect(page).to_have_url(re.compile(f"survey={second}"))
    by_menu(page, "predict")
    expect(page.locator("table.ranking").first).to_be_visible()
    expect(chips(page)).to_contain_text(second)
    page.go_back()
    expect(page.locator(".st-key-patches img").first).to_be_visible()


def test_panning_and_zooming_rerun_nothing(page: Page, address: str) -> None:
    ready(page, f"{address}/?survey=105")
    expect(figure(page, "climate")).to_be_visible()
    page.evaluate("""() => { window.changes = 0; new MutationObserver(m => { window.changes += m.length; })
        .observe(document.querySelector(".st-key-patches").parentElement, {subtree: true, childList: true}); }""")
    page.wait_for_timeout(500)
    page.evaluate("window.changes = 0")
    frame = page.frame_locator(MAP)
    frame.locator(".leaflet-control-zoom-in").click()
    frame.locator("#map_div").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.changes") == 0


def test_a_click_keeps_the_view(page: Page, address: str) -> None:
    ready(page, address)
    inside = next(frame for frame in page.frames if "folium" in frame.url)
    page.frame_locator(MAP).locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(800)
    before = inside.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    click_map(page, 250, 250)
    expect(chips(page)).to_be_visible()
    page.wait_for_timeout(500)
    assert inside.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]") == before


def test_keyboard_alone_reaches_a_survey(page: Page, address: str) -> None:
    ready(page, address)
    box = widget(page, Key.AT).get_by_role("textbox")
    box.focus()
    page.keyboard.type("51.0, 7.5")
    page.keyboard.press("Enter")
    expect(chips(page)).to_contain_text("105")
    box = widget(page, Key.SURVEY).get_by_role("textbox")
    expect(box).to_have_value("105")
    box.fill("118")
    page.keyboard.press("Enter")
    expect(chips(page)).to_contain_text("118")


def test_a_link_opens_the_same_view(page: Page, address: str) -> None:
    page.goto(f"{address}/predict?survey=118&models=mlp&decoder=top-k&top_k=3")
    expect(page.locator("table.ranking")).to_have_count(1)
    expect(page.get_by_test_id("stMain")).to_contain_text("top-k:3")


def test_names_from_data_stay_text(page: Page, address: str) -> None:
    page.goto(f"{address}/?survey=119")
    expect(page.locator(".species")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".species img").count() == 0
    expect(page.locator(".species")).to_contain_text("**bold** :smile:")


def status(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read()


def test_tiles_of_known_data_sets_only(address: str) -> None:
    code, body = status(f"{address}/tiles/points/fixture/4/8/5.png?by=country&countries=Denmark")
    assert code == 200
    assert body.startswith(b"\x89PNG")
    assert status(f"{address}/tiles/base/dark/4/8/5.png")[0] == 200
    for bad in (
        "points/etc/4/8/5.png", "points/fixture/99/8/5.png", "points/fixture/4/800/5.png",
        "points/fixture/4/8/5.png?by=mood", "points/fixture/4/8/5.png?species=x", "base/pink/4/8/5.png",
        "points/..%2F..%2Fetc/4/8/5.png",
    ):  # fmt: skip
        code, body = status(f"{address}/tiles/{bad}")
        assert code in (400, 404), bad
        assert b"Traceback" not in body
        assert b"/tmp" not in body
