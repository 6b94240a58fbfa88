"""The training logs below several folders, with what is known of each, and differences of configuration."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.files import read_json
from sdm.formats.sealed_json import DIGEST
from sdm.runs.folder import CONFIG
from sdm.training_logs.read import BATCHES, EVENTS, HISTORY, LIGHTNING
from sdm.training_logs.table import screen_name

DEEPEST = 4  # lightning_logs/NAME/version_0 is three levels down
MOST = 500
NOT_SET = "–"


def find_logs(home: Path) -> dict[str, Path]:
    """Return name (path below `home`) -> folder that `sdm.training_logs.read_log` can read; at most MOST, by name.

    Hidden folders are left out, and links are not followed.
    """
    logs: dict[str, Path] = {}
    for place, folders, _ in os.walk(home):
        folder = Path(place)
        name = folder.relative_to(home)
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if len(name.parts) < DEEPEST else []
        if name.parts and log_files(folder):
            logs[name.as_posix()] = folder
        if len(logs) == MOST:
            break
    return logs


def log_files(folder: Path) -> list[Path]:
    """Return the files of `folder` that hold its log."""
    named = [folder / name for name in (HISTORY, BATCHES, LIGHTNING)]
    return [path for path in (*named, *sorted(folder.glob(EVENTS))) if path.is_file()]


FileStamps = tuple[tuple[str, int, int], ...]
"""Name, time of the last change in nanoseconds and bytes of each file."""


@dataclass(frozen=True)
class Log:
    """One log; `configuration` is its `config.json`, empty when there is none that can be read."""

    name: str
    folder: Path
    configuration: Mapping[str, Any]

    @property
    def other_view(self) -> bool:
        """Whether its scores answer another question than the data set's own, so that they are not comparable."""
        training = self.configuration.get("training")
        return isinstance(training, Mapping) and bool(training.get("view"))

    def of(self, data: Dataset) -> bool:
        """Whether it was trained on `data`."""
        source = self.configuration.get("data")
        return isinstance(source, Mapping) and source.get("fingerprint") == data.fingerprint

    def of_other(self, data: Dataset) -> bool:
        """Whether it was trained on other data than `data`; False where it does not tell."""
        return isinstance(self.configuration.get("data"), Mapping) and not self.of(data)

    def settings(self) -> dict[str, Any]:
        """Its configuration with the settings of the training by their own names."""
        training = self.configuration.get("training")
        rest = {name: value for name, value in self.configuration.items() if name != "training"}
        return {**(training if isinstance(training, Mapping) else {"training": training}), **rest}

    def stamps(self) -> FileStamps:
        """The state of its files."""
        stats = [(path.name, path.stat()) for path in log_files(self.folder)]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def catalogue_logs(homes: Sequence[Path]) -> dict[str, Log]:
    """Name -> log below `homes`, the newest first; of two with one name the later says where it lies."""
    logs: dict[str, Log] = {}
    for home in homes:
        for name, folder in find_logs(home).items():
            unique = screen_name(name if name not in logs else f"{name} ({home.name})")
            logs[unique] = Log(unique, folder, _configuration(folder))
    return dict(sorted(logs.items(), key=lambda item: -max((time for _, time, _ in item[1].stamps()), default=0)))


def _configuration(folder: Path) -> Mapping[str, Any]:
    try:
        values = read_json(folder / CONFIG)
    except SdmError:
        return {}
    return {name: value for name, value in values.items() if name != DIGEST}


def configuration_difference(
    configurations: Mapping[str, Mapping[str, object]], *, only_different: bool = True
) -> pd.DataFrame:
    """Return one row per setting, named by its path (`optimiser.lr`), and one column of text per run.

    `configurations` maps each run to its configuration as read from JSON. Settings that all runs share are left
    out unless `only_different` is False; one that a run lacks stands there as "–". The order is that in which
    settings first appear.

    >>> configuration_difference({"a": {"lr": 0.1, "seed": 1}, "b": {"lr": 0.2, "seed": 1}})
          a    b
    lr  0.1  0.2
    """
    flat = {run: dict(_settings(configuration)) for run, configuration in configurations.items()}
    names = dict.fromkeys(name for settings in flat.values() for name in settings)
    rows = {name: [settings.get(name, NOT_SET) for settings in flat.values()] for name in names}
    shown = {name: row for name, row in rows.items() if not only_different or len(set(row)) > 1}
    return pd.DataFrame.from_dict(shown, orient="index", columns=list(flat), dtype=str)


def _settings(configuration: Mapping[str, object], above: str = "") -> list[tuple[str, str]]:
    """Path and text of every setting; an empty group is a setting."""
    settings: list[tuple[str, str]] = []
    for key, value in configuration.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping) and value:
            settings += _settings(value, f"{path}.")
        else:
            settings.append((path, _text(value)))
    return settings


def _text(value: object) -> str:
    """Text as it stands, everything else as JSON: 0.10 and 0.1 are the same number."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
