"""Each kind of fault in its short form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.__main__ import main
from tests.faults.registry import KINDS

SHORT = [name for name, kind in KINDS.items() if kind.short]


@pytest.mark.process  # faults of some kinds happen in processes of their own
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_or_silently_wrong(name: str) -> None:
    outcome = KINDS[name].run(0, KINDS[name].short)
    assert not outcome.failed
    assert outcome.survived == outcome.tried >= KINDS[name].short


@pytest.mark.process
def test_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("tensors", "tables")
    assert main([*names, "--scale", "0.001", "--markdown", str(tmp_path / "table.md")]) == 0
    assert all(f"| {name} | " in (tmp_path / "table.md").read_text() for name in names)
    printed = capsys.readouterr().out
    assert all(name in printed for name in names)
