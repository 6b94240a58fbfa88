"""Your data, species records: a table becomes a data set and a model; what is doubtful can be left out or kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import catalogue
from sdm.data.open import open_dataset
from sdm.occurrences.reading.positions import DEGREES, transformed
from sdm.occurrences.report import read_report
from sdm.runs import RunConfig, TrainingOptions
from sdm.training import Runtime, jobs, train
from sdm.ui.state import Key
from sdm.ui.your_data.records.page import NAME
from tests.datasets import multilabel
from tests.hostile import HOSTILE, MARKUP
from tests.pages.screen import Open, everything, html

SENT = [f"Poa annua{MARKUP}", *HOSTILE[1:3]]
SPECIES = ["Poa annua", *HOSTILE[1:3]]


def table(count: int = 60, **columns: object) -> pd.DataFrame:
    """Records within a few kilometres of the surveys of the fixture."""
    random, sites = np.random.default_rng(0), multilabel().sites
    near = random.integers(0, len(sites), count)
    where = {
        name: (sites[column].to_numpy()[near] + random.uniform(-0.01, 0.01, count)).round(6)
        for name, column in (("longitude", "lon"), ("latitude", "lat"))
    }
    return pd.DataFrame({"Art": [SENT[i % 3] for i in range(count)], **where, **columns})


def sent(app: AppTest, records: pd.DataFrame | bytes, name: str = "../<b>my</b>.csv") -> AppTest:
    content = records if isinstance(records, bytes) else records.to_csv(index=False).encode()
    app.file_uploader(key="records_file").upload(name, content, "text/csv")
    app.run()
    assert not app.exception
    return app


def made(app: AppTest) -> Path:
    """The data set, once it is made."""
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(30) == "done", app.session_state["import"].error
    app.run()
    assert not app.exception
    return next(place for place in catalogue.uploads() if place.name == app.session_state["import"].name)


def keys(elements: object) -> list[str]:
    return [str(element.key) for element in elements]  # type: ignore[attr-defined]


def test_a_column_that_is_not_known_is_asked_for(opened: Open, stores: dict[str, Path]) -> None:
    app = sent(opened(stores["multilabel"], page="your_data"), table().rename(columns={"Art": "what"}))
    assert "species" in app.error[0].value and "import_begin" not in keys(app.button)
    app.selectbox(key=f"{Key.ROLE}_species").set_value("what").run()
    assert not app.error and "import_begin" in keys(app.button)
    assert "60" in html(app)


@pytest.fixture
def ready(opened: Open, stores: dict[str, Path]) -> AppTest:
    """Records with the environment of the surveys that are open."""
    return sent(opened(stores["multilabel"], page="your_data"), table().rename(columns={"Art": "species"}))


def test_records_become_a_data_set_with_the_open_environment(ready: AppTest) -> None:
    data = open_dataset(made(ready))
    assert data.modalities == ("environment",)
    assert sorted(data.targets.classes["name"]) == sorted(SPECIES)
    assert set(data.sites["source"]) == {"records", "background"}
    assert "<script>" not in " ".join(everything(ready)).replace("alert", "")


def test_names_are_shown_as_they_are(ready: AppTest) -> None:
    assert "<img" not in html(ready) and "<script" not in html(ready)
    counts = next(frame.value for frame in ready.dataframe if "records" in frame.value)
    assert set(counts["species"]) == set(SPECIES)


def test_filters_can_be_taken_back(opened: Open, stores: dict[str, Path]) -> None:
    records = table().rename(columns={"Art": "species"})
    doubled = pd.concat([records, records.iloc[:10], records.iloc[:1].assign(longitude=0.0)], ignore_index=True)
    app = sent(opened(stores["multilabel"], page="your_data"), doubled)
    assert app.checkbox(key=f"{Key.TAKES}_duplicates").label.endswith("· 10")
    assert app.checkbox(key=f"{Key.TAKES}_zeros").label.endswith("· 1")
    app.checkbox(key=f"{Key.TAKES}_sea").uncheck().run()
    assert any("60 of 71 are kept" in text.value for text in app.markdown)
    app.checkbox(key=f"{Key.TAKES}_duplicates").uncheck().run()
    assert any("70 of 71 are kept" in text.value for text in app.markdown)
    report = read_report(made(app))
    assert report is not None and "duplicates" not in report.filters and "zeros" in report.filters


def test_spellings_are_merged_only_when_told_and_that_can_be_taken_back(
    opened: Open, stores: dict[str, Path]
) -> None:
    records = table().rename(columns={"Art": "species"})
    records["species"] = ["Poa annua", "POA ANNUA", "Poa annua L.", "Poa annua subsp. varia"] * 15
    app = sent(opened(stores["multilabel"], page="your_data"), records)
    assert app.checkbox(key=Key.MERGE_NAMES).label.endswith("· 2") and not app.checkbox(key=Key.MERGE_NAMES).value
    told = next(frame.value for frame in app.dataframe if "becomes" in frame.value)
    assert set(told["becomes"]) == {"Poa annua"} and set(told["name"]) == {"POA ANNUA", "Poa annua L."}
    app.checkbox(key=Key.MERGE_NAMES).check().run()
    place = made(app)
    assert list(open_dataset(place).targets.classes["name"]) == ["Poa annua", "Poa annua subsp. varia"]
    report = read_report(place)
    assert report is not None and [one.records for one in report.merged] == [15, 15]
    app.checkbox(key=Key.MERGE_NAMES).uncheck().run()
    assert len(next(frame.value for frame in app.dataframe if "species" in frame.value)) == 4


def test_swapped_coordinates_are_suggested_and_swapped_only_when_told(
    opened: Open, stores: dict[str, Path]
) -> None:
    records = table().rename(columns={"Art": "species", "longitude": "latitude", "latitude": "longitude"})
    app = sent(opened(stores["multilabel"], page="your_data"), records)
    assert any("swapped" in warning.value for warning in app.warning)
    app.toggle(key=Key.SWAP_XY).set_value(True).run()
    data = open_dataset(made(app))
    assert data.sites["lat"].min() > 49


def test_columns_of_the_table_come_first(opened: Open, stores: dict[str, Path]) -> None:
    random = np.random.default_rng(1)
    records = table(wet=random.random(60), warm=random.random(60)).rename(columns={"Art": "species"})
    app = sent(opened(stores["multilabel"], page="your_data"), records)
    assert app.selectbox(key=Key.ENVIRONMENT_FROM).value == "columns"
    data = open_dataset(made(app))
    assert data.modalities[0].startswith("predictors-")
    app.selectbox(key=Key.ENVIRONMENT_FROM).set_value("open").run()
    assert open_dataset(made(app)).modalities == ("environment",)


def test_without_any_environment_nothing_can_learn(opened: Open) -> None:
    app = sent(opened(page="your_data"), table().rename(columns={"Art": "species"}))
    assert any("no model can learn" in warning.value for warning in app.warning)


def test_the_data_set_just_made_does_not_become_the_environment_of_the_next(ready: AppTest) -> None:
    place = made(ready)
    ready.button(key="open_made").click().run()
    assert ready.session_state[Key.DATA] == place.name
    assert ready.session_state[Key.ENVIRONMENT_DATA] == "multilabel"
    assert ready.selectbox(key=Key.ENVIRONMENT_FROM).options[0].startswith("multilabel")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", b"PK\x03\x04broken", b"SQLite format 3\0broken", b"a\n"])
def test_what_is_no_table_is_named(opened: Open, stores: dict[str, Path], content: bytes) -> None:
    app = sent(opened(stores["multilabel"], page="your_data"), content)
    assert app.error and "import_begin" not in keys(app.button)


def test_a_model_is_trained_at_a_button(ready: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, RunConfig]] = []
    monkeypatch.setattr(jobs, "start", lambda folder, config, _: asked.append((folder, config)))
    place = made(ready)
    assert ready.selectbox(key=Key.TRAIN_FIRST).value == "presence-blend"
    ready.button(key="train_begin").click().run()
    assert not ready.exception
    ((folder, config),) = asked
    assert folder == place / catalogue.RUNS / "presence-blend"
    assert ready.session_state[Key.DATA] == place.name
    small = TrainingOptions("class-frequency", scheme=config.training.scheme)
    train(open_dataset(place), folder, small, Runtime("cpu"))
    (folder / jobs.OUTPUT).write_text("")
    ready.run()
    links = [element.proto.page for element in ready.get("page_link")]
    assert "species" in links


def by_hand(app: AppTest, roles: dict[str, str]) -> AppTest:
    for role, column in roles.items():
        app.selectbox(key=f"{Key.ROLE}_{role}").set_value(column).run()
    assert not app.exception
    return app


def test_columns_chosen_by_hand_are_taken_for_degrees_and_it_is_said(
    opened: Open, stores: dict[str, Path]
) -> None:
    strange = table().rename(columns={"Art": "what", "longitude": "ost", "latitude": "nord"})
    app = by_hand(sent(opened(stores["multilabel"], page="your_data"), strange, "funde 2024.csv"),
                  {"species": "what", "x": "ost", "y": "nord"})  # fmt: skip
    assert "EPSG:4326 (taken for degrees)" in html(app)
    assert app.text_input(key=Key.POSITIONS_CRS).value == ""
    assert made(app).name.startswith("funde-2024-")


def test_the_system_that_was_typed_stays_and_is_used(opened: Open, stores: dict[str, Path]) -> None:
    strange = table().rename(columns={"Art": "what", "longitude": "ost", "latitude": "nord"})
    x, y = transformed(strange["ost"].to_numpy(), strange["nord"].to_numpy(), DEGREES, "EPSG:3035")
    app = by_hand(sent(opened(stores["multilabel"], page="your_data"), strange.assign(ost=x, nord=y)),
                  {"species": "what", "x": "ost", "y": "nord"})  # fmt: skip
    assert any("not known" in warning.value for warning in app.warning)
    app.text_input(key=Key.POSITIONS_CRS).set_value("EPSG:0").run()
    assert "That is no reference system" in [error.value for error in app.error]
    assert app.selectbox(key=f"{Key.ROLE}_x").value == "ost"
    app.text_input(key=Key.POSITIONS_CRS).set_value("EPSG:3035").run()
    for source in ("gbif", "file"):
        app.segmented_control(key=Key.RECORDS_FROM).set_value(source).run()
    app = by_hand(sent(app, strange.assign(ost=x, nord=y)), {})
    app.checkbox(key=f"{Key.TAKES}_sea").uncheck().run()
    assert app.text_input(key=Key.POSITIONS_CRS).value == "EPSG:3035" and "EPSG:3035" in html(app)
    sites = open_dataset(made(app)).sites
    assert sites["lat"].between(35, 72).all()


def test_columns_of_another_file_are_forgotten(opened: Open, stores: dict[str, Path]) -> None:
    app = sent(opened(stores["multilabel"], page="your_data"), table().rename(columns={"Art": "what"}))
    by_hand(app, {"species": "what"})
    sent(app, table().rename(columns={"Art": "species"}), "other.csv")
    assert not app.error and "import_begin" in keys(app.button)
    assert app.text_input(key=NAME).value == "other"


def test_running_numbers_do_not_keep_the_open_environment_away(opened: Open, stores: dict[str, Path]) -> None:
    numbered = table(Nr=np.arange(60), Unsicher=3).rename(columns={"Art": "species", "Unsicher": "accuracy (m)"})
    app = sent(opened(stores["multilabel"], page="your_data"), numbered)
    assert app.selectbox(key=Key.ENVIRONMENT_FROM).value == "open"
    assert "Nr" in html(app)
