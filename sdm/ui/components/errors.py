"""The last resort: what a reader sees when something fails that nobody foresaw."""

from __future__ import annotations

import logging

import streamlit as st

from sdm.errors import SdmError
from sdm.ui.components.page_state import problem

log = logging.getLogger(__name__)


def last_resort(error: Exception) -> bool:
    """Say it kindly and keep the details for the log."""
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
