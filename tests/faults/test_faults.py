"""Each kind of fault in its short form."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from tests.faults import registry
from tests.faults.__main__ import main
from tests.faults.registry import KINDS, attempt

SHORT = [name for name, kind in KINDS.items() if kind.short]


@pytest.mark.process  # faults of some kinds happen in processes of their own
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_or_silently_wrong(name: str) -> None:
    outcome = KINDS[name].run(0, KINDS[name].short)
    assert not outcome.failed
    assert outcome.survived == outcome.tried >= KINDS[name].short


def test_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "--scale", "0.001", "--markdown", str(tmp_path / "table.md")]) == 0
    assert "| tables | " in (tmp_path / "table.md").read_text()
    assert "tables" in capsys.readouterr().out


def test_kinds_at_once_are_found_by_their_processes() -> None:
    """`python -m` calls the module of `main` another name, which processes do not know."""
    assert attempt.__module__ == registry.__name__
    assert pickle.loads(pickle.dumps(attempt)) is attempt
