"""What was chosen on a page is there again: by the menu, by the back button, on reload, in a link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from sdm.ui.state import Key
from tests.browser.steps import back, by_menu, chips, enter, option, ready, settled_page, turn, widget
from tests.browser.tab import Watched, seen

pytestmark = pytest.mark.browser
# Pairs of these few surveys are too rare for a choice by lift: the species of the matrix is named.
ALL_WRONG = "run=mlp&decoder=top-k&top_k=7&split=validation&block=11254"
CHOICES = {
    "predict": ("?survey=118&models=mlp", (Key.DECODER, 1), ".st-key-top_k"),
    "species": ("?species=42&run=mlp&species_split=validation", None, ".taxon:has-text('plant 3')"),
    "confusion": (f"?{ALL_WRONG}", (Key.CONFUSION_VIEW, 2), ".st-key-figure_matrix"),
    "training": ("", (Key.TRAINING_SECTION, 3), ".st-key-train_model"),
    "scores": ("", (Key.SCORES_SECTION, 2), ":is(.st-key-study, .st-key-study_box)"),
}
"""Page -> how it is opened, the choice made there, and what is seen only then."""
ELSEWHERE = "your_data"  # the page that is drawn soonest
Asked = tuple[str, dict[str, list[str]]]


def asked(page: Page) -> Asked:
    """Page and choices of the address."""
    address = urlsplit(page.url)
    return address.path, parse_qs(address.query)


def same(page: Page, before: Asked, shown: str) -> None:
    """The page shows what was chosen, and so does its address."""
    expect(page.get_by_test_id("stMain").locator(shown).first).to_be_visible()
    assert asked(page) == before


ONE_WAY_FOR_ALL = [
    *("predict", "species"),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("training", "confusion", "scores")),
]


@pytest.mark.parametrize("name", ONE_WAY_FOR_ALL)
def test_choices_outlive_the_page(page: Page, laptop: Watched, address: str, name: str) -> None:
    opened, clicked, shown = CHOICES[name]
    enter(page, f"{address}/{name}{opened}")
    if clicked:
        option(page, *clicked).click()
        settled_page(page)
    before = asked(page)
    same(page, before, shown)
    entries = page.evaluate("history.length")
    by_menu(page, ELSEWHERE)
    assert asked(page) == (f"/{ELSEWHERE}", {})
    by_menu(page, name)
    same(page, before, shown)
    back(page)
    assert asked(page)[0] == f"/{ELSEWHERE}"
    back(page)
    same(page, before, shown)
    assert page.evaluate("history.length") == entries + 2
    page.reload()
    page.locator("h1").wait_for()
    settled_page(page)
    same(page, before, shown)
    link = page.url
    laptop.forget()
    seen(page)
    enter(page, link)
    same(page, before, shown)


def test_the_survey_of_a_link_is_the_same_on_every_page(page: Page, address: str) -> None:
    for survey, path, menu, other in (("118", "/predict", "", "/"), ("119", "/", "predict", "/predict")):
        turn(page, f"{address}{path}?survey={survey}")
        by_menu(page, menu)
        assert asked(page) == (other, {"survey": [survey]})
        expect(widget(page, Key.SURVEY).get_by_role("textbox")).to_have_value(survey)


def typed(page: Page, key: str, text: str) -> str:
    """Write into a box, press Enter; the address that comes of it."""
    box = widget(page, key).get_by_role("textbox")
    box.fill(text)
    box.press("Enter")
    settled_page(page)
    return page.url


def test_each_choice_by_key_is_one_step_back(page: Page, address: str) -> None:
    turn(page, f"{address}/predict?survey=118&models=mlp")
    shown, entries = [page.url], page.evaluate("history.length")
    shown += [typed(page, Key.SURVEY, number) for number in ("119", "105")]
    shown += [typed(page, Key.AT, place) for place in ("51.0, 7.51", "50.0, 5.01")]
    option(page, Key.DECODER, 1).click()
    expect(page).to_have_url(re.compile("decoder=top-k"))
    settled_page(page)
    assert page.evaluate("history.length") == entries + len(shown)
    for before in reversed(shown):
        back(page)
        assert page.url == before
    expect(chips(page)).to_contain_text("118")
    page.go_forward()
    settled_page(page)
    expect(chips(page)).to_contain_text("119")


def test_a_slider_on_its_way_makes_no_steps(page: Page, address: str) -> None:
    turn(page, f"{address}/predict?survey=118&models=mlp&decoder=top-k")
    entries = page.evaluate("history.length")
    slider = widget(page, Key.TOP_K).get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("top_k=22"))
    settled_page(page)
    assert asked(page)[1]["top_k"] == ["22"]
    assert page.evaluate("history.length") == entries


def test_a_filter_is_part_of_the_link(page: Page, address: str) -> None:
    ready(page, address)
    widget(page, Key.FILTER_PANEL).locator("summary").click()
    box = widget(page, Key.FILTER_COUNTRIES).get_by_role("combobox")
    box.fill("Bulg")
    box.press("Enter")
    expect(page).to_have_url(f"{address}/?filter=countries%3DBulgaria")
    page.keyboard.press("Tab")
    by_menu(page, ELSEWHERE)
    back(page)
    assert asked(page) == ("/", {"filter": ["countries=Bulgaria"]})
    ready(page, page.url)
    expect(page.locator(".legend:not(.marks)").first).to_contain_text("2")


@pytest.mark.parametrize("act", [
    'dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }))',
    'document.body.append(Object.assign(document.createElement("input"), { type: "range" }))'
    " ?? document.body.lastChild.focus()",  # a drag: no key, and no click before its end
], ids=["key", "drag"])  # fmt: skip
def test_what_is_chosen_while_a_page_is_drawn_stays_in_the_address(page: Page, address: str, act: str) -> None:
    """A run that began before the choice ends after it, and writes an address that does not know of it: while the
    choice waits for a run of its own, and before it has asked for one, but not once its own has begun."""
    enter(page, f"{address}/{ELSEWHERE}?data=fixture")
    page.evaluate(act)
    for state, written, left in [
        ("rerunRequested", "data=fixture&seen=1", "data=fixture&seen=1&coverage=89"),
        ("notRunning", "data=fixture&seen=1", "data=fixture&seen=1&coverage=89"),
        ("notRunning", "data=fixture&coverage=90&seen=1", "data=fixture&coverage=89&seen=1"),
        ("running", "data=fixture&seen=1", "data=fixture&seen=1"),
    ]:
        assert page.evaluate(LATE_ANSWER, [state, written]) == left


LATE_ANSWER = """([state, written]) => new Promise(done => {
  const app = document.querySelector("[data-testid=stApp]"), path = location.pathname;
  const settled = app.dataset.testScriptState;
  const chosen = new URLSearchParams(location.search);
  chosen.set("coverage", "89");
  history.replaceState({}, "", path + "?" + chosen);  // a slider
  app.dataset.testScriptState = state;
  setTimeout(() => {
    history.pushState({}, "", path + "?" + written);  // the script
    done(location.search.slice(1));
    app.dataset.testScriptState = settled;
  });
})"""
