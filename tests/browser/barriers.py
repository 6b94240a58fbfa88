"""What keeps people from using a page, by axe-core."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
FADED_MS = 2500


def grave_barriers(page: Page) -> list[tuple[str, str, str]]:
    """Rule, element and failure of each grave violation that lasts: what is drawn anew fades for a moment."""
    found = _grave(page)
    if found:
        page.wait_for_timeout(FADED_MS)
        found = _grave(page)
    return found


def _grave(page: Page) -> list[tuple[str, str, str]]:
    return [
        (violation["id"], node["html"][:160], node["failureSummary"][:300])
        for violation in Axe().run(page).response["violations"] if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]  # fmt: skip
