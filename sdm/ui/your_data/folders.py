"""Folders of the machine that runs the app, opened as data sets without a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from sdm.data import folders
from sdm.data.catalogue import known_datasets
from sdm.data.uploads import visit_folder
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.ui import visitor
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key


def show() -> None:
    """The list of folders, a box for a path where the visitor sits at the machine, and those that are open."""
    listed, here = folders.openable(), visitor.is_here()
    if not listed and not here:
        return
    st.markdown("#### Open a folder")
    st.caption("GeoLifeCLEF trees and packed stores on the machine that runs this app; nothing is copied.")
    failed = st.session_state.pop(Key.FOLDER_PROBLEM, None)
    if failed is not None:
        problem("This folder was not opened", failed)
    if (said := st.session_state.pop(Key.FOLDER_SAID, None)) is not None:
        st.info(literal(said), icon=":material/folder_open:")
    if listed:
        with _form("listed", _listed):
            st.selectbox("Folder", list(listed), key=Key.FOLDER)
    if here:
        with _form("typed", _typed):
            st.text_input(
                "Path of a folder", key=Key.FOLDER_PATH, max_chars=1000,
                help="Here because you sit at this machine and it serves nobody else.",
            )  # fmt: skip
    _opened()


@contextmanager
def _form(name: str, find: Callable[[], tuple[Path, bool]]) -> Iterator[None]:
    """A box and its button, sent together: what is opened is what the box holds at the click, or at Enter."""
    with (
        st.form(f"folder_{name}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        yield
        st.form_submit_button(
            "Open", on_click=_open, args=(find,), key=f"open_{name}", icon=":material/folder_open:"
        )


def _listed() -> tuple[Path, bool]:
    """The folder chosen in the list, which is looked up again."""
    return folders.choose(st.session_state[Key.FOLDER], folders.openable()), False


def _typed() -> tuple[Path, bool]:
    """The folder at the path in the box, asked for again in the run that opens it whether it may be."""
    if not visitor.is_here():
        raise SdmError("a path is opened for who sits at the machine alone")
    return folders.typed(st.session_state[Key.FOLDER_PATH]), True


def _open(find: Callable[[], tuple[Path, bool]]) -> None:
    """Open what `find` finds, and show it."""
    visit = visitor.current()
    try:
        place, free = find()
        if place not in known_datasets(visit).values():
            folders.remember(visit_folder(visit), place, free=free)
    except SdmError as error:
        st.session_state[Key.FOLDER_PROBLEM] = error
        return
    key = next(key for key, path in known_datasets(visit).items() if path == place)
    if st.session_state.get(Key.DATA) == key:
        st.session_state[Key.FOLDER_SAID] = f"{key} is the data set that is open already."
    st.session_state[Key.DATA] = key


def _opened() -> None:
    """The folders that this visitor has opened, each with a way to close it."""
    visit = visitor.current()
    open_ones = set(folders.opened(visit_folder(visit)))
    for key, path in known_datasets(visit).items():
        if path in open_ones:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link(
                    "pages/about.py", label=literal(key), query_params={"data": key}, icon=":material/folder:"
                )
                st.button("Close", on_click=_close, args=(path,), key=f"close_{key}", icon=":material/close:")


def _close(path: Path) -> None:
    folders.forget(visit_folder(visitor.current()), path)
