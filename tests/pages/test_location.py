"""Which survey is looked at: a new choice forgets the place asked for; order, filters and the pinned survey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.dataset import Dataset
from sdm.data.store import write_store
from sdm.data.survey_filter import SurveyFilter
from sdm.geo.distance import distance_km
from sdm.ui.components import location
from tests.datasets import multilabel
from tests.pages.screen import Open, html

PLACE = "51.01, 7.52"  # 1.4 km from survey 105


def asked_for(app: AppTest) -> bool:
    """Whether the screen tells how far it is from a place asked for."""
    assert not app.exception
    told = [element.value for element in (*app.caption, *app.warning)]
    return any("from where you asked" in words for words in told)


def clicked(key: str) -> Callable[[AppTest], object]:
    return lambda app: app.button(key).click().run()


CHOICES: dict[str, Callable[[AppTest], object]] = {
    "id": lambda app: app.text_input("survey").set_value("118").run(),
    "id of no survey": lambda app: app.text_input("survey").set_value("999").run(),
    "coordinates removed": lambda app: app.text_input("at").set_value("").run(),
    "analogue": lambda app: next(button for button in app.button if button.label == "Open").click().run(),
}


@pytest.mark.parametrize("choice", list(CHOICES))
def test_a_new_choice_forgets_the_place(opened: Open, stores: dict[str, Path], choice: str) -> None:
    app = opened(stores["multilabel"], at=PLACE, view="neighbours")
    assert asked_for(app)
    CHOICES[choice](app)
    assert not asked_for(app)
    assert app.session_state["at"] == ""
    assert "at" not in app.query_params


@pytest.mark.parametrize("simulate", [{}, {"simulate": "true"}])
def test_a_link_from_another_page_forgets_the_place(opened: Open, virtual: Path, simulate: dict[str, str]) -> None:
    app = opened(virtual, at=PLACE, **simulate)
    app.switch_page("pages/about.py").run()
    app.query_params.clear()
    app.query_params["survey"] = "118"
    app.switch_page("pages/explore.py").run()
    assert "survey 118" in html(app)
    assert not asked_for(app)
    assert "at" not in app.query_params
    assert "simulate" not in app.query_params


def test_a_link_with_survey_and_place_keeps_both(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], at=PLACE, survey="106")
    assert "survey 106" in html(app)
    assert asked_for(app)
    app.run()
    assert asked_for(app)


def distances(data: Dataset, rows: np.ndarray, at: tuple[float, float]) -> list[int]:
    km = [distance_km(*at, *data.sites[["lon", "lat"]].iloc[row]) for row in rows]
    return [int(data.sites["survey_id"].iloc[row]) for row in rows[np.argsort(km, kind="stable")]]


def test_next_goes_by_distance_from_the_place_asked_for(opened: Open, stores: dict[str, Path]) -> None:
    data = multilabel()
    order = distances(data, np.delete(np.arange(20), 3), (7.52, 51.01))
    app = opened(stores["multilabel"], at=PLACE)
    told = {app.button("step_Next").help}
    for survey in order[1:4]:
        app.button("step_Next").click().run()
        assert app.session_state["survey"] == str(survey)
        assert asked_for(app)
    app.button("step_Previous").click().run()
    assert app.session_state["survey"] == str(order[2])
    told.add(opened(stores["multilabel"], survey="105").button("step_Next").help)
    assert len(told) == 2, "the tooltip tells which order it is"


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Every other site is a presence-only record."""
    data = multilabel()
    source = np.where(np.arange(20) % 2, "PO-train", "PA-train")
    data = replace(data, name="mixed", sites=data.sites.assign(source=source))
    return write_store(data, tmp_path / "mixed").place


@pytest.mark.parametrize("page", ["explore", "predict"])
def test_the_nearest_is_told_by_record_type(opened: Open, mixed: Path, page: str) -> None:
    app = opened(mixed, page=page, at=PLACE)
    first = " ".join(element.value for element in app.caption)
    assert "nearest presence-only record" in first
    app.button("other_presence-absence survey").click().run()
    assert not app.exception
    assert app.session_state["survey"] == "106"
    assert app.session_state["at"] == PLACE
    assert any("nearest presence-absence survey" in element.value for element in (*app.caption, *app.warning))
    assert app.button("other_presence-only record")


def chips(app: AppTest) -> dict[str, str]:
    return {button.key.removeprefix("remove_"): button.label.replace("\\", "") for button in app.button
            if button.key and button.key.startswith("remove_")}  # fmt: skip


def test_every_filter_has_a_chip_that_tells_what_it_hides_and_removes_it(opened: Open, mixed: Path) -> None:
    app = opened(mixed, filter="countries=Bulgaria")
    shown = chips(app)
    assert set(shown) == {"countries=Bulgaria", "pictured=true"}
    assert "9 of 10 surveys" in shown["countries=Bulgaria"]
    assert "9 of 10 presence-only records" in shown["countries=Bulgaria"]
    assert "1 of 10 presence-only records" in shown["pictured=true"], "the default filter too"
    app.button("remove_countries=Bulgaria").click().run()
    assert set(chips(app)) == {"pictured=true"}
    app.button("remove_pictured=true").click().run()
    assert chips(app) == {}
    assert dict(parse_qsl("".join(app.query_params["filter"]))) == {"pictured": "false"}
    app.text_input("at").set_value("50.6, 6.5").run()
    assert app.session_state["survey"] == "103", "the survey without a picture is there"


def test_a_filter_that_hides_all_says_so(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], filter="countries=Bulgaria&years=2017|2017", at=PLACE)
    assert not app.exception
    assert "No survey passes the filters" in html(app)
    assert len(chips(app)) == 3


def test_buttons_act_on_the_dossier_they_stand_over(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="105", pinned="110")
    app.button("step_Next_pinned").click().run()
    assert (app.session_state["survey"], app.session_state["pinned"]) == ("105", "111")
    app.button("step_Next").click().run()
    assert (app.session_state["survey"], app.session_state["pinned"]) == ("106", "111")
    app.button("footprint_pinned").click().run()
    move = app.session_state["map_move"]
    assert (move.lon, move.zoom) == (5.0 + 11 * 0.5, location.FOOTPRINT_ZOOM)
    assert len([button for button in app.button if button.key == "unpin"]) == 1
    app.button("unpin").click().run()
    assert app.session_state["survey"] == "106"
    assert "pinned" not in app.query_params


def test_an_analogue_of_the_pinned_survey_is_pinned(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], survey="105", pinned="110", view="neighbours")
    button = next(button for button in app.button if button.key and button.key.endswith("_pinned")
                  and button.label == "Open")  # fmt: skip
    button.click().run()
    assert app.session_state["survey"] == "105"
    assert app.session_state["pinned"] not in ("105", "110")


def test_the_pinned_survey_reached_by_a_place_stands_once(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], at=PLACE, pinned="105")
    assert html(app).count("survey 105<") == 1
    assert app.button("unpin")


def test_the_default_filter_is_no_part_of_the_link(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], filter=SurveyFilter(pictured=True).to_query())
    app.button("remove_pictured=true").click().run()
    assert "".join(app.query_params["filter"]) == "pictured=false"
