"""Predict, the views of several models and of several inputs: Together, and Why."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions.check import check_submission
from sdm.inference import answers, attribution
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html
from tests.submissions import NEAR_AND_FAR, sets

AGREEMENT, ATTRIBUTION = "agreement", "attribution"
MLP, COUNTRY, FUSION = "multilabel-mlp", "multilabel-country", "fusion"
NEAR, HALF = "118", "119"


def words(app: AppTest) -> str:
    parts = (*app.markdown, *app.caption)
    return " ".join([*(element.value for element in parts), html(app)])


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory, trained: Path, stores: dict[str, Path]) -> Path:
    """The trained runs, a fusion of two inputs, and the mean of two of them."""
    home = Path(shutil.copytree(trained, tmp_path_factory.mktemp("several") / "runs"))
    config = {"encoders": ["environment-mlp", "landsat-transformer"], "hidden": 16}
    data = open_dataset(stores["multilabel"])
    train(data, home / FUSION, TrainingOptions("fusion-series", config, epochs=1), Runtime(device="cpu"))
    make_ensemble(home / "both", [Run.open(home / FUSION), Run.open(home / MLP)], [0.5, 0.5], data)
    return home


@pytest.fixture
def with_several(monkeypatch: pytest.MonkeyPatch, several: Path) -> None:
    monkeypatch.setattr(runs, "HOMES", (several,))


@pytest.mark.usefixtures("with_runs")
def test_species_stand_by_how_many_models_name_them(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    assert not app.exception
    shown = html(app)
    assert "Named by both" in shown
    assert " recorded</small>" in shown
    assert 'class="hit"' in shown
    assert f"shared with {COUNTRY}" in shown


@pytest.mark.usefixtures("with_runs")
def test_a_mixture_scores_on_every_split_and_has_its_command(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    assert [slider.value for slider in app.slider] == [50, 50]
    assert "the mixture" in html(app)
    assert "3 near, 2 far" in words(app)
    assert f"{MLP}:0.5" in app.code[0].value
    assert app.code[0].value.startswith("python -m sdm ensemble ")


@pytest.mark.usefixtures("with_several")
def test_weights_make_room_for_each_other(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    app.multiselect(box_key("models")).set_value([MLP, COUNTRY, FUSION]).run()
    assert [slider.value for slider in app.slider] == [34, 33, 33]
    app.slider(key=f"weight_{FUSION}").set_value(60).run()
    assert [slider.value for slider in app.slider] == [20, 20, 60]
    app.slider(key=f"weight_{FUSION}").set_value(100).run()
    assert "is no mixture" in html(app)
    assert not app.code
    app.button(key="mix_alike").click().run()
    assert [slider.value for slider in app.slider] == [34, 33, 33]
    app.button(key="mix_best").click().run()
    assert not app.exception
    assert sum(slider.value for slider in app.slider) == 100


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize(
    ("given", "weights"), [(("80", "20"), [80, 20]), (("10", "30"), [25, 75]), (("nan", "=-7"), [50, 50])]
)
def test_weights_are_part_of_the_link(
    opened: Open, stores: dict[str, Path], given: tuple[str, str], weights: list[int]
) -> None:
    link = {f"weight_{MLP}": given[0], f"weight_{COUNTRY}": given[1]}
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT, **link)
    app.multiselect(box_key("models")).set_value([MLP, COUNTRY]).run()
    assert not app.exception
    assert [slider.value for slider in app.slider] == weights


@pytest.mark.usefixtures("with_several")
def test_an_ensemble_is_no_member(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    app.multiselect(box_key("models")).set_value([MLP, COUNTRY, "both"]).run()
    assert not app.exception
    assert len(app.slider) == 2
    assert "choose its members instead" in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("view", [AGREEMENT, ATTRIBUTION])
def test_every_kind_of_target_says_what_applies(
    opened: Open, stores: dict[str, Path], kind: str, view: str
) -> None:
    app = opened(stores[kind], page="predict", survey="105", models=f"{kind}-mlp", predict_view=view)
    assert not app.exception
    assert {AGREEMENT: "Choose a second model", ATTRIBUTION: "is all this model sees"}[view] in html(app)


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_two_models_of_another_kind(opened: Open, stores: dict[str, Path], own: Path, kind: str) -> None:
    for name in ("one", "two"):
        shutil.copytree(own / f"{kind}-mlp", own / name)
    app = opened(stores[kind], page="predict", survey="118", predict_view=AGREEMENT)
    assert not app.exception
    assert not app.slider
    assert {"multiclass": "models that predict sets", "regression": "mean of these models"}[kind] in html(app)


@pytest.mark.usefixtures("with_runs")
def test_what_is_not_known_is_not_judged(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="111", predict_view=AGREEMENT)
    assert not app.exception
    assert 'class="hit"' not in html(app)
    assert 'class="predicted"' in html(app)


def test_damaged_predictions_are_explained(opened: Open, stores: dict[str, Path], own: Path) -> None:
    (own / MLP / "predictions" / "test_near.npz").write_bytes(b"PK")
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    assert not app.exception
    assert "Stored predictions cannot be read" in app.error[0].value


@pytest.mark.usefixtures("with_several")
def test_the_members_of_an_ensemble_can_be_asked_instead(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    app.multiselect(box_key("models")).set_value(["both", FUSION]).run()
    app.button(key="members_instead").click().run()
    assert not app.exception
    assert app.multiselect(box_key("models")).value == [FUSION, MLP]
    assert "Species the mixture predicts here" in words(app)


@pytest.mark.usefixtures("with_several")
@pytest.mark.parametrize("run", [FUSION, "both"])
def test_inputs_share_the_answer(opened: Open, stores: dict[str, Path], run: str) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, models=run, predict_view=ATTRIBUTION)
    assert not app.exception
    assert not app.error
    assert "Base value **" in words(app)
    assert "Landsat" in words(app)
    assert len(app.get("plotly_chart")) == 3
    assert (f"Never trained without an input: {MLP}" in html(app)) == (run == "both")
    assert f"{FUSION} was shown exactly one" in html(app)
    picked = app.selectbox(box_key("attribution_of"))
    picked.select_index(len(picked.options) - 1).run()
    assert not app.exception


@pytest.mark.usefixtures("with_several")
def test_one_may_ask_why_not(opened: Open, stores: dict[str, Path]) -> None:
    link = {"decoder": "top-k", "top_k": "1", "predict_view": ATTRIBUTION}
    app = opened(stores["multilabel"], page="predict", survey=NEAR, models=FUSION, **link)
    options = app.selectbox(box_key("attribution_of")).options
    missed = [place for place, one in enumerate(options) if one.endswith("(recorded, not named)")]
    assert missed
    app.selectbox(box_key("attribution_of")).select_index(missed[0]).run()
    assert not app.exception
    assert "It is recorded here." in words(app)


@pytest.mark.usefixtures("with_several")
def test_a_model_of_several_inputs_is_looked_at_first(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=ATTRIBUTION)
    app.multiselect(box_key("models")).set_value([COUNTRY, MLP, FUSION]).run()
    assert app.selectbox(box_key("model")).options == [FUSION, COUNTRY, MLP]
    assert "Base value **" in words(app)


@pytest.mark.usefixtures("with_several")
def test_an_input_that_is_missing_adds_nothing(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = answers.request_of

    def without(survey: object) -> object:
        request = kept(survey)
        return replace(request, arrays={n: a for n, a in request.arrays.items() if n != "environment"})

    monkeypatch.setattr(attribution, "request_of", without)
    app = opened(stores["multilabel"], page="predict", survey=HALF, models=FUSION, predict_view=ATTRIBUTION)
    assert not app.exception
    assert "lacks the environment" in html(app)


def test_sets_from_a_file_are_counted_but_neither_mixed_nor_explained(
    opened: Open, stores: dict[str, Path], own: Path, tmp_path: Path
) -> None:
    path, data = tmp_path / "mine.csv", multilabel()
    path.write_text(sets(NEAR_AND_FAR, "3 42"))
    import_run(path, own / "mine", data, check_submission(path, data))
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=AGREEMENT)
    app.multiselect(box_key("models")).set_value(["mine", MLP, COUNTRY]).run()
    assert not app.exception
    assert len(app.slider) == 2
    assert "holds sets without probabilities" in html(app)
    app = opened(stores["multilabel"], page="predict", survey=NEAR, predict_view=ATTRIBUTION, models="mine")
    assert not app.exception
    assert "Only stored predictions are here" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_what_has_no_inputs_says_so(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey=NEAR, models=COUNTRY, predict_view=ATTRIBUTION)
    assert "All this model sees is country and region" in html(app)


@pytest.mark.usefixtures("with_several")
@pytest.mark.parametrize("view", [AGREEMENT, ATTRIBUTION])
def test_models_of_other_data_are_not_judged(opened: Open, tmp_path: Path, view: str) -> None:
    data = multilabel()
    classes = data.targets.classes.assign(class_id=data.targets.classes["class_id"] + 1)
    other = replace(data, targets=replace(data.targets, classes=classes), name="other")
    store = write_store(other, tmp_path / "other").place
    app = opened(store, page="predict", survey="105", predict_view=view, domain_gap="true")
    app.multiselect(box_key("models")).set_value([FUSION, MLP]).run()
    assert not app.exception
    assert 'class="hit"' not in html(app)
    assert "recorded here" not in words(app)
    assert {AGREEMENT: "No mixture here", ATTRIBUTION: "Base value"}[view] in words(app)


def test_hostile_names_stay_text(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = renamed(multilabel(), HOSTILE)
    config = {"encoders": ["environment-mlp", "landsat-transformer"], "hidden": 16}
    quick = Runtime(device="cpu")
    train(hostile, tmp_path / "runs" / FUSION, TrainingOptions("fusion-series", config, epochs=1), quick)
    train(hostile, tmp_path / "runs" / COUNTRY, TrainingOptions("country-frequency"), quick)
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    store = write_store(hostile, tmp_path / "hostile").place
    for view in (AGREEMENT, ATTRIBUTION):
        app = opened(store, page="predict", survey=NEAR, predict_view=view)
        app.multiselect(box_key("models")).set_value([FUSION, COUNTRY]).run()
        assert not app.exception
        assert "<script" not in html(app)
        assert "<img" not in html(app)
