"""Every page in a browser: no barrier, nothing wider than a phone, and names of others execute nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from sdm.data.location import survey_key
from sdm.data.open import open_dataset
from tests.browser.barriers import grave_barriers
from tests.browser.conftest import PHONE, SIZE, copy_project, settled_page
from tests.browser.screenshots import PHONE as PHONE_AGENT
from tests.browser.server import serving
from tests.browser.views import PAGES, VIEWS, at, parts
from tests.pages.hostile import NAMES, hostile_data, hostile_run

pytestmark = pytest.mark.browser
# What is being drawn anew is faded, which a busy machine shows for long.
AT_REST = "[data-stale] { opacity: 1 !important; transition: none !important; }"
MARKED = "[...document.querySelectorAll('img[src=x], [onerror], [src*=example]')].length"


@pytest.fixture(scope="module")
def survey(europe_site: Path) -> str:
    """A survey of the virtual Europe that has a picture."""
    data = open_dataset(europe_site / "data" / "virtual-europe-tiny")
    row = int(np.flatnonzero(data.reader.available("patch"))[0])
    return survey_key(data, row)


@pytest.fixture(scope="module")
def hostile(equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """The app on data and a run whose names want to be more."""
    folder = tmp_path_factory.mktemp("hostile")
    copy_project(folder)
    data = hostile_data(folder / "data")
    hostile_run(open_dataset(data), folder / "runs")
    with serving(data, root=folder) as url:
        yield url


def opened(page: Page, address: str) -> Page:
    page.goto(address, timeout=60_000)
    page.locator("h1").wait_for()
    settled_page(page)
    assert page.get_by_text("Page not found").count() == 0
    return page


@pytest.mark.parametrize(("size", "scheme", "agent"), [(SIZE, "light", None), (PHONE, "dark", PHONE_AGENT)])
@pytest.mark.parametrize("view", VIEWS)
def test_no_grave_barrier_and_nothing_wider_than_the_screen(
    browser: Browser, europe: str, survey: str, view: str, size: dict[str, int], scheme: str, agent: str | None
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, user_agent=agent)  # type: ignore[arg-type]
    page = opened(context.new_page(), f"{europe}/{view.format(survey=survey)}")
    page.add_style_tag(content=AT_REST)
    barriers = grave_barriers(page)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    context.close()
    assert barriers == []
    assert wide <= size["width"]


MOST_NAMES = ("explore", "species")  # pages that show the most names; the others in the slow suite
ONE_MARKUP_FOR_ALL = [pytest.param(name, marks=[] if name in MOST_NAMES else [pytest.mark.slow]) for name in PAGES]


@pytest.mark.parametrize("name", ONE_MARKUP_FOR_ALL)
def test_names_execute_nothing(page: Page, hostile: str, name: str) -> None:
    outside: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((hostile, "data:", "blob:")) else outside.append(r.url))
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for part in parts(name):
        opened(page, f"{hostile}/{at(name)}{part.format(survey=118)}")
        assert page.evaluate(MARKED) == 0
    for text in NAMES[:1]:
        opened(page, f"{hostile}/{at(name)}?{urlencode(dict.fromkeys(('data', 'survey', 'at', 'run'), text))}")
        assert page.evaluate(MARKED) == 0
    assert alerts == []
    assert outside == []
