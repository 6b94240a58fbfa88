"""Differences of configuration between runs."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

NOT_SET = "–"


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
    found: list[tuple[str, str]] = []
    for key, value in configuration.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping) and value:
            found += _settings(value, f"{path}.")
        else:
            found.append((path, _text(value)))
    return found


def _text(value: object) -> str:
    """Text as it stands, everything else as JSON: 0.10 and 0.1 are the same number."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
