"""The app in one process, on fixtures of every target kind and on no data at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import context
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from sdm.data import catalogue
from sdm.data.store import write_store
from sdm.files import write_json
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.cache import datasets
from sdm.ui.components import runs
from tests.datasets import DATASETS, multilabel
from tests.pages.screen import APP, Open
from tests.series.exports import write_exports

SMALL = {"hidden": [16, 8]}


@pytest.fixture(scope="session", params=list(DATASETS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every fixture as a packed store; the multilabel one first."""
    folder = tmp_path_factory.mktemp("data")
    return {name: write_store(make(), folder / name).place for name, make in DATASETS.items()}


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs: a small network per target kind, and a baseline."""
    folder = tmp_path_factory.mktemp("runs")
    quick = Runtime(device="cpu")
    for name, make in DATASETS.items():
        train(make(), folder / f"{name}-mlp", TrainingOptions("landsat-mlp", SMALL, epochs=1), quick)
    train(DATASETS["multilabel"](), folder / "multilabel-country", TrainingOptions("country-frequency"), quick)
    return folder


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No data set and no run but those a test asks for. Of what earlier tests have computed, only data sets go by
    a name that another test may use for its own."""
    monkeypatch.delenv("SDM_DATA", raising=False)
    monkeypatch.setattr(catalogue, "HOME", tmp_path / "none")
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "none",))
    datasets.opened.clear()


@pytest.fixture(autouse=True, scope="module")
def anew_by_module() -> None:
    """Nothing is left of what other modules have computed."""
    _forget()


@pytest.fixture
def anew() -> None:
    """Nothing is left of what other tests have computed."""
    _forget()


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="session", autouse=True)
def as_served() -> Iterator[None]:
    """What the server does once, AppTest would do otherwise at each run.

    It takes `pages/` for pages that stand alone, without app.py, reads the metadata of all packages installed, and
    compiles every script. And it looks a thousand times a second whether a script has ended. The browser, of which
    there is none, it makes anew out of mocks whenever a page asks for its cookies.
    """
    made, components = PagesManager.__init__, manifest_scanner.scan_component_manifests()
    scripts = ScriptCache()

    def make(self: PagesManager, *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PagesManager, "__init__", make)
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: components)
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: scripts)
        patch.setattr(local_script_runner, "require_widgets_deltas", _wait)
        patch.setattr(context, "_get_client_context", lambda: None)
        yield


def _wait(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
    """Wait until the script's thread has ended; RuntimeError where it takes longer than `timeout` seconds."""
    thread = runner._script_thread
    assert thread is not None
    thread.join(timeout)
    if thread.is_alive():
        runner.request_stop()
        thread.join()
        raise RuntimeError(f"the script ran longer than {timeout:g} s")
    assert runner.script_stopped()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Run the app on data sets (folders), at a page, with query parameters."""

    def run(*data: Path, page: str = "explore", **query: str) -> AppTest:
        monkeypatch.setenv("SDM_DATA", ":".join(str(path) for path in data))
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(f"pages/{page}.py").run()

    return run


@pytest.fixture
def with_runs(monkeypatch: pytest.MonkeyPatch, trained: Path) -> None:
    monkeypatch.setattr(runs, "HOMES", (trained,))


@pytest.fixture
def virtual(tmp_path: Path) -> Path:
    """A store whose places can be visited anywhere."""
    place = write_store(replace(multilabel(), world_version="1", name="virtual"), tmp_path / "virtual").place
    write_json(place / "world.json", {"seed": 0})
    return place


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Exports of monthly series of a small mountain."""
    return write_exports(tmp_path_factory.mktemp("exports"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's own folder of runs, empty; nothing is shipped."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "shipped", folder))
    return folder


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, trained: Path, tmp_path: Path) -> Path:
    """A home of runs that may be written to."""
    home = tmp_path / "home"
    shutil.copytree(trained, home)
    monkeypatch.setattr(runs, "HOMES", (home,))
    return home
