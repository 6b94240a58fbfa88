"""The training logs a reader can look at: shipped runs, own runs and foreign logs below `runs/`, uploads."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.files import read_json
from sdm.runs.folder import CONFIG
from sdm.training_logs import find_logs, read_log
from sdm.training_logs.discovery import log_files
from sdm.training_logs.table import screen_name
from sdm.ui.components import runs
from sdm.ui.state import Key

SECONDS = 5  # after which new logs are noticed
MOST_RUNS, MOST_UPLOADS = 12, 20
EVERY = 2.0  # seconds between two looks at what is being trained
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Log:
    """One log; `configuration` is its `config.json`, empty when there is none that can be read."""

    name: str
    folder: Path
    configuration: Mapping[str, Any]

    @property
    def other_view(self) -> bool:
        """Whether it was asked another question than the data set's own, so that its scores are not comparable."""
        training = self.configuration.get("training")
        return isinstance(training, Mapping) and bool(training.get("view"))

    def of(self, data: Dataset) -> bool:
        """Whether it was trained on `data`."""
        source = self.configuration.get("data")
        return isinstance(source, Mapping) and source.get("fingerprint") == data.fingerprint


@st.cache_resource(show_spinner=False, ttl=SECONDS)
def catalogue() -> dict[str, Log]:
    """Name -> log, the newest first; of two with one name the reader's own says where it lies."""
    found: dict[str, Log] = {}
    for home in runs.HOMES:
        for name, folder in find_logs(home).items():
            unique = screen_name(name if name not in found else f"{name} ({home.name})")
            found[unique] = Log(unique, folder, _configuration(folder))
    return dict(sorted(found.items(), key=lambda item: _age(item[1].folder)))


def curves(log: Log) -> pd.DataFrame:
    """The log as a curve table, read again when its files have changed; SdmError when it is damaged."""
    return _curves(log.name, log.folder, _stamp(log.folder))


def take_up(name: str, content: bytes) -> str:
    """Keep an uploaded log for this visit and give the name it goes by; SdmError when it is none."""
    label = screen_name(f"{name} (uploaded)")
    kept = dict(uploads())
    if label not in kept and len(kept) >= MOST_UPLOADS:
        raise SdmError(
            "too many uploads", expected=f"at most {MOST_UPLOADS}", remedy="Reload the page to begin anew."
        )
    st.session_state[Key.UPLOADS] = kept | {label: _uploaded(label, hashlib.sha256(content).hexdigest(), content)}
    return label


def uploads() -> dict[str, pd.DataFrame]:
    """Name -> curve table of what this visitor has uploaded."""
    return st.session_state.get(Key.UPLOADS, {})


@st.cache_resource(show_spinner=False, max_entries=64)
def _curves(name: str, folder: Path, stamp: Stamp) -> pd.DataFrame:  # noqa: ARG001
    return read_log(folder, name)


@st.cache_resource(show_spinner="Reading the log …", max_entries=MOST_UPLOADS)
def _uploaded(label: str, digest: str, _content: bytes) -> pd.DataFrame:  # noqa: ARG001
    with tempfile.NamedTemporaryFile(prefix="log-") as file:
        file.write(_content)
        file.flush()
        return read_log(Path(file.name), label)


def _configuration(folder: Path) -> Mapping[str, Any]:
    try:
        return read_json(folder / CONFIG)
    except SdmError:
        return {}


def _stamp(folder: Path) -> Stamp:
    stats = [(path.name, path.stat()) for path in log_files(folder)]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _age(folder: Path) -> int:
    return -max((modified for _, modified, _ in _stamp(folder)), default=0)
