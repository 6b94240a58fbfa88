"""What lies below the first screen waits for a browser alone, and comes once that has said that it stands."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sdm.ui.components import first_screen
from sdm.ui.state import Key


def _page() -> None:
    import streamlit as st

    from sdm.ui.components.first_screen import below

    st.write("above")
    below(lambda: st.write("below"))


def _beginning() -> None:
    import streamlit as st

    from sdm.ui.components.first_screen import begin_page, below

    begin_page()
    st.write("above")
    below(lambda: st.write("below"))


def _texts(app: AppTest) -> list[str]:
    assert not app.exception
    return [one.value for one in app.markdown]


def test_without_a_browser_all_comes_in_one_run() -> None:
    assert _texts(AppTest.from_function(_page).run()) == ["above", "below"]


def test_a_browser_gets_the_rest_once_the_first_screen_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_screen, "_in_browser", lambda: True)
    app = AppTest.from_function(_page)
    assert _texts(app.run()) == ["above"]
    app.session_state[Key.STANDS] = "another page"
    assert _texts(app.run()) == ["above"]
    monkeypatch.setattr(first_screen, "_page", lambda: "another page")
    assert _texts(app.run()) == ["above", "below"]


def test_a_page_that_was_left_is_drawn_in_two_parts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_screen, "_in_browser", lambda: True)
    app = AppTest.from_function(_beginning)
    app.session_state[Key.STANDS] = "left"
    assert _texts(app.run()) == ["above"]
    monkeypatch.setattr(first_screen, "_page", lambda: "left")
    assert _texts(app.run()) == ["above"]
    app.session_state[Key.STANDS] = "left"
    assert _texts(app.run()) == ["above", "below"]
