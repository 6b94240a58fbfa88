"""Pictures of every page for a critical eye: `python -m tests.browser.screenshots DATA [--survey ID] [--out DIR]`.

Each page at 1366x768 and 390x844, light and dark; `--whole` takes the full height instead of the first screen.
"""

from __future__ import annotations

import argparse
import re
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.server import ROOT, browsing, serving
from tests.browser.steps import PHONE_AGENT
from tests.browser.views import VIEWS

SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
SETTLED_MS = 5000


def name_of(view: str) -> str:
    """A view's name as part of a file's.

    >>> name_of("scores?scores_section=published")
    'scores-scores-section-published'
    """
    return re.sub(r"[^a-z]+", "-", view.replace("{survey}", "").lower()).strip("-") or "explore"


def take(browser: Browser, url: str, size: str, scheme: str, out: Path, whole: bool) -> None:
    """One picture."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        user_agent=PHONE_AGENT if size == "phone" else None,
    )
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.locator("h1").wait_for(timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    if whole:
        tall = int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
        page.set_viewport_size({"width": width, "height": tall + 20})
        page.wait_for_timeout(1500)
    page.screenshot(path=out)
    context.close()


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--survey", default="")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with serving(options.data) as address, browsing() as browser:
        for view, size, scheme in product(VIEWS, SIZES, ("light", "dark")):
            out = options.out / f"{name_of(view)}-{size}-{scheme}.png"
            take(browser, f"{address}/{view.format(survey=options.survey)}", size, scheme, out, options.whole)
            print(out)


if __name__ == "__main__":
    main()
