"""Two visitors of one app: what one makes, and trains, the other neither sees nor opens nor deletes."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import catalogue, uploads
from sdm.data.open import open_dataset
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components.linked import box_key
from sdm.ui.state import Key
from tests.pages.screen import APP, Open, everything, sent_series

BOX = box_key(Key.DATA)


@pytest.fixture
def made(opened: Open, exports: list[Path], stores: dict[str, Path]) -> tuple[AppTest, str, Path]:
    """The app of somebody who has made a data set, its key and its folder; a run was trained on it."""
    app = sent_series(opened(stores["multilabel"], page="your_data", upload_kind="series"), exports)
    app.text_input(key="data_name").set_value("Secret <b>larches</b>").run()
    app.button(key="import_begin").click().run()
    assert app.session_state["import"].wait(20) == "done"
    (place,) = catalogue.uploads()
    data = open_dataset(place)
    train(data, place / catalogue.RUNS / "secret-run", TrainingOptions("class-frequency"), Runtime("cpu"))
    return app.run(), place.name, place


def other(page: str = "your_data", **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def options(app: AppTest) -> list[str]:
    return list(app.selectbox(key=BOX).options)


def test_only_its_maker_sees_it(made: tuple[AppTest, str, Path]) -> None:
    app, key, _ = made
    assert f"{key} · only you" in options(app)
    assert app.button(key=f"delete_{key}")
    for page in ("your_data", "explore", "scores", "training", "about", "predict"):
        stranger = other(page, data=key, run="secret-run")
        assert not stranger.exception
        assert stranger.session_state[Key.DATA] != key  # as for any unknown name in a link
        assert "larches" not in " ".join(everything(stranger)) + " ".join(options(stranger))
        assert "secret-run" not in " ".join(everything(stranger))


def test_its_runs_are_its_makers(made: tuple[AppTest, str, Path]) -> None:
    app, key, _ = made
    app.session_state[Key.DATA] = key
    scores = app.switch_page("pages/scores.py").run()
    assert not scores.exception
    assert "secret-run" in " ".join(everything(scores))


def test_kept_it_is_everybodys_and_still_its_makers_to_delete(made: tuple[AppTest, str, Path]) -> None:
    app, key, place = made
    app.button(key=f"keep_{key}").click().run()
    assert key in options(app)
    stranger = other(data=key)
    assert stranger.session_state[Key.DATA] == key
    assert not [button for button in stranger.button if key in str(button.key)]
    assert "secret-run" in " ".join(everything(other("scores", data=key)))
    app.button(key=f"delete_{key}").click().run()
    assert not app.exception and not place.exists()
    assert other(data=key).session_state[Key.DATA] != key


def test_what_was_made_in_another_session_is_not_deleted_by_its_name(
    made: tuple[AppTest, str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the page of a stranger still shows the button."""
    app, key, place = made
    monkeypatch.setattr(uploads, "is_own", lambda _path, _visit: False)
    app.button(key=f"delete_{key}").click().run()
    assert place.exists() and not app.exception
    assert any("not a data set that you made" in info.value for info in app.info)


def test_a_limit_is_told_before_anything_is_stored(
    opened: Open, exports: list[Path], monkeypatch: pytest.MonkeyPatch, stores: dict[str, Path]
) -> None:  # fmt: skip
    monkeypatch.setenv("SDM_VISIT_MEGABYTES", "0")
    app = sent_series(opened(stores["multilabel"], page="your_data", upload_kind="series"), exports)
    assert not app.exception
    assert "These files cannot be used" in [error.value for error in app.error]
    assert not list(catalogue.HOME.rglob("*.csv"))
