"""The training logs a reader can look at: shipped runs, own runs and foreign logs below `runs/`, uploads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.errors import SdmError
from sdm.files import temporary_file
from sdm.training_logs.catalogue import Log, catalogue_logs
from sdm.training_logs.read import read_log
from sdm.training_logs.table import screen_name
from sdm.ui.cache.memo import memo
from sdm.ui.components import runs
from sdm.ui.state import Key

MOST_RUNS = 12
MOST_UPLOADS = 20
EVERY = 2.0  # seconds between two looks at what is being trained
NOTICED = 5  # seconds after which new logs are seen
_catalogue = memo(16, seconds=NOTICED)(catalogue_logs)


def catalogue() -> dict[str, Log]:
    """Name -> log, the newest first; of two with one name the reader's own says where it lies."""
    return _catalogue(runs.homes())


def forget() -> None:
    """Look for logs again."""
    _catalogue.clear()


@memo(64)
def curves(log: Log) -> pd.DataFrame:
    """The log as a table of curves, read again when its files have changed; SdmError when it is damaged."""
    return read_log(log.folder, log.name)


@memo(MOST_UPLOADS, "Reading the log …")
def _uploaded_curves(name: str, content: bytes) -> pd.DataFrame:
    with temporary_file(content) as path:
        return read_log(path, name)


def add_upload(name: str, content: bytes) -> str:
    """Keep an uploaded log for this visit and return the name it goes by; SdmError when it is none."""
    label = screen_name(f"{name} (uploaded)")
    known = uploaded()
    if label not in known and len(known) >= MOST_UPLOADS:
        raise SdmError(
            "too many uploads", expected=f"at most {MOST_UPLOADS}", remedy="Reload the page to begin anew."
        )
    st.session_state[Key.UPLOADED_LOGS] = known | {label: _uploaded_curves(label, content)}
    return label


def uploaded() -> dict[str, pd.DataFrame]:
    """Name -> curve table of what this visitor has uploaded."""
    return st.session_state.get(Key.UPLOADED_LOGS, {})
