"""Your data, GBIF: counted, downloaded, cited, and read as any other table; without a connection it says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import catalogue
from sdm.data.open import open_dataset
from sdm.data.uploads import INCOMING
from sdm.ui.state import Key
from sdm.ui.your_data.records import gbif as panel
from sdm.ui.your_data.records.page import CITATIONS
from tests.datasets import multilabel
from tests.gbif.server import Gbif, Record, serving
from tests.pages.screen import Open, html

RECORDS = 60


def records() -> list[Record]:
    """Near the surveys of the fixture; a third of them not for commercial use, one name of markup."""
    sites, made = multilabel().sites, []
    for number in range(RECORDS):
        site = sites.iloc[number % len(sites)]
        made.append({
            "gbifID": str(number), "datasetKey": ("one", "two", "three-nc")[number % 3],
            "scientificName": "x", "species": ("Arnica montana", "<b>Arnica</b>")[number % 2],
            "decimalLatitude": float(site["lat"]) + 1e-4 * number, "decimalLongitude": float(site["lon"]),
            "coordinateUncertaintyInMeters": 10.0, "year": 2000 + number % 20, "issues": [],
        })  # fmt: skip
    return made


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gbif]:
    monkeypatch.setattr(panel, "PAUSE", 0.0)
    monkeypatch.setattr(panel, "BACKOFF", 0.0)
    with serving(Gbif(records())) as gbif:
        monkeypatch.setenv("SDM_GBIF", gbif.address)
        yield gbif


@pytest.fixture
def app(opened: Open, stores: dict[str, Path]) -> AppTest:
    app = opened(stores["multilabel"], page="your_data")
    app.segmented_control(key=Key.RECORDS_FROM).set_value("gbif").run()
    return app


def ask(app: AppTest, names: str = "Arnica montana\n") -> AppTest:
    app.text_area(key=Key.GBIF_NAMES).set_value(names).run()
    return press(app, "gbif_count")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    app.session_state[Key.GBIF].job.wait(20)
    app.run()
    assert not app.exception
    return app


def test_records_are_counted_downloaded_cited_and_made_a_data_set(app: AppTest, server: Gbif) -> None:
    assert app.button(key="gbif_count").disabled
    ask(app)
    assert "Arnica montana L." in html(app)
    assert f"{RECORDS} records" in app.button(key="gbif_download").label
    assert not any("offset" in question for question in server.asked)  # nothing but counts until now
    press(app, "gbif_download")
    assert "Data set three-nc" in html(app) and "CC BY-NC 4.0" in html(app) and "<b>Arnica" not in html(app)
    assert any("20 records may not be used commercially" in warning.value for warning in app.warning)
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(30) == "done"
    (place,) = catalogue.uploads()
    assert set(open_dataset(place).targets.classes["name"]) == {"Arnica montana", "Arnica"}
    assert set(pd.read_csv(place / CITATIONS)["datasetKey"]) == {"one", "two", "three-nc"}


def test_years_and_a_box_are_asked_for(app: AppTest, server: Gbif) -> None:
    app.slider(key=Key.GBIF_YEARS).set_value((2005, 2006))
    app.text_input(key=Key.GBIF_BOX).set_value("0, 40, 30; 60")
    app.text_input(key=Key.GBIF_COUNTRY).set_value("ch")
    ask(app)
    assert "year=2005%2C2006" in server.asked[-1] and "country=CH" in server.asked[-1]
    assert "decimalLatitude=40.0%2C60.0" in server.asked[-1]


@pytest.mark.parametrize(
    ("key", "text"), [(Key.GBIF_BOX, "here"), (Key.GBIF_BOX, "9,9,1,1"), (Key.GBIF_COUNTRY, "4")]
)
def test_what_is_no_question_is_said(app: AppTest, server: Gbif, key: Key, text: str) -> None:  # noqa: ARG001
    app.text_input(key=key).set_value(text)
    app.text_area(key=Key.GBIF_NAMES).set_value("Arnica montana").run()
    if not app.button(key="gbif_count").disabled:
        press(app, "gbif_count")
    assert app.error


def test_a_name_that_is_none_is_said(app: AppTest, server: Gbif) -> None:  # noqa: ARG001
    ask(app, "Nemo nemo")
    assert "The records are not here" in [error.value for error in app.error]
    assert "Nemo nemo" in html(app)


def test_without_a_connection_it_says_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "BACKOFF", 0.0)
    monkeypatch.setenv("SDM_GBIF", "http://127.0.0.1:9")
    ask(app)
    assert "GBIF cannot be reached" in html(app) and "try again" in html(app)
    assert "Connection" not in html(app) and "refused" not in html(app)
    press(app, "gbif_count")
    assert "import_begin" not in [button.key for button in app.button]


def test_a_download_is_stopped(app: AppTest, server: Gbif) -> None:
    ask(app)
    server.failures.extend(["slow"])
    app.button(key="gbif_download").click().run()
    work = app.session_state[Key.GBIF].job
    app.button(key="gbif_stop").click()
    threading.Timer(0.2, server.release.set).start()
    app.run()
    assert work.wait(20) == "cancelled"
    app.run()
    assert not app.exception
    assert not list(catalogue.HOME.rglob(f"{INCOMING}*"))
