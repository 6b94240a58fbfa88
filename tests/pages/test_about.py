"""About the data: what is this and how far can I trust it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.data.store import write_store
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html, words


def test_every_kind_of_target_has_its_overview(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="about")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == (4 if kind == "regression" else 5)
    assert "simulated" in words(app)
    assert app.dataframe[0].value["surveys"].sum() == 20


def test_simulated_is_said_plainly(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="about")
    assert "Simulated data" in html(app)
    assert "says nothing of nature" in words(app)


def test_the_check_runs_when_asked_for(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="about")
    assert len(app.dataframe) == 1
    app.session_state["check_open"] = True
    app.run()
    assert not app.exception


def test_titles_mean_nothing_but_themselves(opened: Open, tmp_path: Path) -> None:
    store = write_store(renamed(multilabel(), HOSTILE), tmp_path / "hostile").place
    app = opened(store, page="about")
    assert not app.exception
    assert "<script" not in html(app)
    for chart in app.get("plotly_chart"):
        assert "<img src" not in chart.proto.spec.replace("\\u003c", "<")


@pytest.mark.real
def test_a_real_partial_tree_says_what_is_missing_and_whose_it_is(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree, page="about")
    assert not app.exception
    assert "Simulated data" not in html(app)
    assert "nothing here is simulated" in words(app)
    assert "CC BY 4.0" in html(app)
    assert "No species known" in html(app)
    assert "Only part of the data is here" in html(app)
