"""Reading of a training log of any kind as a table."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sdm.errors import DataError, NotDownloadedError
from sdm.files import read_json
from sdm.runs.folder import CARD
from sdm.training_logs.csv_log import read_csv_log
from sdm.training_logs.table import empty_table, join, screen_name
from sdm.training_logs.tensorboard import read_events, starts_as_record

HISTORY, BATCHES, LIGHTNING, EVENTS = "history.csv", "batches.csv", "metrics.csv", "*tfevents*"
# A run of ours logs the loss of every batch; in one table with the epochs its columns need names of their own.
BATCH_NAMES = {"loss": "batch_loss", "lr": "batch_lr"}


def read_log(path: Path, run: str | None = None) -> pd.DataFrame:
    """The training log at `path` as a curve table (`sdm.training_logs.table`); `run` is by default the path's
    name.

    A folder holds `history.csv` and `batches.csv` (a run of ours), `metrics.csv` (Lightning) or TensorBoard's
    event files; a file is an event file or a CSV. DataError, or NotDownloadedError for what is not there.
    """
    name = screen_name(run if run is not None else path.name) or "run"
    if path.is_dir():
        return _read_folder(path, name)
    if "tfevents" in path.name or starts_as_record(path):
        return read_events([path], name)
    return read_csv_log(path, name)


def read_logs(paths: Mapping[str, Path]) -> pd.DataFrame:
    """The logs of several runs in one table, by the names that `paths` gives them."""
    return join([read_log(path, run) for run, path in paths.items()])


def _read_folder(folder: Path, run: str) -> pd.DataFrame:
    if (folder / HISTORY).exists() or (folder / BATCHES).exists():
        return _read_own(folder, run)
    if (folder / LIGHTNING).exists():
        return read_csv_log(folder / LIGHTNING, run)
    events = sorted(path for path in folder.glob(EVENTS) if path.is_file())
    if events:
        return read_events(events, run)
    expected = f"{HISTORY}, {LIGHTNING} or {EVENTS}"
    raise NotDownloadedError("no training log in this folder", where=folder, expected=expected)


def _read_own(folder: Path, run: str) -> pd.DataFrame:
    """Epochs, then batches; either file may not be there yet."""
    epochs, batches = (
        read_csv_log(folder / name, run) if (folder / name).exists() else empty_table()
        for name in (HISTORY, BATCHES)
    )
    _require_whole(folder, epochs)
    return join([epochs, batches.assign(series=batches["series"].replace(BATCH_NAMES))])


def _require_whole(folder: Path, log: pd.DataFrame) -> None:
    """DataError where the log of epochs that is there has not as many as the card of the finished run counts."""
    path, counted = folder / HISTORY, None
    if path.exists() and (folder / CARD).exists():
        with contextlib.suppress(DataError):  # a damaged card is named where the run is opened
            counted = read_json(folder / CARD, DataError).get("epochs")
    if isinstance(counted, int) and log["epoch"].nunique() != counted:
        raise DataError(
            "the log changed since the training ended", where=path, expected=f"{counted} epochs",
            got=log["epoch"].nunique(), remedy="Bring back the file as it was written.",
        )  # fmt: skip
