"""Every page in a browser: no barrier, nothing wider than a phone, and names of others execute nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from sdm.data.open import open_dataset
from tests.browser.conftest import PHONE, SIZE, copy_project, settled_page
from tests.browser.server import serving
from tests.pages.hostile import hostile_data, hostile_run
from tests.pages.test_every_page import PAGES

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}
PARTS = {
    "explore": ["", "?survey={survey}", "?at=47.5,11.3&simulate=true"],
    "predict": ["", "?survey={survey}", "?ask=A+list+of+surveys"],
    "species": ["", "?area=All+over+Europe"],
    "confusion": ["?show=By+species", "?show=Pairs", "?show=Matrix"],
    "training": ["", "?curves=The+LSTM+study", "?curves=Train+a+model"],
    "scores": ["", "?scores=As+published", "?scores=Hand+in+a+file"],
}
VIEWS = [f"{page}{part}" for page in PAGES for part in PARTS.get(page, [""])]


def opened(page: Page, address: str) -> Page:
    page.goto(address, timeout=60_000)
    page.locator("h1").wait_for()
    settled_page(page)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_grave_barrier(browser: Browser, europe: str, survey: str, view: str, scheme: str) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page = opened(context.new_page(), f"{europe}/{view.format(survey=survey)}")
    violations = Axe().run(page).response["violations"]
    context.close()
    assert [
        (found["id"], node["html"][:160], node["failureSummary"][:300])
        for found in violations if found["impact"] in GRAVE for node in found["nodes"]
    ] == []  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_phone(browser: Browser, europe: str, survey: str, view: str) -> None:
    context = browser.new_context(viewport=PHONE, user_agent=PHONE_AGENT)
    page = opened(context.new_page(), f"{europe}/{view.format(survey=survey)}")
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    context.close()
    assert wide <= PHONE["width"]
