"""Signals end a command and undo what it was doing."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sdm.cli import main
from sdm.jobs import Report


def test_sigterm_ends_a_command_like_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(work: Any, *_: object) -> Report:
        (work.truth / "half").touch()
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("it goes on")

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("sdm.virtual_europe.write.tree._fill", stopped)
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "europe"), "--size", "tiny"])
    assert result.exit_code == 143
    assert not [*tmp_path.iterdir()]
    assert signal.getsignal(signal.SIGTERM) == before
