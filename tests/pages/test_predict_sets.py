"""Predict: how many species to name, how sure a model is, and every decoder it can do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.evaluation.decoding import DECODERS, SPECIES_THRESHOLDS
from sdm.evaluation.run_evaluation import remeasure
from sdm.runs import Run, predictions
from sdm.runs.records import Calibration
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.predict.request import NOT_COUNTED
from tests.datasets import SPECIES, multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html, words

BENCH = {"page": "predict", "survey": "118", "models": "multilabel-mlp", "predict_view": "set-size"}
SURE = {**BENCH, "predict_view": "calibration"}


@pytest.fixture
def home(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs of one's own to change."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


def figure(app: AppTest, at: int = 0) -> str:
    return str(app.get("plotly_chart")[at].proto.spec)


@pytest.mark.usefixtures("with_runs")
def test_all_decoders_stand_side_by_side(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **BENCH)
    assert not app.exception
    shown = html(app)
    for name in DECODERS:
        assert f'<th scope="row">{name}' in shown
    assert "chosen on validation surveys alone" in shown
    assert "3 surveys, near" in shown
    assert "Knowing what grows here" in shown
    assert "actual" in figure(app)


@pytest.mark.usefixtures("with_runs")
def test_a_slider_moves_its_row(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **BENCH, own_k="3", own_threshold="0.5")
    assert '<th scope="row">top-k:3<small>yours' in html(app)
    assert '<th scope="row">threshold:0.5<small>yours' in html(app)
    app.slider(key="own_k").set_value(5).run()
    assert not app.exception
    assert '<th scope="row">top-k:5<small>yours' in html(app)
    assert "top-k:5 \\u00b7 5" in figure(app) or "top-k:5 · 5" in figure(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize(("given", "read"), [("0.249", "0.24"), ("0.9799", "0.98"), ("nan", "0.2")])
def test_a_link_between_two_steps_is_read_as_the_nearer(
    opened: Open, stores: dict[str, Path], given: str, read: str
) -> None:
    app = opened(stores["multilabel"], **BENCH, own_threshold=given)
    assert not app.exception
    assert f'<th scope="row">threshold:{read}<small>yours' in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize(
    "link",
    [
        {"own_threshold": "0.25"}, {"own_k": "2.5"}, {"own_k": "999"}, {"decoder": "top-k", "top_k": "2.5"},
        {"decoder": "threshold", "threshold": "0.123456789"}, {"predict_view": "calibration", "coverage": "90.5"},
    ],
)  # fmt: skip
def test_no_number_in_a_link_breaks_a_view(opened: Open, stores: dict[str, Path], link: dict[str, str]) -> None:
    app = opened(stores["multilabel"], **{**BENCH, **link})
    assert not app.exception
    assert not app.error


@pytest.mark.usefixtures("with_runs")
def test_the_surveys_are_a_choice(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **BENCH, evaluated_on="validation")
    assert "3 surveys, validation" in html(app)
    assert "fitted on these very surveys" in html(app)
    app.segmented_control(box_key("evaluated_on")).set_value("test_far").run()
    assert "2 surveys, far" in html(app)
    assert "fitted on these very surveys" not in html(app)


@pytest.mark.usefixtures("with_runs")
def test_of_several_models_one_is_looked_at(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="118", predict_view="set-size")
    (other,) = {"multilabel-country", "multilabel-mlp"} - {app.selectbox(box_key("model")).value}
    app.selectbox(box_key("model")).set_value(other).run()
    assert not app.exception
    assert app.selectbox(box_key("model")).value == other
    assert "stored with this run" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_the_decoder_chosen_above_is_marked(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **BENCH, decoder="top-k", top_k="2")
    assert "<b>2 species</b> by top-k:2" in html(app)
    assert "chosen above" in html(app)


def both(app: AppTest) -> Iterator[AppTest]:
    """One view, then the other."""
    for view in ("calibration", "set-size"):
        app.segmented_control(box_key("predict_view")).set_value(view).run()
        assert not app.exception
        yield app


@pytest.mark.usefixtures("with_runs")
def test_where_nothing_is_known_nothing_is_judged(opened: Open, stores: dict[str, Path]) -> None:
    for app in both(opened(stores["multilabel"], **{**SURE, "survey": "111"})):
        assert "Knowing what grows here" not in html(app)
        assert 'class="hit"' not in html(app)


@pytest.mark.usefixtures("with_runs")
def test_a_blind_model_says_so(opened: Open, stores: dict[str, Path]) -> None:
    for app in both(opened(stores["multilabel"], **{**SURE, "survey": "103"})):
        assert "No input for this model" in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("target", ["multiclass", "regression"])
def test_what_does_not_apply_is_said(opened: Open, stores: dict[str, Path], target: str) -> None:
    for app in both(opened(stores[target], **{**SURE, "models": f"{target}-mlp"})):
        assert not app.get("plotly_chart")
        assert "class='empty'" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_a_demonstration_is_not_judged(opened: Open, tmp_path: Path) -> None:
    data = multilabel()
    targets = replace(data.targets, classes=data.targets.classes[:3], values=data.targets.values[:, :3])
    other = write_store(replace(data, name="other", targets=targets), tmp_path / "other").place
    for app in both(opened(other, domain_gap="true", **SURE)):
        assert "Domain-gap demonstration" in html(app)
        assert "Knowing what grows here" not in html(app)
        assert "mean F1" not in html(app)


def test_damaged_predictions_are_explained(opened: Open, stores: dict[str, Path], home: Path) -> None:
    (home / "multilabel-mlp" / "predictions" / "validation.npz").write_bytes(b"nothing")
    told = [app.error[0].value for app in both(opened(stores["multilabel"], **SURE))]
    assert told == ["The stored predictions cannot be read", "The decoders cannot be compared"]


def test_without_stored_predictions_it_says_so(opened: Open, stores: dict[str, Path], home: Path) -> None:
    shutil.rmtree(home / "multilabel-mlp" / "predictions")
    for app in both(opened(stores["multilabel"], **SURE)):
        assert "has no stored predictions" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_calibration_and_coverage(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **SURE, coverage="60")
    assert not app.exception
    assert "Observed share" in figure(app)
    assert "Coverage: share really inside" in figure(app, 1)
    shown = html(app)
    assert "Stated: 60\u202f%" in shown
    assert "coverage" in shown
    assert "recorded (" in shown
    assert '<li class="hit">' in shown
    app.slider(key="coverage").set_value(99).run()
    assert not app.exception
    assert "fewer would not do" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_weighted_conformal_sets_stand_beside_the_plain_ones(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], **SURE, coverage="60", conformal="weighted")
    assert not app.exception and not app.error
    assert app.segmented_control(box_key("conformal")).value == "weighted"
    table = next(part for part in html(app).split("<table") if "foretold" in part)
    assert table.count("plain") == table.count("weighted") > 0


def test_the_run_is_read_by_its_own_calibration(opened: Open, stores: dict[str, Path], home: Path) -> None:
    run = Run.open(home / "multilabel-mlp")
    replace(run.card, calibration=Calibration("temperature", 1.7)).write(run.path / "card.json")
    app = opened(stores["multilabel"], **SURE)
    assert not app.exception
    assert '<th scope="row">Temperature<small>used for this run' in html(app)


def test_thresholds_per_species_are_offered_where_a_run_has_them(
    opened: Open, stores: dict[str, Path], home: Path
) -> None:
    plain = {**BENCH, "predict_view": "species", "decoder": "species-thresholds"}
    assert SPECIES_THRESHOLDS not in words(opened(stores["multilabel"], **plain))
    run = Run.open(home / "multilabel-mlp")
    thresholds = tuple(np.linspace(0.3, 0.6, SPECIES).tolist())
    replace(run.card, thresholds=thresholds).write(run.path / "card.json")
    app = opened(stores["multilabel"], **plain)
    assert not app.exception
    assert f"species by `{SPECIES_THRESHOLDS}`" in words(app)
    app.multiselect[0].set_value(["multilabel-mlp", "multilabel-country"]).run()
    assert not app.exception
    assert f"species by `{SPECIES_THRESHOLDS}`" not in words(app)


def test_where_only_the_most_probable_are_stored_larger_sets_are_not_counted(
    opened: Open, stores: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "MOST_DENSE", 0)
    monkeypatch.setattr(predictions, "TOP", 2)
    remeasure(Run.open(home / "multilabel-mlp"), open_dataset(stores["multilabel"]), ["test_near", "validation"])
    for app in both(opened(stores["multilabel"], **SURE, coverage="99", own_threshold="0.02")):
        assert NOT_COUNTED in html(app)
        assert "nan" not in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("page", ["predict", "confusion"])
def test_every_decoder_can_be_chosen(opened: Open, stores: dict[str, Path], page: str) -> None:
    linked = {
        "decoder": "expected-f1",
        "expected_f1": "exact-f1",
        "models": "multilabel-mlp",
        "run": "multilabel-mlp",
    }
    app = opened(stores["multilabel"], page=page, survey="118", **linked)
    assert "exact-f1" in words(app)
    app.segmented_control(key="expected_f1_box").set_value("simulated-f1:200").run()
    assert "simulated-f1:200" in words(app)
    app.segmented_control(key="decoder_box").set_value("richness").run()
    assert "richness" in words(app)
    assert not app.exception


def test_hostile_names_stay_text(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sdm.runs import TrainingOptions
    from sdm.training import Runtime, train

    hostile = renamed(multilabel(), HOSTILE)
    train(hostile, tmp_path / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    store = write_store(hostile, tmp_path / "hostile").place
    for app in both(opened(store, page="predict", survey="118", predict_view="calibration", coverage="99")):
        assert "<script" not in html(app)
        assert "<img" not in html(app)
