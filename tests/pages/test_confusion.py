"""Confusion: what is mistaken for what?"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.ui.components.linked import box_key
from tests.datasets import multilabel
from tests.pages.confusion import LONG, heading, view
from tests.pages.screen import Open, html


def behind(app: AppTest) -> list[str]:
    """Survey ids of the table of the surveys behind the choice."""
    return list(app.dataframe[-1].value["survey"])


CLASSES = multilabel().targets.classes
CLASS_ID = dict(zip(CLASSES["name"], CLASSES["class_id"].tolist(), strict=True))


@pytest.mark.usefixtures("with_runs")
def test_every_kind_of_target_is_compared(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="confusion", run=f"{kind}-mlp")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == 1
    assert len(behind(app)) == 3  # the validation surveys
    said = {"multilabel": "False alarms", "multiclass": "Accuracy", "regression": "lime 1..9"}
    assert said[kind] in html(app)


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize(("kind", "views"), [("multilabel", 3), ("multiclass", 5)])
def test_every_view_draws(opened: Open, stores: dict[str, Path], kind: str, views: int) -> None:
    app = opened(stores[kind], page="confusion", run=f"{kind}-mlp", decoder="top-k", top_k="7")
    names = app.segmented_control(box_key("confusion_view")).options
    assert len(names) == views
    for name in ("species", "pairs", "matrix", "surveys", "report")[:views]:
        view(app, name)
        assert not app.exception
    for shade in ("surveys", "row_share"):
        view(app, "matrix").segmented_control(box_key("cell_colour")).set_value(shade).run()
        assert not app.exception


@pytest.mark.usefixtures("with_runs")
def test_what_was_recorded_and_predicted_finds_its_surveys(opened: Open, stores: dict[str, Path]) -> None:
    """All seven species are predicted everywhere, so that species 6, only at 113, is a false alarm elsewhere."""
    app = opened(stores["multilabel"], page="confusion", run="multilabel-mlp", decoder="top-k", top_k="7")
    assert "All that was compared <small>3</small>" in heading(app)
    app.selectbox(box_key("predicted")).set_value(CLASS_ID["Planta simulata6"]).run()
    assert "<i>Planta simulata6</i> predicted, not recorded <small>2</small>" in heading(app)
    assert sorted(behind(app)) == ["112", "114"]
    app.selectbox(box_key("recorded")).set_value(CLASS_ID["Planta simulata6"]).run()
    assert "<i>Planta simulata6</i> found <small>1</small>" in heading(app)
    assert behind(app) == ["113"]
    assert list(app.dataframe[-1].value["dossier"]) == ["/?data=multilabel&survey=113"]
    app.selectbox(box_key("predicted")).set_value(None).run()
    assert "missed <small>0</small>" in heading(app)
    assert "No survey" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_the_order_chosen_last_wins_over_a_head_clicked_before(opened: Open, stores: dict[str, Path]) -> None:
    """A table sorted by a head keeps that order as long as it is the same table."""
    app = opened(stores["multilabel"], page="confusion", run="multilabel-mlp", decoder="top-k", top_k="3")
    tables = []
    for order in ("recorded", "worst"):
        app.selectbox(box_key("order")).set_value(order).run()
        tables.append((list(app.dataframe[0].value["name"]), app.dataframe[0].proto.id))
    (recorded, first), (worst, second) = tables
    assert recorded != worst
    assert first != second


@pytest.mark.usefixtures("with_runs")
def test_a_link_opens_the_same_view(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["multilabel"], page="confusion", run="multilabel-mlp", split="test_near", decoder="top-k",
        top_k="7", level="genus", confusion_view="matrix", predicted="1",
    )  # fmt: skip
    assert not app.exception
    assert app.selectbox(box_key("split")).value == "test_near"
    assert app.segmented_control(box_key("confusion_view")).value == "matrix"
    assert "<i>Herba</i> predicted, not recorded <small>0</small>" in heading(app)


@pytest.mark.usefixtures("with_runs")
def test_another_level_forgets_the_names_of_the_last(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["multilabel"], page="confusion", predicted=str(CLASS_ID["Planta simulata6"]), run="multilabel-mlp"
    )
    app.selectbox(box_key("level")).set_value("genus").run()
    assert not app.exception
    assert app.selectbox(box_key("predicted")).value is None
    assert "Herba" in app.selectbox(box_key("predicted")).options
    assert "Genera" not in app.selectbox(box_key("level")).options
    assert app.selectbox(box_key("level")).options == ["species", "genera", "families"]


@pytest.mark.usefixtures("with_runs")
def test_classes_have_the_levels_of_their_hierarchy(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multiclass"], page="confusion")
    assert app.selectbox(box_key("level")).options == ["classes", "main types", "groups"]
    app.selectbox(box_key("level")).set_value("group").run()
    assert not app.exception
    assert app.selectbox(box_key("recorded")).options in (["T", "V"], ["V", "T"])


@pytest.mark.usefixtures("with_runs")
def test_another_data_set_has_its_own_names(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(*stores.values(), page="confusion", data="multilabel", run="multilabel-mlp", level="genus")
    app.selectbox(box_key("split")).set_value("test_far").run()
    view(app, "matrix").multiselect(box_key("block")).set_value([0]).run()
    app.selectbox(box_key("predicted")).set_value(0).run()
    for name in ("multiclass", "regression", "multiclass", "multilabel"):
        app.session_state["data"] = name
        app.run()
        assert not app.exception
        assert not app.error
        if name == "multiclass":
            view(app, "surveys").selectbox(box_key("level")).set_value("group").run()
            assert not app.exception
    assert app.selectbox(box_key("split")).value == "test_far"


@pytest.mark.usefixtures("with_runs")
def test_nonsense_in_the_address_is_ignored(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["multilabel"], page="confusion", run="../etc", split="?", level="DROP", confusion_view="<b>",
        recorded=LONG, predicted="=1+1", block="nobody", cell_colour="x", order="y", support="-3",
    )  # fmt: skip
    assert not app.exception
    assert "All that was compared" in heading(app)


@pytest.mark.usefixtures("with_runs")
def test_a_picked_survey_leads_to_its_dossier(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="confusion")
    app.session_state["listed_survey"] = 13
    app.run()
    assert not app.exception
    assert "survey 113" in html(app)
    links = [element.proto.label for element in app.get("page_link")]
    assert links == ["Its dossier", "What models say"]


@pytest.mark.usefixtures("with_runs")
def test_pairs_are_tested_where_probabilities_are_known(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="confusion", run="multilabel-mlp", confusion_view="pairs")
    assert not app.exception
    assert app.segmented_control(box_key("pairs_of")).value == "significant"
    assert app.slider[0].min == 5
