"""Statements about a simulated world: what is within, the table as text, and the command's exit codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.analysis.simulation_check import COLUMNS, MARKDOWN, Statement, run, statement_table, to_text
from sdm.errors import DataError


def table(*measured: float, about: str = "") -> pd.DataFrame:
    return statement_table(Statement(about, "mean", "m", value, 10.0, 2.0, "a paper") for value in measured)


def test_within_what_is_allowed() -> None:
    assert tuple(table().columns) == COLUMNS
    assert table(8.0, 12.0, 12.1, np.nan)["within"].tolist() == [True, True, False, False]


def test_text_names_sites_and_topics_only_where_there_are_some() -> None:
    lines = to_text(table(12.5)).splitlines()
    assert lines[0].split() == ["statement", "measured", "stated", "allowed"]
    assert lines[1].split() == ["mean", "12.5", "10", "2", "OFF", "m;", "a", "paper"]
    assert [line.split()[0] for line in to_text(table(12.5, about="Vega")).splitlines()] == ["about", "Vega"]


def _unreadable(folder: Path) -> pd.DataFrame:
    raise DataError("no world", where=folder)


def test_exit_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    assert run(lambda _: table(9.0), "world.validate", [str(tmp_path)], lines.append) == 0
    assert run(lambda _: table(9.0, 13.0), "world.validate", [str(tmp_path)], lines.append) == 1
    assert run(_unreadable, "world.validate", [str(tmp_path)], lines.append) == 2
    assert run(lambda _: table(13.0), "world.validate", [str(tmp_path), MARKDOWN], lines.append) == 1
    assert lines.pop().splitlines()[-1] == "|  | mean (m) | 13 | 8 to 12 | **off** |"
    monkeypatch.setattr("sys.argv", ["validate"])
    assert run(_unreadable, "world.validate", write=lines.append) == 2
    assert "no world" in lines[2] and lines[3] == "usage: python -m world.validate FOLDER [--markdown]"
