"""What every test may use.

What loads torch, pandas or Playwright is imported where it is used: the process that only shares the tests among
others reads this file too.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.cost import MOST_SECONDS, SPENT, dear, seconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from sdm.modalities import Modality
    from sdm.runs import Run

BROWSER = "tests/browser/"
MAIN = sys.modules["__main__"]
# Many processes import the same modules: what one of them has compiled, the others read.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A busy machine must not fail a property.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported for the tests stays: later collections of garbage do not look through it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000)  # at 700, the default, one comes every few milliseconds
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walks in a browser, the longest part, begin."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


class BrowserAndFiles(LoadScopeScheduling):
    """Processes share the tests by file; all walks in a browser go to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.split("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserAndFiles:
    """How tests are shared, in the order in which they were collected."""
    config.option.loadscopereorder = False
    return BrowserAndFiles(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test costs; its fixtures are not counted. A page that a test ran is the main module no longer:
    processes started later would run it."""
    before = seconds()
    sys.modules["__main__"] = MAIN
    try:
        return (yield)
    finally:
        sys.modules["__main__"] = MAIN
        item.user_properties.append((SPENT, round(seconds() - before, 2)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the tests that cost too much."""
    found = dear(terminalreporter.stats.get("passed", []))
    if found:
        terminalreporter.section(f"{len(found)} tests over {MOST_SECONDS:g} s of processor time")
        for spent, name in found:
            terminalreporter.write_line(f"{spent:7.2f} s  {name}")


@pytest.fixture(scope="session", autouse=True)
def unflushed() -> Iterator[None]:
    """What tests write need not outlive a power cut, so none waits for the disk; a descriptor that is closed or
    none raises as before. That files are flushed, tests/test_files.py checks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)
        yield


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Modality:
    """A modality that joins the registry for one test."""
    from sdm.modalities import MODALITIES
    from tests.added_modality import snow_cover

    modality = snow_cover()
    monkeypatch.setitem(MODALITIES.listed, modality.name, modality)
    return modality


@pytest.fixture(scope="session")
def real_tree() -> Path:
    """A partial GeoLifeCLEF 2025 tree as downloaded; the test is skipped where it is absent."""
    from tests.datasets import REAL

    tree = REAL / "glc25"
    if not tree.is_dir():
        pytest.skip("the real samples are not here")
    return tree


@pytest.fixture(scope="session")
def equipped() -> None:
    """Chromium and Leaflet; where they lack, CI fails and a user's machine skips."""
    from sdm.maps.leaflet import STATIC
    from tests.browser.server import chromium

    lacking = [
        name
        for name, there in (("Chromium", chromium()), ("Leaflet", (STATIC / "leaflet.js").is_file()))
        if not there
    ]
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(lacking)}")
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")


@pytest.fixture(scope="session")
def browser(equipped: None) -> Iterator[Browser]:  # noqa: ARG001
    """One Chromium for all tests of a process: Playwright allows no second one beside it."""
    from tests.browser.server import BRIEF_VISITS, browsing

    with browsing(BRIEF_VISITS) as found:
        yield found


MODELS = ("landsat-mlp", "nearest-surveys")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Model -> folder of a finished run; not to be written to."""
    from sdm.runs.training_options import recipe
    from sdm.training import Runtime, train
    from tests.datasets import multilabel

    folder = tmp_path_factory.mktemp("finished")
    for model in MODELS:
        config = {"model_config": {"hidden": [16, 8]}} if model == "landsat-mlp" else {}
        train(multilabel(), folder / model, recipe(model, epochs=1, **config), Runtime("cpu"))
    return {model: folder / model for model in MODELS}


@pytest.fixture(params=MODELS)
def run(request: pytest.FixtureRequest, finished: dict[str, Path], tmp_path: Path) -> Run:
    """A copy of each run."""
    from sdm.runs import Run

    shutil.copytree(finished[request.param], tmp_path / "run")
    return Run.open(tmp_path / "run")


@pytest.fixture
def network_run(finished: dict[str, Path], tmp_path: Path) -> Run:
    """A copy of the network's run."""
    from sdm.runs import Run

    shutil.copytree(finished["landsat-mlp"], tmp_path / "network")
    return Run.open(tmp_path / "network")


@pytest.fixture(scope="session")
def tiny_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of size tiny, seed 0, with its truth beside it: one for all processes, not to be written to."""
    from sdm.virtual_europe.write import write_tree

    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    tree = folder / "world" / "tiny"
    with FileLock(folder / "world.lock"):
        if not tree.is_dir():
            write_tree(tree, "tiny", seed=0, workers=1)
    return tree
