"""Confusion on data and runs that are damaged, hostile, few, or known in part."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.data.store import write_store
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions.check import check_submission
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from tests.datasets import multiclass, multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.confusion import LONG, heading, view
from tests.pages.screen import Open, html
from tests.submissions import VALIDATION, sets, written

RIGHT_TO_LEFT = "\u202egnp.exe"


def test_damaged_predictions_are_explained(
    opened: Open, stores: dict[str, Path], trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained / "multilabel-mlp", tmp_path / "runs" / "hurt")
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    file = tmp_path / "runs" / "hurt" / "predictions" / "validation.npz"
    file.write_bytes(file.read_bytes()[:-40])
    app = opened(stores["multilabel"], page="confusion")
    assert not app.exception
    assert "cannot be compared" in app.error[0].value
    app.selectbox(box_key("split")).set_value("test_near").run()
    assert not app.error
    shutil.rmtree(tmp_path / "runs" / "hurt" / "predictions")
    app.run()
    assert not app.exception
    assert "No stored predictions" in html(app)


def test_damaged_weights_do_not_matter(
    opened: Open, stores: dict[str, Path], trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained / "multilabel-mlp", tmp_path / "runs" / "hurt")
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    (tmp_path / "runs" / "hurt" / "weights.safetensors").write_bytes(b"broken")
    app = opened(stores["multilabel"], page="confusion")
    assert not app.exception
    assert not app.error


def test_surveys_whose_records_are_hidden_are_not_judged(
    opened: Open, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = multilabel()
    known = np.arange(20) < 15
    hidden = replace(data, targets=replace(data.targets, known=known))
    monkeypatch.setattr(runs, "HOMES", (trained,))
    app = opened(write_store(hidden, tmp_path / "hidden").place, page="confusion", run="multilabel-mlp")
    app.selectbox(box_key("split")).set_value("test_far").run()
    assert not app.exception
    assert "Nothing is known of these surveys" in html(app)


def test_without_genus_and_family_it_says_why_there_is_no_roll_up(
    opened: Open, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = multilabel()
    plain = replace(data, targets=replace(data.targets, classes=data.targets.classes[["class_id", "name"]]))
    monkeypatch.setattr(runs, "HOMES", (trained,))
    app = opened(write_store(plain, tmp_path / "plain").place, page="confusion", run="multilabel-mlp")
    assert not app.exception
    assert "No roll-up" in html(app)
    assert "level" not in {box.key for box in app.selectbox}


def trained_on(data: Dataset, folder: Path, config: TrainingOptions) -> Path:
    """The store of `data`, with a run in `folder`/runs."""
    train(data, folder / "runs" / "mlp", config, Runtime(device="cpu"))
    return write_store(data, folder / "data").place


def test_in_a_single_label_view_each_recorded_species_is_compared(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = trained_on(multilabel(), tmp_path, TrainingOptions("landsat-mlp", epochs=1, view="single-label"))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    app = opened(store, page="confusion")
    assert not app.exception
    assert f"{multilabel().targets.values[12:15].sum()} recorded species" in html(app)
    view(app, "surveys")
    assert not app.exception
    assert app.selectbox(box_key("level")).options == ["species", "genera", "families"]


@pytest.mark.parametrize("make", [multilabel, multiclass])
def test_hostile_names_stay_text(
    make: object, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make()  # type: ignore[operator]
    names = [*HOSTILE, LONG, RIGHT_TO_LEFT][: len(data.targets.classes) - 2]
    names += [LONG, RIGHT_TO_LEFT]
    store = trained_on(renamed(data, names), tmp_path, TrainingOptions("landsat-mlp", epochs=1))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    app = opened(store, page="confusion", decoder="top-k", top_k="7")
    for name in app.segmented_control(box_key("confusion_view")).options:
        key = {"Hits and misses": "species", "Predicted instead": "pairs", "Matrix": "matrix"}.get(name, "surveys")
        view(app, key)
        assert not app.exception
    for place, label in enumerate(app.selectbox(box_key("predicted")).options):
        assert len(label) < 100
        app.selectbox(box_key("predicted")).select_index(place).run()
        assert not app.exception
        assert "<img" not in html(app)
        assert "<script" not in html(app)


def test_one_survey_and_names_that_repeat(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = renamed(multilabel(), ["Poa"] * 7)
    sites = data.sites.assign(split_block=np.where(np.arange(20) == 14, "validation", "train"))
    store = trained_on(replace(data, sites=sites), tmp_path, TrainingOptions("landsat-mlp", epochs=1))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    app = opened(store, page="confusion", confusion_view="matrix")
    assert not app.exception
    assert "All that was compared <small>1</small>" in heading(app)
    assert "Poa · 3" in app.selectbox(box_key("recorded")).options


@pytest.mark.real
@pytest.mark.usefixtures("with_runs")
def test_a_real_partial_tree_has_no_model(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree, page="confusion")
    assert not app.exception
    assert "No model is trained on this data" in [e.value for e in app.subheader]


@pytest.fixture
def with_unknown_species(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of which some species are unknown, and a file that names two of these at the validation surveys."""
    data = replace(multilabel(), simulated=False)
    store = write_store(data, tmp_path / "store").place
    path = written(tmp_path, sets(VALIDATION, "3 42 8 9999"))
    import_run(path, tmp_path / "runs" / "mine", data, check_submission(path, data))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    return store


@pytest.mark.parametrize("page", ["confusion", "species"])
def test_a_file_with_unknown_species_is_evaluated_on_the_known(
    opened: Open, with_unknown_species: Path, page: str
) -> None:
    app = opened(with_unknown_species, page=page, split="validation", run="mine")
    assert not app.exception and not app.error
    assert re.search(r"2 species .* 7 known species", html(app))
    if page == "confusion":
        shown = app.dataframe[0].value
        assert set(shown["class_id"]) <= set(multilabel().targets.class_ids)
        row = shown.set_index("class_id").loc[42]
        recorded = multilabel().targets.values[12:15, 3].sum()
        assert (row["support"], row["hits"], row["false_alarms"]) == (recorded, recorded, 3 - recorded)


def test_pairs_of_bare_sets_are_not_tested(opened: Open, with_unknown_species: Path) -> None:
    app = opened(with_unknown_species, page="confusion", run="mine", confusion_view="pairs")
    assert not app.exception
    assert box_key("pairs_of") not in {each.key for each in app.segmented_control}
    assert app.slider[0].min == 2
