"""The training logs a reader can look at: shipped runs, own runs and foreign logs below `runs/`, uploads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.errors import SdmError
from sdm.training_logs.catalogue import Log
from sdm.training_logs.table import screen_name
from sdm.ui.cache import logs, uploads
from sdm.ui.components import runs
from sdm.ui.state import Key

MOST_RUNS = 12
EVERY = 2.0  # seconds between two looks at what is being trained


def catalogue() -> dict[str, Log]:
    """Name -> log, the newest first; of two with one name the reader's own says where it lies."""
    return logs.catalogue(runs.HOMES)


def forget() -> None:
    """Look for logs again."""
    logs.catalogue.clear()


def take_up(name: str, content: bytes) -> str:
    """Keep an uploaded log for this visit and return the name it goes by; SdmError when it is none."""
    label = screen_name(f"{name} (uploaded)")
    known = uploaded()
    if label not in known and len(known) >= uploads.MOST_LOGS:
        raise SdmError(
            "too many uploads", expected=f"at most {uploads.MOST_LOGS}", remedy="Reload the page to begin anew."
        )
    st.session_state[Key.UPLOADED_LOGS] = known | {label: uploads.log_curves(label, content)}
    return label


def uploaded() -> dict[str, pd.DataFrame]:
    """Name -> curve table of what this visitor has uploaded."""
    return st.session_state.get(Key.UPLOADED_LOGS, {})
