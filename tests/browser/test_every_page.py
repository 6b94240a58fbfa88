"""Every page in a browser: no barrier, nothing wider than a phone, and names of others execute nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from sdm.data.open import open_dataset
from sdm.data.survey_keys import survey_key
from sdm.ui.state import Key
from tests.browser.barriers import grave_barriers
from tests.browser.steps import PHONE, SIZE, asked, enter, option, turn
from tests.browser.tab import Watched
from tests.browser.views import EUROPE, PAGES, VIEWS, at, on, parts
from tests.hostile import MARKUP, NAMES

pytestmark = pytest.mark.browser
ROWS_OF_VIEWS = (
    Key.VIEW, Key.PREDICT_SECTION, Key.AREA, Key.CONFUSION_VIEW, Key.TRAINING_SECTION, Key.SCORES_SECTION,
)  # fmt: skip
"""Choices among views; a link names one to show another than the first."""
MARKED = "[...document.querySelectorAll('img[src=x], [onerror], [src*=example]')].length"
WIDTH = "document.querySelector('[data-testid=stMain]').scrollWidth"


@pytest.fixture(scope="module")
def survey(site: Path) -> str:
    """A survey of the virtual Europe that has a picture."""
    data = open_dataset(site / "data" / EUROPE)
    row = int(np.flatnonzero(data.reader.available("patch"))[0])
    return survey_key(data, row)


@pytest.fixture(scope="module", autouse=True)
def tabs(laptop: Watched, telephone: Watched) -> None:
    """Views follow each other in a tab that was empty."""
    for tab in (laptop, telephone):
        tab.forget()


@pytest.fixture
def wide(laptop: Watched) -> Iterator[Page]:
    """A laptop in light colours."""
    laptop.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    laptop.page.emulate_media(color_scheme="light")
    yield laptop.page
    laptop.require_nothing_outside()


@pytest.fixture
def narrow(telephone: Watched) -> Iterator[Page]:
    """A phone in dark colours."""
    telephone.page.emulate_media(color_scheme="dark")
    yield telephone.page
    telephone.require_nothing_outside()


def open_to_all(page: Page, url: str, width: int) -> None:
    turn(page, url)
    assert page.get_by_role("dialog").count() == 0
    assert asked(page) == parse_qs(urlsplit(url).query)
    for key in set(asked(page)) & {*ROWS_OF_VIEWS}:
        assert not option(page, key, 0).is_checked(), f"{key} is not what the link asked for"
    assert grave_barriers(page) == []
    assert page.evaluate(WIDTH) <= width


@pytest.mark.parametrize("view", VIEWS)
def test_no_grave_barrier_and_nothing_wider_than_a_laptop(
    wide: Page, address: str, survey: str, view: str
) -> None:
    open_to_all(wide, f"{address}/{on(view, EUROPE).format(survey=survey)}", SIZE["width"])


@pytest.mark.parametrize("view", VIEWS)
def test_no_grave_barrier_and_nothing_wider_than_a_dark_phone(
    narrow: Page, address: str, survey: str, view: str
) -> None:
    open_to_all(narrow, f"{address}/{on(view, EUROPE).format(survey=survey)}", PHONE["width"])


MOST_NAMES = ("explore", "species")  # pages that show the most names; the others in the slow suite
ONE_MARKUP_FOR_ALL = [pytest.param(name, marks=[] if name in MOST_NAMES else [pytest.mark.slow]) for name in PAGES]


@pytest.mark.parametrize("name", ONE_MARKUP_FOR_ALL)
def test_names_execute_nothing(page: Page, address: str, name: str) -> None:
    urls = [on(at(name) + part, quote(MARKUP)).format(survey=118) for part in parts(name)]
    for url in urls:
        turn(page, f"{address}/{url}")
        assert page.evaluate(MARKED) == 0
        assert page.get_by_role("dialog").count() == 0
    enter(page, f"{address}/{at(name)}?{urlencode(dict.fromkeys(('data', 'survey', 'at', 'run'), NAMES[0]))}")
    assert page.evaluate(MARKED) == 0
