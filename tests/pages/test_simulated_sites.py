"""Simulated sites: an entry of the data switcher makes them, which stays where it was until they are opened."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data import catalogue
from sdm.data.simulations import COAST, MOUNTAIN
from sdm.data.store import write_store
from sdm.errors import DataError
from sdm.jobs import Report
from sdm.ui.components import job, simulated_sites
from sdm.ui.components.linked import box_key
from sdm.ui.state import Key
from sdm.virtual_coast.make import DATASETS
from tests.datasets import multiclass
from tests.pages.screen import APP, Open, html

BOX, ENTRY = box_key(Key.DATA), f"make {COAST.name}"


class Maker:
    """Makes the data sets as soon as it may; stops where it is not wanted."""

    def __init__(self) -> None:
        self.allowed, self.times = threading.Event(), 0

    def __call__(self, out: Path, report: Report) -> None:
        self.times += 1
        while not self.allowed.wait(0.01):
            report(1, 4, "landscape")
        for name in COAST.datasets:
            write_store(replace(multiclass(), name=name, fingerprint=name), out / name)


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Maker]:
    made = Maker()
    monkeypatch.setattr(catalogue, "HOME", tmp_path / "home")
    monkeypatch.setitem(simulated_sites.MAKERS, COAST.name, made)
    monkeypatch.setattr(job, "TICK_SECONDS", 0.02)
    yield made
    made.allowed.set()


def test_names_are_those_of_what_is_made() -> None:
    assert COAST.datasets == tuple(dataset.name for dataset in DATASETS)


def test_pages_are_drawn_without_the_simulators() -> None:
    heavy = ("sdm.virtual_coast", "sdm.virtual_mountain")
    for path in [*APP.parent.glob("sdm/ui/**/*.py"), *APP.parent.glob("pages/*.py"), APP]:
        nodes = ast.parse(path.read_text(encoding="utf-8")).body
        names = [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
        assert not [name for name in names if name.startswith(heavy)], path


def test_an_entry_of_the_switcher_makes_them(opened: Open, stores: dict[str, Path], maker: Maker) -> None:
    app = opened(stores["multilabel"], page="about")
    assert [entry[:1] for entry in app.selectbox(BOX).options] == ["m", "+", "+"]
    app.selectbox(BOX).select(ENTRY).run()
    assert not app.exception and maker.times == 1
    assert app.selectbox(BOX).value == app.session_state[Key.DATA] == "multilabel"
    assert [option for option in app.selectbox(BOX).options if "mountain" not in option] == ["multilabel"]
    assert "switcher_stop" in [button.key for button in app.button]
    again = opened(stores["multilabel"], page="your_data")  # another visit sees the same work
    assert "coasts_stop" in [button.key for button in again.button] and maker.times == 1
    maker.allowed.set()
    work = simulated_sites.latest(COAST)
    assert work is not None and work.wait(10) == "done"
    app.run()
    assert {*COAST.datasets} < {*app.selectbox(BOX).options}
    app.button("open_simulated").click().run()
    assert not app.exception and app.session_state[Key.DATA] == COAST.datasets[0]
    assert "open_simulated" not in [button.key for button in app.button]


def test_they_can_be_stopped_and_begun_again(opened: Open, stores: dict[str, Path], maker: Maker) -> None:
    app = opened(stores["multilabel"], page="your_data")
    app.button("coasts_begin").click().run()
    app.button("coasts_stop").click().run()
    work = simulated_sites.latest(COAST)
    assert work is not None and work.wait(10) == "cancelled"
    app.run()
    assert "Stopped" in html(app) and not simulated_sites.made(COAST)
    assert COAST in simulated_sites.offered()
    maker.allowed.set()
    app.button("coasts_again").click().run()
    work = simulated_sites.latest(COAST)
    assert work is not None and work.wait(10) == "done"
    app.run()
    assert not app.exception and {*COAST.datasets} == {*simulated_sites.made(COAST)}
    assert [simulation.name for simulation in simulated_sites.offered()] == [MOUNTAIN.name]


def test_what_fails_says_why_until_it_is_closed(
    opened: Open, stores: dict[str, Path], maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_out: Path, _report: Report) -> None:
        raise DataError("there is a simulated coast already", remedy="Remove these folders.")

    assert maker.times == 0
    monkeypatch.setitem(simulated_sites.MAKERS, COAST.name, fail)
    app = opened(stores["multilabel"], page="about")
    app.selectbox(BOX).select(ENTRY).run()
    assert not app.exception and "Remove these folders." in html(app)
    app.button("switcher_again").click().run()
    assert "Remove these folders." not in html(app)


@pytest.mark.usefixtures("maker")
def test_no_link_makes_anything(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="about", data=ENTRY)
    assert not app.exception and app.session_state[Key.DATA] == "multilabel"
    assert simulated_sites.latest(COAST) is None
