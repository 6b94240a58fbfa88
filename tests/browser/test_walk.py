"""The walk of a visitor, without any outside request: map click, dossier, prediction."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import (
    asked,
    back,
    by_menu,
    chips,
    click_map,
    figure,
    option,
    ready,
    settled_page,
    turn,
    widget,
)

pytestmark = pytest.mark.browser
AT_ONCE = """async ([choice, box, text]) => {
  const input = document.querySelector(box + " input"), told = [];
  document.querySelector(choice).click();
  setTimeout(() => told.push("a turn is over"));
  input.focus();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await null;
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  return !told.length;
}"""
"""Click `choice`, and enter `text` in `box`; whether both happened in one turn of the event loop."""


def survey_of(page: Page) -> str:
    """Of the address."""
    (survey,) = asked(page)[Key.SURVEY]
    assert re.fullmatch(r"1[01]\d", survey)
    return survey


def test_from_clicks_to_a_prediction_and_back(page: Page, address: str) -> None:
    """Each click is one step back."""
    ready(page, address)
    entries, shown = page.evaluate("history.length"), []
    for x in (240, 330):
        click_map(page, x, 180)
        expect(page).not_to_have_url(shown[-1] if shown else f"{address}/")
        settled_page(page)
        shown.append(page.url)
        expect(chips(page)).to_contain_text(survey_of(page))
        expect(page.locator(".st-key-patches img")).to_have_count(2)
        expect(figure(page, "landsat")).to_be_visible()
        expect(figure(page, "climate")).to_be_visible()
    assert page.evaluate("history.length") == entries + 2
    second = survey_of(page)
    by_menu(page, "predict")
    expect(page.locator("table.ranking").first).to_be_visible()
    expect(chips(page)).to_contain_text(second)
    back(page)
    assert page.url == shown[1]
    expect(page.locator(".st-key-patches img").first).to_be_visible()
    back(page)
    assert page.url == shown[0]
    assert survey_of(page) != second
    back(page)
    expect(page.locator(".steps")).to_be_visible()
    assert page.url == f"{address}/"


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


def test_two_choices_at_the_same_moment_both_hold(page: Page, address: str) -> None:
    """One in a part of the page that runs alone, the other outside of it, in one turn of the event loop."""
    turn(page, f"{address}/?survey=105")
    assert page.evaluate(
        AT_ONCE, [f".st-key-{Key.CLIMATE_DIAGRAM}_box button:nth-of-type(2)", f".st-key-{Key.SURVEY}", "118"]
    )
    expect(chips(page)).to_contain_text("118")
    expect(option(page, Key.CLIMATE_DIAGRAM, 1)).to_be_checked()
    assert asked(page)[Key.CLIMATE_DIAGRAM] == ["walter-lieth"]


def test_a_link_opens_the_same_view(page: Page, address: str) -> None:
    page.goto(f"{address}/predict?survey=118&models=mlp&decoder=top-k&top_k=3")
    expect(page.locator("table.ranking")).to_have_count(1)
    expect(page.get_by_test_id("stMain")).to_contain_text("top-k:3")


def test_names_from_data_stay_text(page: Page, address: str) -> None:
    turn(page, f"{address}/?survey=119")
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
