"""Scores: which model is best, really?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html
from tests.sealed import edit

PUBLISHED = "published"


def words(app: AppTest) -> str:
    return " ".join([*(e.value for e in app.markdown), *(e.value for e in app.caption), html(app)])


@pytest.mark.usefixtures("with_runs")
def test_every_kind_of_target_has_a_board(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="scores")
    assert not app.exception
    assert not app.error
    shown = html(app)
    assert f"run={kind}-mlp" in shown
    assert "is best on" in shown
    assert [chart.key for chart in app.get("plotly_chart")] == ["figure_scores", "figure_local", "figure_distance"]
    assert "Within" in " ".join(each.value for each in app.caption)
    assert {"multilabel": "samples-F1", "multiclass": "macro-F1", "regression": "root mean squared error"}[
        kind
    ] in shown


@pytest.mark.usefixtures("with_runs")
def test_a_row_leads_to_its_confusion(opened: Open, stores: dict[str, Path]) -> None:
    shown = html(opened(stores["multilabel"], page="scores"))
    assert 'href="confusion?data=multilabel&amp;run=multilabel-mlp"' in shown
    assert 'href="confusion?data=multilabel&amp;run=multilabel-country"' in shown


@pytest.mark.usefixtures("with_runs")
def test_captions_promise_intervals_only_where_there_are_some(opened: Open, stores: dict[str, Path]) -> None:
    captions = {
        metric: " ".join(c.value for c in opened(stores["multilabel"], page="scores", metric=metric).caption)
        for metric in ("samples-f1", "micro-f1")
    }
    assert "Small below a score" in captions["samples-f1"]
    assert "Small below a score" not in captions["micro-f1"]


def test_two_runs_of_one_model_are_told_apart_in_the_verdict(
    opened: Open, stores: dict[str, Path], own: Path
) -> None:
    for name in ("first", "second"):
        train(multilabel(), own / name, TrainingOptions("country-frequency"), Runtime(device="cpu"))
    for name in ("multilabel-mlp", "multilabel-country"):
        shutil.rmtree(own / name)
    shown = html(opened(stores["multilabel"], page="scores"))
    answer = shown[shown.index("class='answer'") :].partition("</p>")[0]
    assert "(first)" in answer
    assert "(second)" in answer


@pytest.mark.usefixtures("with_runs")
def test_another_measure_another_order(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="scores", metric="macro-f1")
    assert not app.exception
    assert "macro-F1 <b>" in html(app)
    app.selectbox(box_key("rank_by")).set_value("parameters").run()
    assert not app.exception
    board = next(
        body for body in html(app).split('<div class="board') if "country-frequency" in body or "run=" in body
    )
    assert board.index("multilabel-country") < board.index("multilabel-mlp")


@pytest.mark.usefixtures("with_runs")
def test_a_model_is_looked_at_by_link(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="scores", run="multilabel-country")
    assert app.selectbox(box_key("run")).value == "multilabel-country"
    assert "Country, region" in html(app)
    assert "no competition scores" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_studies_as_published_with_ours_beside(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="scores", scores_section=PUBLISHED)
    assert not app.exception
    shown = html(app)
    assert "0.16752" in shown
    assert "Ours, on" in shown
    assert "multilabel-mlp" in shown
    assert "not to be compared" in words(app)
    for place in range(len(app.selectbox(box_key("study")).options)):
        app.selectbox(box_key("study")).select_index(place).run()
        assert not app.exception
        assert any("Source: " in caption.value for caption in app.caption)
    assert ".42581" not in html(app)


def test_published_figures_need_no_run(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["regression"], page="scores", scores_section=PUBLISHED, study="fusion")
    assert not app.exception
    assert "reported by its authors" in html(app)
    assert "Ours, on" not in html(app)


def test_broken_and_unfinished_runs_are_named(opened: Open, stores: dict[str, Path], own: Path) -> None:
    (own / "multilabel-country" / "card.json").write_text("{")
    (own / "regression-mlp" / "card.json").unlink()
    (own / "multilabel-mlp" / "predictions" / "test_near.npz").write_bytes(b"PK")
    edit(own / "multilabel-mlp" / "card.json", lambda card: card["stored_scores"].pop("test_near"))
    app = opened(stores["multilabel"], page="scores")
    assert not app.exception
    assert html(app).count("A run that cannot be read") == 2
    assert "regression-mlp" in html(app)


def test_hostile_names_stay_text(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = renamed(replace(multilabel(), title="<b>=1+1"), HOSTILE)
    train(hostile, tmp_path / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    store = write_store(hostile, tmp_path / "hostile").place
    for part in ({}, {"scores_section": PUBLISHED}):
        shown = html(opened(store, page="scores", **part))
        assert "<script" not in shown
        assert "<b>=1+1" not in shown
