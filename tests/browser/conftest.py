"""One server and one browser for all browser tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components.tour import COOKIE
from sdm.virtual_europe.write import write_tree
from tests.browser.server import ROOT, serving
from tests.datasets import multilabel
from tests.pages.conftest import renamed
from tests.pages.test_explore import HOSTILE

SIZE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
expect.set_options(timeout=60_000)
MAP = "iframe[title*='folium']"


def copy_project(folder: Path) -> None:
    """The app in `folder`, without data, runs or checkpoints of its own."""
    for name in ("app.py", "pages", "sdm", "static", ".streamlit"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)


@pytest.fixture(scope="session")
def address(equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """The app on a hostile fixture with a run of its own, from a copy of the project."""
    folder = tmp_path_factory.mktemp("site")
    copy_project(folder)
    data = renamed(multilabel(), HOSTILE)
    store = write_store(data, folder / "data" / "fixture").place
    train(data, folder / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    with serving(store, root=folder) as url:
        yield url


@pytest.fixture(scope="session")
def europe_site(equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """The project with a tiny virtual Europe and one model trained on it."""
    folder = tmp_path_factory.mktemp("europe")
    copy_project(folder)
    tree = folder / "data" / "virtual-europe-tiny"
    write_tree(tree, "tiny", seed=0, workers=1)
    train(open_dataset(tree), folder / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime("cpu"))
    return folder


@pytest.fixture(scope="session")
def europe(europe_site: Path) -> Iterator[str]:
    """The app on that virtual Europe."""
    with serving(europe_site / "data" / "virtual-europe-tiny", root=europe_site) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE)
    context.add_cookies([{"name": COOKIE, "value": "seen", "domain": "127.0.0.1", "path": "/"}])
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    context.close()


def ready(page: Page, url: str) -> None:
    """Open `url` and wait until the map has tiles."""
    page.goto(url)
    page.frame_locator(MAP).locator(".leaflet-tile-loaded").first.wait_for()


def settled_page(page: Page) -> None:
    """Wait until no script runs and nothing on screen is faded because it is being drawn anew."""
    idle = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    page.wait_for_function(f"{idle} && !document.querySelector('[data-stale=true]')", timeout=60_000)
    page.wait_for_timeout(700)


def click_map(page: Page, x: float, y: float) -> None:
    """Click the map at (x, y) pixels."""
    page.frame_locator(MAP).locator("#map_div").click(position={"x": x, "y": y})
