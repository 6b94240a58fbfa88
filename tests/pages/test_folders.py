"""A folder of the machine is opened from a list; a path is typed only by who sits there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config

from sdm.data import folders
from sdm.ui import visitor
from sdm.ui.state import Key
from tests.pages.screen import Open, everything


@pytest.fixture
def roots(stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(folders.ROOTS, str(stores["multiclass"].parent))
    return stores["multiclass"].parent


def test_a_folder_of_the_list_is_opened_and_closed(opened: Open, stores: dict[str, Path], roots: Path) -> None:
    app = opened(stores["multilabel"], page="your_data")
    assert not [box for box in app.text_input if box.key == Key.FOLDER_PATH]
    app.selectbox(key=Key.FOLDER).set_value(f"{roots.name}/multiclass").run()
    app.button(key="open_listed").click().run()
    assert not app.exception and not app.error
    assert app.session_state[Key.DATA] == "multiclass"
    app.button(key="close_multiclass").click().run()
    assert not app.exception and app.session_state[Key.DATA] == "multilabel"


def test_a_path_is_typed_by_who_sits_there(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "is_here", lambda: True)
    app = opened(stores["multilabel"], page="your_data")
    app.text_input(key=Key.FOLDER_PATH).set_value("/nowhere/<b>at</b>/all")
    app.button(key="open_typed").click().run()
    assert "This folder was not opened" in [error.value for error in app.error]
    assert "<b>at</b>" not in " ".join(everything(app))
    app.text_input(key=Key.FOLDER_PATH).set_value(str(stores["multiclass"]))
    app.button(key="open_typed").click().run()
    assert not app.exception and app.session_state[Key.DATA] == "multiclass"
    app.button(key="open_typed").click().run()
    assert any("multiclass is the data set that is open already" in said.value for said in app.info)
    app.text_input(key=Key.FOLDER_PATH).set_value(str(stores["regression"]))
    app.button(key="open_typed").click().run()  # both at once, as a form sends them
    assert app.session_state[Key.DATA] == "regression"
    app.text_input(key=Key.FOLDER_PATH).set_value(str(stores["multiclass"]))
    app.button(key="open_typed").click().run()
    monkeypatch.setattr(visitor, "is_here", lambda: False)
    app.text_input(key=Key.FOLDER_PATH).set_value(str(stores["regression"]))
    app.button(key="open_typed").click().run()  # of a page drawn before
    assert app.session_state[Key.DATA] == "multiclass"


HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        ("127.0.0.1", HERE, True),
        ("localhost", {"Host": "localhost:8501"}, True),
        ("", HERE, False),
        ("0.0.0.0", HERE, False),
        ("127.0.0.1", {"Host": "maps.example"}, False),
        ("127.0.0.1", HERE | {"Origin": "https://maps.example"}, False),
        ("127.0.0.1", HERE | {"X-Forwarded-For": "10.0.0.7"}, False),
        ("127.0.0.1", {}, False),
    ],
)
def test_who_sits_there(
    address: str, headers: dict[str, str], here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config.get_option
    monkeypatch.setattr(
        visitor.config, "get_option", lambda name: address if name == "server.address" else asked(name)
    )
    monkeypatch.setattr(visitor, "_headers", lambda: headers)
    assert visitor.is_here() is here
