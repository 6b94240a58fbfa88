"""What was chosen on a page is there again: by the menu, by the back button, on reload, in a link."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZE, click_map, ready, settled_page

pytestmark = pytest.mark.browser
CHOICES = {
    "predict": ("?survey=118&models=mlp", "Top k", "species by top-k:25"),
    "species": ("?species=42&run=mlp&species_split=validation", None, "plant 3"),
    "confusion": ("", "Matrix", "Row shares"),
    "training": ("", "Train a model", "Start training"),
    "scores": ("", "As published", "Study"),
}
"""Page -> how it is opened, what is clicked there, and words that are seen only then."""
Asked = tuple[str, dict[str, list[str]]]


def asked(page: Page) -> Asked:
    """Page and choices of the address."""
    address = urlsplit(page.url)
    return address.path, parse_qs(address.query)


def enter(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("h1").wait_for()
    settled_page(page)


def by_menu(page: Page, title: str) -> None:
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=title)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    settled_page(page)


def back(page: Page) -> None:
    page.go_back()
    page.wait_for_timeout(500)
    settled_page(page)


def same(page: Page, before: Asked, words: str) -> None:
    """The page shows what was chosen, and so does its address."""
    expect(page.get_by_test_id("stMain").get_by_text(words).first).to_be_visible()
    assert asked(page) == before


ONE_WAY_FOR_ALL = [
    *("predict", "species"),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("training", "confusion", "scores")),
]


@pytest.mark.parametrize("name", ONE_WAY_FOR_ALL)
def test_choices_outlive_the_page(page: Page, browser: Browser, address: str, name: str) -> None:
    opened, clicked, words = CHOICES[name]
    enter(page, f"{address}/{name}{opened}")
    if clicked:
        page.get_by_test_id("stMain").get_by_text(clicked, exact=True).first.click()
        settled_page(page)
    before = asked(page)
    same(page, before, words)
    entries = page.evaluate("history.length")
    by_menu(page, "About the data")
    assert asked(page) == ("/about", {})
    by_menu(page, name.capitalize())
    same(page, before, words)
    back(page)
    assert asked(page)[0] == "/about"
    back(page)
    same(page, before, words)
    assert page.evaluate("history.length") == entries + 2
    page.reload()
    page.locator("h1").wait_for()
    settled_page(page)
    same(page, before, words)
    other = browser.new_page(viewport=SIZE)
    enter(other, page.url)
    same(other, before, words)
    other.close()


def test_each_click_on_the_map_is_one_step_back(page: Page, address: str) -> None:
    ready(page, address)
    entries = page.evaluate("history.length")
    shown = []
    for x in (240, 330):
        click_map(page, x, 180)
        expect(page).not_to_have_url(shown[-1] if shown else f"{address}/")
        settled_page(page)
        shown.append(page.url)
    assert page.evaluate("history.length") == entries + 2
    by_menu(page, "Predict")
    back(page)
    assert page.url == shown[1]
    back(page)
    assert page.url == shown[0]
    back(page)
    expect(page.get_by_text("Start anywhere")).to_be_visible()


@pytest.mark.parametrize(("path", "title", "other"), [("/", "Predict", "/predict"), ("/predict", "Explore", "/")])
def test_the_survey_of_a_link_is_the_same_on_every_page(
    page: Page, address: str, path: str, title: str, other: str
) -> None:
    enter(page, f"{address}{path}?survey=118")
    by_menu(page, title)
    assert asked(page) == (other, {"survey": ["118"]})
    expect(page.get_by_label("Survey id")).to_have_value("118")


def typed(page: Page, label: str, text: str) -> str:
    """Write into a box, press Enter; the address that comes of it."""
    box = page.get_by_label(label)
    box.fill(text)
    box.press("Enter")
    page.wait_for_timeout(500)
    settled_page(page)
    return page.url


def test_each_choice_by_key_is_one_step_back(page: Page, address: str) -> None:
    enter(page, f"{address}/predict?survey=118&models=mlp")
    shown, entries = [page.url], page.evaluate("history.length")
    shown += [typed(page, "Survey id", number) for number in ("119", "105")]
    shown += [typed(page, "Latitude, longitude", place) for place in ("51.0, 7.51", "50.0, 5.01")]
    page.get_by_test_id("stMain").get_by_text("Top k", exact=True).click()
    settled_page(page)
    assert asked(page)[1]["decoder"] == ["top-k"]
    assert page.evaluate("history.length") == entries + len(shown)
    for before in reversed(shown):
        back(page)
        assert page.url == before
    expect(page.locator(".chips").first).to_contain_text("survey 118")
    page.go_forward()
    page.wait_for_timeout(500)
    settled_page(page)
    expect(page.locator(".chips").first).to_contain_text("survey 119")


def test_a_slider_on_its_way_makes_no_steps(page: Page, address: str) -> None:
    enter(page, f"{address}/predict?survey=118&models=mlp&decoder=top-k")
    entries = page.evaluate("history.length")
    slider = page.get_by_test_id("stMain").get_by_role("slider").first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1000)
    settled_page(page)
    assert asked(page)[1]["top_k"] == ["22"]
    assert page.evaluate("history.length") == entries


def test_a_filter_is_part_of_the_link(page: Page, address: str) -> None:
    ready(page, address)
    page.get_by_text("Filter the surveys").click()
    box = page.get_by_test_id("stMultiSelect").filter(has_text="Country").get_by_role("combobox")
    box.fill("Bulg")
    box.press("Enter")
    expect(page).to_have_url(f"{address}/?filter=countries%3DBulgaria")
    page.keyboard.press("Tab")
    by_menu(page, "About the data")
    back(page)
    assert asked(page) == ("/", {"filter": ["countries=Bulgaria"]})
    ready(page, page.url)
    expect(page.locator(".legend").first).to_have_text("test, far 2")
