"""On a phone, where columns stand below each other, what a tap has brought comes into sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import MAP, PHONE, TILE, click_map, click_point, enter, link, settled_page
from tests.browser.tab import seen
from tests.browser.views import EUROPE

pytestmark = pytest.mark.browser
HIGH = 0.65 * PHONE["height"]


def top(page: Page, key: str) -> float:
    """How far the container `key` begins below the upper edge of the screen."""
    box = page.locator(f".st-key-{key}").bounding_box()
    assert box is not None
    return box["y"]


def test_the_dossier_of_the_place_tapped(phone: Page, address: str) -> None:
    seen(phone)
    enter(phone, f"{address}/{link('', data=EUROPE)}")
    phone.frame_locator(MAP).locator(TILE).first.wait_for()
    assert top(phone, "dossier") > PHONE["height"]
    click_map(phone, 160, 190)
    expect(phone).to_have_url(re.compile(r"[?&](at|survey)="))
    settled_page(phone)
    phone.wait_for_timeout(800)
    assert 0 <= top(phone, "dossier") < HIGH


def test_what_a_link_opens_stays_at_its_head(phone: Page, address: str) -> None:
    seen(phone)
    enter(phone, f"{address}/{link('', data=EUROPE, at='48,11')}")
    phone.wait_for_timeout(800)
    assert top(phone, "dossier") > HIGH
    assert phone.locator("h1").is_visible()


def test_the_surveys_of_the_cell_tapped(phone: Page, address: str) -> None:
    seen(phone)
    view = link("confusion", run="mlp", decoder="top-k", top_k=7, confusion_view="matrix", block=11254)
    enter(phone, f"{address}/{view}")
    assert top(phone, "listed") > HIGH
    click_point(phone, "matrix", 0, 0)
    expect(phone).to_have_url(re.compile(r"[?&]recorded="))
    settled_page(phone)
    phone.wait_for_timeout(800)
    assert 0 <= top(phone, "listed") < HIGH
