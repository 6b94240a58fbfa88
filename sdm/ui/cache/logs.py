"""Training logs and their curves."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sdm.training_logs import read_log
from sdm.training_logs.catalogue import FileStamps, Log, catalogue_logs
from sdm.ui.cache.memo import memo

SECONDS = 5  # after which new logs are noticed


class LogQuery(NamedTuple):
    """A log in one state of its files."""

    name: str
    folder: Path
    files: FileStamps


@memo(4, seconds=SECONDS)
def catalogue(homes: tuple[Path, ...]) -> dict[str, Log]:
    """Name -> log below `homes`, the newest first."""
    return catalogue_logs(homes)


@memo(64)
def _curves(query: LogQuery) -> pd.DataFrame:
    return read_log(query.folder, query.name)


def curves(log: Log) -> pd.DataFrame:
    """The log as a table of curves, read again when its files have changed; SdmError when it is damaged."""
    return _curves(LogQuery(log.name, log.folder, log.stamps()))
