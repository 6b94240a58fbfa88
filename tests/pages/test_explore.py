"""Explore: what is here?"""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.data.store import write_store
from sdm.figures.markdown import literal
from sdm.modalities import MODALITIES, Modality
from tests.data import trees_2024
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html


def test_first_visit_invites(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"])
    assert not app.exception
    assert "Start anywhere" in [heading.value for heading in app.subheader]
    assert "Simulated data" in html(app)


def test_any_survey_opens_one(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"])
    app.button("any_survey").click().run()
    assert not app.exception
    assert "survey 1" in html(app)


def test_every_kind_of_target_has_a_dossier(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], survey="105")
    assert not app.exception
    assert len(app.get("image")) == 2
    assert len(app.get("plotly_chart")) == 2
    shown = html(app) + "".join(str(metric.value) for metric in app.metric)
    assert {"multilabel": "Planta simulata0", "multiclass": "T4-C-5", "regression": literal("lime 1..9")}[
        kind
    ] in shown


def test_a_survey_without_files_has_empty_states(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="103")
    assert not app.exception
    assert html(app).count("not downloaded") == 4
    assert not app.get("plotly_chart")


def test_unknown_species_and_no_species_differ(opened: Open, stores: dict[str, Path]) -> None:
    assert "Nothing is known" in html(opened(stores["multilabel"], survey="111"))
    markdown = [element.value for element in opened(stores["multilabel"], survey="107").markdown]
    assert "#### Recorded here · 0" in markdown


def test_coordinates_find_the_nearest_survey_and_its_distance(opened: Open, stores: dict[str, Path]) -> None:
    near = opened(stores["multilabel"], at="51.01, 7.51")
    assert "survey 105" in html(near)
    assert any("from where you asked" in caption.value for caption in near.caption)
    far = opened(stores["multilabel"], at="40, 0")
    assert "another place" in far.warning[0].value


@pytest.mark.parametrize(("box", "text"), [("at", "somewhere"), ("survey", "99999999"), ("survey", "x" * 50)])
def test_what_cannot_be_read_is_said(opened: Open, stores: dict[str, Path], box: str, text: str) -> None:
    app = opened(stores["multilabel"])
    app.text_input(box).set_value(text).run()
    assert not app.exception
    assert app.warning


def test_boxes_move_to_a_survey(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"])
    app.text_input("survey").set_value("110").run()
    assert "survey 110" in html(app)
    app.text_input("at").set_value("50.0, 5.0").run()
    assert "survey 100" in html(app)
    assert app.session_state["survey"] == "100"


def test_the_place_is_kept_between_pages(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="predict", survey="110")
    assert "survey 110" in html(app)
    app.switch_page("pages/explore.py").run().run()
    assert "survey 110" in html(app)


def test_data_sets_can_be_switched_by_key(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(*stores.values(), data="regression", survey="105")
    assert app.sidebar.selectbox[0].options[: len(stores)] == list(stores)
    assert "lime" in str(app.metric[0].value)


def test_a_path_in_the_address_opens_nothing(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], data=str(stores["regression"]))
    assert not app.exception
    assert app.sidebar.selectbox[0].value == "multilabel"


def test_hostile_names_stay_text(opened: Open, tmp_path: Path) -> None:
    store = write_store(renamed(multilabel(), HOSTILE), tmp_path / "hostile").place
    shown = html(opened(store, survey="119"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<img" not in shown
    assert "<script" not in shown


@pytest.mark.real
def test_a_real_partial_tree_opens(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree)
    assert not app.exception
    assert "Simulated data" not in html(app)
    app.button("any_survey").click().run()
    assert not app.exception
    assert "survey " in html(app)


@pytest.mark.parametrize("page", ["explore", "predict"])
def test_a_survey_is_simulated_where_the_boxes_say(opened: Open, virtual: Path, page: str) -> None:
    app = opened(virtual, page=page, survey="105")
    app.toggle("simulate").set_value(True).run()
    assert "simulated on the spot" in html(app)
    assert app.text_input("at").value == "51.0000, 7.5000"
    assert app.text_input("survey").value == ""
    app.text_input("at").set_value("47.5, 11.3").run()
    assert "simulated on the spot" in html(app)
    assert app.text_input("survey").value == ""
    app.toggle("simulate").set_value(False).run()
    assert app.text_input("survey").value
    assert f"survey {app.text_input('survey').value}" in html(app)
    app.toggle("simulate").set_value(True).run()
    app.text_input("survey").set_value("110").run()
    assert "survey 110" in html(app)
    assert not app.toggle("simulate").value


@pytest.mark.parametrize("page", ["explore", "predict"])
@pytest.mark.parametrize("written", ["hello", ""])
def test_without_a_place_nothing_is_simulated(opened: Open, virtual: Path, page: str, written: str) -> None:
    app = opened(virtual, page=page, at="47.5, 11.3", simulate="true")
    assert "simulated on the spot" in html(app)
    app.text_input("at").set_value(written).run()
    assert not app.exception
    assert "Where is a survey to be simulated?" in html(app)
    assert '<p class="chips">' not in html(app)
    assert bool(app.warning) == bool(written)


def test_outside_the_virtual_europe_the_remedy_is_said(opened: Open, virtual: Path) -> None:
    shown = html(opened(virtual, at="10, 100", simulate="true"))
    assert "Position outside the virtual Europe" in shown
    assert "Choose a place of latitude" in shown


@pytest.mark.parametrize("view", ["overview", *MODALITIES, "neighbours"])
@pytest.mark.parametrize("survey", ["105", "103"])
def test_every_view_of_every_kind(
    opened: Open, stores: dict[str, Path], kind: str, view: str, survey: str
) -> None:
    app = opened(stores[kind], survey=survey, view=view, pinned="118")
    assert not app.exception
    assert f"survey {survey}" in html(app)
    assert "survey 118" in html(app)


@pytest.mark.parametrize("view", ["overview", "snow_cover"])
def test_a_modality_without_a_view_of_its_own(opened: Open, tmp_path: Path, added: Modality, view: str) -> None:
    place = write_store(multilabel(), tmp_path / "snowy").place
    app = opened(place, survey="105", view=view)
    assert not app.exception
    assert any(element.proto.id.endswith("figure_snow_cover") for element in app.get("plotly_chart"))
    bare = opened(place, survey="103", view=view)  # the survey without files
    assert not bare.exception and added.title in html(bare)


def test_landsat_can_be_bands_or_a_formula(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["multilabel"], survey="105", view="landsat", landsat_band="own", landsat_formula="nir - red"
    )
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    wrong = opened(
        stores["multilabel"], survey="105", view="landsat", landsat_band="own", landsat_formula="__import__"
    )
    assert not wrong.exception
    assert "formula" in wrong.warning[0].value.lower()
    assert len(
        opened(stores["multilabel"], survey="105", view="landsat", landsat_band="bands").get("plotly_chart")
    )


def test_an_unknown_measure_of_the_glance_is_the_first(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="105", landsat_band="own")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2


def test_next_goes_round_all_surveys_of_the_filter(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(
        stores["regression"], survey="110", filter="countries=Netherlands&years=2017|2018", view="neighbours"
    )
    seen: list[str] = []
    while "110" not in seen:
        app.button("step_Next").click().run()
        seen.append(app.session_state["survey"])
    assert sorted(seen) == ["110", "111", "115", "116"]
    app.button("step_Previous").click().run()
    assert app.session_state["survey"] == seen[-2]


@pytest.mark.parametrize("named", ["999999", "<b>", "50, 5, 2019", "../../etc", "x" * 5000])
def test_a_link_to_keep_what_is_not_there_keeps_nothing(opened: Open, stores: dict[str, Path], named: str) -> None:
    app = opened(stores["multilabel"], survey="105", pinned=named)
    assert not app.exception
    assert "Pin" in [button.label for button in app.button]


def test_one_alike_is_opened(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="105", view="neighbours")
    look = next(button for button in app.button if button.label == "Open")
    look.click().run()
    assert not app.exception
    assert app.session_state["survey"] != "105"


def test_what_is_kept_beside_outlives_a_visit_elsewhere(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="105")
    next(button for button in app.button if button.label == "Pin").click().run()
    app.switch_page("pages/about.py").run()
    app.switch_page("pages/explore.py").run().run()
    assert not app.exception
    put_away = next(button for button in app.button if button.label == "Unpin")
    put_away.click().run()
    assert "Pin" in [button.label for button in app.button]


def test_a_patch_without_its_near_infrared_is_shown(opened: Open, tmp_path: Path) -> None:
    tree = trees_2024.write_tree(tmp_path / "glc24")
    for folder in tree.glob("*_NIR"):
        folder.rename(tmp_path / folder.name)
    app = opened(tree, survey="3018575", source="PA-train")
    assert not app.exception
    assert len(app.get("image")) >= 1 and "survey 3018575" in html(app)
