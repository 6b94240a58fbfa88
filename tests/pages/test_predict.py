"""Predict: what do the models say grows here?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.store import write_store
from sdm.data.survey import recorded
from sdm.errors import ServiceError
from sdm.figures.markdown import literal
from sdm.inference.service import InferenceService
from sdm.inference.survey_requests import PRESENCE_ONLY_TABLE
from sdm.modalities.layouts import PO_TRAIN
from sdm.ui.cache import datasets
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.virtual_europe.simulated_survey import simulated_dossier
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html, words


def test_without_a_survey_it_says_how_to_choose_one(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict")
    assert not app.exception
    app.button("any_survey").click().run()
    assert "survey 1" in html(app)


def test_without_a_run_it_gives_the_command_that_trains_one(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="105")
    assert "No model is trained on this data" in words(app)
    assert app.code[0].value.startswith("python -m sdm train")
    assert not app.toggle


@pytest.mark.usefixtures("with_runs")
def test_every_kind_of_target_gets_its_answer(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="predict", survey="105", models=f"{kind}-mlp")
    assert not app.exception
    assert not app.error
    if kind == "regression":
        assert app.metric[0].label == "Predicted"
        assert app.metric[0].value.endswith(literal("lime 1..9"))
    else:
        assert '<table class="ranking">' in html(app)
        assert " ms · " in html(app)


@pytest.mark.usefixtures("with_runs")
def test_models_stand_side_by_side(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="118")
    assert html(app).count('<table class="ranking">') == 2
    assert "MLP on Landsat" in words(app)
    assert "Frequency by country and region" in words(app)


@pytest.mark.usefixtures("with_runs")
def test_decoding_is_a_choice(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["multilabel"], page="predict", survey="118", models="multilabel-mlp", decoder="top-k", top_k="3"
    )
    assert not app.exception
    assert "**3** species by `top-k:3`" in words(app)
    assert "F1 of this survey" in words(app)


@pytest.mark.usefixtures("with_runs")
def test_a_training_survey_is_marked_as_seen(opened: Open, stores: dict[str, Path]) -> None:
    seen = "the model has seen this survey"
    assert seen in html(opened(stores["multilabel"], page="predict", survey="105"))
    assert seen not in html(opened(stores["multilabel"], page="predict", survey="118"))


@pytest.mark.usefixtures("with_runs")
def test_what_is_not_known_is_not_judged(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="111", models="multilabel-mlp")
    assert 'class="predicted"' in html(app)
    assert 'class="hit"' not in html(app)
    assert 'class="false-alarm"' not in html(app)


@pytest.mark.usefixtures("with_runs")
def test_a_model_without_its_input_says_so(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="103", models="multilabel-mlp")
    assert not app.exception
    assert "No input for this model" in html(app)
    assert "Not here: Landsat series." in html(app)


@pytest.mark.usefixtures("with_runs")
def test_without_a_model_it_says_so(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="118")
    app.multiselect(box_key("models")).set_value([]).run()
    assert not app.exception
    assert "No model is asked" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_a_presence_only_record_names_no_false_alarm(opened: Open, tmp_path: Path) -> None:
    data = multilabel()
    loose = replace(data, sites=data.sites.assign(source=PO_TRAIN), name="loose")
    app = opened(
        write_store(loose, tmp_path / "loose").place, page="predict", survey="118", models="multilabel-mlp"
    )
    assert not app.exception
    assert "A presence-only record" in html(app)
    assert 'class="predicted"' in html(app)
    assert 'class="false-alarm"' not in html(app)
    assert "F1 of this survey" not in words(app)


@pytest.mark.usefixtures("with_runs")
def test_other_species_get_no_answer_but_a_demonstration(opened: Open, tmp_path: Path) -> None:
    data = multilabel()
    classes = data.targets.classes.assign(class_id=data.targets.classes["class_id"] + 1)
    other = replace(data, targets=replace(data.targets, classes=classes), name="other")
    app = opened(write_store(other, tmp_path / "other").place, page="predict", survey="105")
    assert "No model is trained on this data" in words(app)
    assert '<table class="ranking">' not in html(app)
    app.toggle[0].set_value(True).run()
    app.multiselect[0].set_value(["multilabel-mlp"]).run()
    assert not app.exception
    assert "Domain-gap demonstration" in html(app)
    assert 'class="predicted"' in html(app)
    assert 'class="hit"' not in html(app)
    assert "has seen this survey" not in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.usefixtures("anew")
def test_a_service_that_cannot_answer_is_explained(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ServiceError("too many predictions are waiting", remedy="Try again shortly.")

    monkeypatch.setattr(InferenceService, "submit", refuse)
    app = opened(stores["multilabel"], page="predict", survey="105")
    assert not app.exception
    assert "too many predictions are waiting" in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.usefixtures("anew")
def test_damaged_weights_are_explained(opened: Open, stores: dict[str, Path], trained: Path) -> None:
    path = trained / "multilabel-mlp" / "weights.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        app = opened(stores["multilabel"], page="predict", survey="105", models="multilabel-mlp")
        assert not app.exception
        assert "the weights are damaged" in html(app)
    finally:
        path.write_bytes(whole)


def test_hostile_names_stay_text(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sdm.runs import TrainingOptions
    from sdm.training import Runtime, train

    hostile = renamed(multilabel(), HOSTILE)
    train(hostile, tmp_path / "runs" / "mlp", TrainingOptions("landsat-mlp", epochs=1), Runtime(device="cpu"))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    store = write_store(hostile, tmp_path / "hostile").place
    shown = html(opened(store, page="predict", survey="105"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script" not in shown


def upload(app: AppTest, text: str) -> AppTest:
    return app.file_uploader(key="survey_file").upload("list.csv", text.encode(), "text/csv").run()


@pytest.mark.usefixtures("with_runs")
def test_a_list_is_predicted_and_saved(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="predict", predict_section="list")
    assert not app.exception
    upload(app, "surveyId\n100\n101\n4\n")
    assert not app.exception
    assert "survey 4 is not in this data set" in html(app)
    app.button(key="batch_begin").click().run()
    for _ in range(100):
        if app.get("download_button"):
            break
        app.run()
    assert not app.exception
    assert len(app.get("download_button")) == 2
    assert app.dataframe[0].value["surveyId"].iloc[0] == 100


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("text", ["", "\x00", "name\n<img src=x onerror=alert(1)>\n", "surveyId\n=1+1\n"])
def test_what_is_no_list_is_said(opened: Open, stores: dict[str, Path], text: str) -> None:
    app = upload(opened(stores["multilabel"], page="predict", predict_section="list"), text)
    assert not app.exception
    assert "Left out" in html(app)
    assert "<img" not in html(app)


@pytest.mark.usefixtures("with_runs")
def test_an_unreadable_id_leaves_the_rest_of_a_list(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", predict_section="list")
    upload(app, "surveyId\nabc\n101\n")
    assert "is no survey id" in html(app)
    assert "1 survey understood." in [caption.value for caption in app.caption]
    assert app.button(key="batch_begin").label == "Predict 1 survey"


@pytest.mark.usefixtures("with_runs")
def test_occurrences_are_sent_where_they_belong(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", predict_section="list")
    upload(app, "species,lat,lon\nPlanta simulata1,51.0,7.5\n")
    assert not app.exception
    assert len(app.error) == 1
    assert PRESENCE_ONLY_TABLE in html(app)
    assert "Left out" not in html(app)
    assert not [button for button in app.button if button.key == "batch_begin"]


@pytest.mark.usefixtures("with_runs")
def test_nothing_is_recorded_at_a_simulated_place(opened: Open, virtual: Path) -> None:
    for page in ("explore", "predict"):
        app = opened(virtual, page=page, at="47.5, 11.3", simulate="true")
        assert not app.exception
        assert "Recorded here" not in words(app)
        assert "predicted and recorded" not in html(app)
        assert "rue in the simulation" in words(app)
    assert "Recorded here" in words(opened(virtual, survey="105"))


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("view", ["agreement", "attribution"])
def test_views_of_a_simulated_place_tell_of_no_record(opened: Open, virtual: Path, view: str) -> None:
    app = opened(virtual, page="predict", at="47.5, 11.3", simulate="true", predict_view=view)
    assert not app.exception
    shown = words(app) + " ".join(caption.value for caption in app.caption)
    assert not re.search(r"recorded here|○: recorded", shown)
    assert shown.count("true in the simulation") > 1


@pytest.mark.usefixtures("with_runs")
def test_the_conformal_set_of_a_simulated_place_tells_of_no_record(
    opened: Open, virtual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = recorded(multilabel().targets, 19)  # some of which the model knows, unlike those simulated
    monkeypatch.setattr(datasets, "simulated", lambda *place: replace(simulated_dossier(*place), recorded=known))
    place = {"page": "predict", "predict_view": "calibration", "models": "multilabel-mlp", "coverage": "50"}
    app = opened(virtual, at="47.5, 11.3", simulate="true", **place)
    assert not app.exception
    answers = re.findall(r"<p class='(?:answer|lead)'>(.*?)</p>", html(app))
    assert [one for one in answers if re.search(r"</b> true in the simulation", one)]
    assert "True in the simulation, but outside the set" in answers
    assert not [one for one in answers if re.search(r"</b> recorded|^Recorded", one)]
    assert re.search(r"</b> recorded", html(opened(virtual, survey="118", **place)))
