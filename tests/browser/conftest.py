"""One server, one browser and one tab for all walks.

A page that a tab has shown before starts in half the processor time, so tests share the tab. Each begins in it as
a visitor without a past does: no cookie but the tour's, no storage, no history. No request may leave this machine
and no dialog may open in any test.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.virtual_europe.truth import truth_folder
from tests.browser.server import ROOT, serving
from tests.browser.steps import PHONE, PHONE_AGENT, SIZE
from tests.browser.tab import PATIENCE, Watched, open_tab, seen
from tests.browser.views import EUROPE, REAL_TREE
from tests.datasets import REAL, multilabel, renamed
from tests.hostile import HOSTILE, hostile_data, hostile_run

FUSION = {"encoders": ["environment-mlp", "landsat-transformer"], "hidden": 16}
RUNS = {
    "mlp": TrainingOptions("landsat-mlp", epochs=1),
    "country": TrainingOptions("country-frequency"),
    "fusion": TrainingOptions("fusion-series", FUSION, epochs=1),
}


@pytest.fixture(scope="session")
def site(equipped: None, tiny_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """A copy of the project with three data sets and runs of each: the fixture of twenty surveys, whose species
    have hostile names, a tiny virtual Europe, and a data set where every name is hostile."""
    folder, quick = tmp_path_factory.mktemp("site"), Runtime(device="cpu")
    for name in ("app.py", "pages", "sdm", "static", ".streamlit"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    data = renamed(multilabel(), HOSTILE)
    write_store(data, folder / "data" / "fixture")
    for name, config in RUNS.items():
        train(data, folder / "runs" / name, config, quick)
    europe = folder / "data" / EUROPE
    for made, own in ((tiny_tree, europe), (truth_folder(tiny_tree), truth_folder(europe))):
        shutil.copytree(made, own)
    train(open_dataset(europe), folder / "runs" / "europe", RUNS["mlp"], quick)
    hostile_run(open_dataset(hostile_data(folder / "data")), folder / "runs")
    return folder


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The app, which opens the fixture; the others, a real tree where there is one, by `data=` in a link."""
    real = [tree] if (tree := REAL / REAL_TREE).is_dir() else []
    with serving(site / "data" / "fixture", *real, root=site) as url:
        yield url


@pytest.fixture(scope="session")
def laptop(browser: Browser) -> Watched:
    """The tab of all tests on a laptop."""
    return open_tab(browser, SIZE)


@pytest.fixture(scope="session")
def telephone(browser: Browser) -> Watched:
    """The tab of all tests on a phone."""
    return open_tab(browser, PHONE, PHONE_AGENT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure tells what the page said."""
    report = yield
    page = item.funcargs.get("page") if isinstance(item, pytest.Function) else None
    if report.when == "call" and report.failed and page is not None:
        with contextlib.suppress(Error):
            report.sections.append(("Page", f"{page.url}\n\n{page.get_by_test_id('stMain').inner_text()}"))
    return report


@pytest.fixture(autouse=True)
def patience() -> None:
    """How long anything may take to appear."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def newcomer(laptop: Watched) -> Iterator[Page]:
    """The tab of somebody who has never been here."""
    laptop.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    laptop.page.emulate_media(color_scheme="light")
    laptop.page.set_default_timeout(PATIENCE)
    laptop.forget()
    yield laptop.page
    laptop.require_nothing_outside()


@pytest.fixture
def page(newcomer: Page) -> Page:
    """The tab of somebody who has seen the tour."""
    seen(newcomer)
    return newcomer


@pytest.fixture
def phone(telephone: Watched) -> Iterator[Page]:
    """A phone of somebody who has never been here."""
    telephone.forget()
    yield telephone.page
    telephone.require_nothing_outside()
