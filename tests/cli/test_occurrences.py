"""`occurrences` on the command line: roles by hand, degrees without --crs, data sets by key."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sdm.cli import occurrences as command
from sdm.data import catalogue, visibility


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "funde.csv"
    pd.DataFrame({"what": ["a", "b"] * 20, "ost": 7.5, "nord": 47.25, "wet": [i / 40 for i in range(40)]}).to_csv(
        path, index=False
    )
    return path


def run(records: Path, *words: str) -> Result:
    out = records.parent / "made"
    return CliRunner().invoke(command.occurrences_command, ["--po", str(records), "--out", str(out), *words])


ROLES = ("--column", "species=what", "--column", "x=ost", "--column", "y=nord")


def test_missing_roles_are_told_together_and_named_by_hand(records: Path) -> None:
    error = run(records).exception
    assert "--column species=NAME --column x=NAME --column y=NAME" in str(error)
    done = run(records, *ROLES)
    assert not done.exception and "taken for degrees" in done.output and "no maps" not in done.output


def test_the_environment_of_a_key_that_is_none(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "HOME", records.parent / "data")
    assert "unknown data set" in str(run(records, *ROLES, "--environment-of", "nowhere").exception)
    place = records.parent / "data" / catalogue.UPLOADS / f"{visibility.VISIT}x" / "mine"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("{}")
    assert "unknown data set" not in str(run(records, *ROLES, "--environment-of", "mine").exception)
