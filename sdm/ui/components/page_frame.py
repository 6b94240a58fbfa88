"""What a page checks before anything else, and what it says when there is nothing to show."""

from __future__ import annotations

import logging

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.modalities.raster_bands import family_of
from sdm.ui.cache import datasets
from sdm.ui.components.markup import text
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import Key

log = logging.getLogger(__name__)
BANNER = '<p class="banner" role="note"><b>Simulated {}.</b> {} for learning, no source for ecology.</p>'
VIRTUAL_EUROPE = "A virtual Europe with real plant names: made"
OF_VIRTUAL_EUROPE = "The environment of these records is that of a virtual Europe:"
VIRTUAL_SITES = "Sites, rasters and maps were made by a program,"


def require_dataset(title: str) -> Dataset:
    """The head of a page and the chosen data set; without one the page ends here with what to do."""
    key = st.session_state.get(Key.DATA)
    if key is None:
        no_data()
        st.stop()
    st.title(title, anchor=False)
    try:
        data = datasets.dataset(key)
    except SdmError as error:
        problem("This data set cannot be opened", error)
        st.stop()
    if data.simulated:
        of_rasters = any(map(family_of, data.modalities))
        st.html(BANNER.format("data", VIRTUAL_SITES if of_rasters else VIRTUAL_EUROPE))
    elif datasets.simulated_environment(data):
        st.html(BANNER.format("predictors", OF_VIRTUAL_EUROPE))
    return data


def no_data() -> None:
    """The empty state of the whole app."""
    st.title("No data set yet")
    st.markdown("Make the virtual Europe, a simulated data set with everything in it (a few minutes):")
    st.code("python -m sdm demo", language="bash")
    st.markdown("or open a GeoLifeCLEF tree of your own:")
    st.code("SDM_DATA=/path/to/GeoLifeCLEF2025 make app", language="bash", wrap_lines=True)
    st.caption("Then reload this page. Or, here in the app:")
    st.page_link(
        "pages/your_data.py", label="Simulated sites in a minute, or a data set of your own files",
        icon=":material/upload_file:",
    )  # fmt: skip


def problem(title: str, error: SdmError) -> None:
    """A known error in plain words: what, what was expected and found, and the remedy."""
    st.error(title, icon=":material/error:")
    lines = [
        ("What", error.what),
        ("Expected", error.expected),
        ("Found", error.got),
        ("What to do", error.remedy),
    ]
    said = [(name, text(relative_paths(value))) for name, value in lines if value]
    st.html("".join(f"<p class='lead'><b>{name}:</b> {value}</p>" for name, value in said))


def empty(title: str, explanation: str) -> None:
    """An empty state in place of a panel."""
    head, words = (text(relative_paths(part)) for part in (title, explanation))
    st.html(f"<div class='empty'><b>{head}</b><span>{words}</span></div>")


def last_resort(error: Exception) -> bool:
    """Show an error that no page has caught; the details of an unforeseen one go to the log."""
    if isinstance(error, SdmError):
        problem("That did not work", error)
        return True
    log.error("unforeseen error on a page", exc_info=error)
    st.error(
        "Something went wrong that nobody foresaw. The rest of the app still works; the details are in the "
        "terminal that started it.",
        icon=":material/error:",
    )
    return True
