"""Runs of other data are marked, losses of different kinds part, and who cannot train is not advised to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.store import write_store
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions.check import check_submission
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.state import Key
from tests.datasets import multilabel
from tests.pages.screen import Open, html, words
from tests.submissions import NEAR_AND_FAR, sets, written

PAGES = ("predict", "species", "training", "confusion", "scores")
MARK = " · other data"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Data of which no target is known."""
    data = multilabel()
    hidden = replace(data.targets, known=np.zeros(len(data), bool))
    return write_store(replace(data, targets=hidden, fingerprint="bare", simulated=False), tmp_path / "bare").place


def advice(app: AppTest) -> list[str]:
    return [code.value for code in app.code if "sdm train" in code.value]


@pytest.mark.parametrize("page", PAGES)
def test_without_training_rows_nothing_advises_to_train(opened: Open, bare: Path, page: str) -> None:
    app = opened(bare, page=page, **({"survey": "105"} if page == "predict" else {}))
    assert not app.exception
    assert not advice(app)
    assert "train a model of your own" not in html(app)


@pytest.mark.parametrize("section", ["study", "train"])
def test_no_part_of_training_does(opened: Open, bare: Path, section: str) -> None:
    app = opened(bare, page="training", training_section=section)
    assert not app.exception
    assert not advice(app)
    assert not [button for button in app.button if "Start" in button.label]
    assert "Choose a model" not in words(app)


def test_with_training_rows_they_still_do(opened: Open, stores: dict[str, Path]) -> None:
    assert advice(opened(stores["multilabel"], page="predict", survey="105"))
    assert advice(opened(stores["multilabel"], page="scores"))


def renumbered(tmp_path: Path) -> Path:
    """The same species at other surveys: the runs fit, and are of other data."""
    return write_store(replace(multilabel(), fingerprint="other", name="other"), tmp_path / "other").place


@pytest.mark.usefixtures("with_runs")
def test_runs_of_other_data_are_marked_in_every_choice(
    opened: Open, stores: dict[str, Path], tmp_path: Path
) -> None:
    other = renumbered(tmp_path)
    for page, key in (("predict", Key.MODELS), ("species", Key.RUN), ("confusion", Key.RUN)):
        query = {"survey": "105"} if page == "predict" else {}
        boxes = {}
        for name, store in (("own", stores["multilabel"]), ("other", other)):
            app = opened(store, page=page, **query)
            box = app.multiselect(box_key(key)) if page == "predict" else app.selectbox(box_key(key))
            boxes[name] = box.options
        assert all(option.endswith(MARK) for option in boxes["other"]), page
        assert not any(option.endswith(MARK) for option in boxes["own"]), page


@pytest.mark.usefixtures("with_runs")
def test_curves_mark_them_too(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="training", runs="multilabel-mlp,regression-mlp")
    app.multiselect[0].set_value(["multilabel-mlp", "regression-mlp"]).run()
    options = app.multiselect[0].options
    assert "multilabel-mlp" in options and f"regression-mlp{MARK}" in options
    assert any("other data" in str(chart.proto.spec) for chart in app.get("plotly_chart"))
    assert f"regression-mlp{MARK}" in set(app.dataframe[0].value["Run"])
    assert f"<dt>regression-mlp{MARK}</dt>" in html(app) and "<dt>multilabel-mlp</dt>" in html(app)


@pytest.fixture
def trained_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs that differ in their loss."""
    home = tmp_path / "runs"
    for name, loss in (("plain", ""), ("usual", "bce"), ("focused", "focal")):
        folder = home / name
        folder.mkdir(parents=True)
        data = {"title": "x", "name": "x", "fingerprint": "fixture-multilabel-1"}
        (folder / "config.json").write_text(json.dumps({"training": {"loss": loss}, "data": data}))
        history = "epoch,step,train_loss,validation_loss,samples-f1\n1,2,0.5,0.6,0.1\n2,4,0.4,0.5,0.2\n"
        (folder / "history.csv").write_text(history)
        (folder / "batches.csv").write_text("step,epoch,loss,lr,seconds\n1,1,0.7,0.1,0.5\n2,1,0.6,0.1,0.9\n")
    monkeypatch.setattr(runs, "HOMES", (home,))
    return home


@pytest.mark.usefixtures("trained_with")
def test_losses_of_different_kinds_have_axes_of_their_own(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="training")
    assert set(app.multiselect[0].value) == {"plain", "usual", "focused"}
    figures = [str(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert len(figures) == 5  # two losses, one score, two of batches
    together = [("focused" in figure, "plain" in figure or "usual" in figure) for figure in figures]
    assert sorted(together) == [(False, True), (False, True), (True, False), (True, False), (True, True)]
    app.multiselect[0].set_value(["plain", "usual"]).run()
    assert len(app.get("plotly_chart")) == 3


@pytest.mark.usefixtures("trained_with")
def test_scores_of_other_data_have_an_axis_of_their_own(
    opened: Open, stores: dict[str, Path], trained_with: Path
) -> None:
    config = trained_with / "usual" / "config.json"
    config.write_text(config.read_text().replace("fixture-multilabel-1", "elsewhere"))
    app = opened(stores["multilabel"], page="training")
    app.multiselect[0].set_value(["plain", "usual"]).run()
    figures = [str(chart.proto.spec) for chart in app.get("plotly_chart")]
    scores = [figure for figure in figures if "samples-f1" in figure]
    apart = sorted(("plain" in figure, "other data" in figure) for figure in scores)
    assert apart == [(False, True), (True, False)]
    assert len(figures) == 4  # their loss is the same: it shares an axis, per epoch and per batch


@pytest.mark.parametrize("page", PAGES)
def test_a_file_of_unknown_species_shows_on_every_page(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Its species stand there by their ids; without records nothing is judged."""
    data = replace(multilabel(), simulated=False, name="part", fingerprint="part")
    nothing = replace(data.targets, known=np.zeros(len(data), bool))
    data = replace(data, targets=nothing)
    file = written(tmp_path, sets(NEAR_AND_FAR, "3 9999"))
    import_run(file, tmp_path / "home" / "mine", data, check_submission(file, data))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "home",))
    store = write_store(data, tmp_path / "part").place
    app = opened(store, page=page, **({"survey": "PA-test/116"} if page == "predict" else {}))
    assert not app.exception
    assert not app.error
    if page == "predict":
        assert "9999" in html(app)
