"""The judge measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.virtual_europe.validate import REAL, Verdict, main, to_text, validate


def test_verdict() -> None:
    assert Verdict("x", 12.4, 10.0, 0.25, "").passed
    assert not Verdict("x", 12.6, 10.0, 0.25, "").passed
    assert not Verdict("x", float("nan"), 10.0, 0.25, "").passed


def test_tiny_tree_is_judged_on_every_figure(tiny_tree: Path) -> None:
    verdicts = {v.what: v for v in validate(tiny_tree)}
    assert list(verdicts) == list(REAL)
    assert verdicts["climate tas, mean"].passed
    assert "OFF" in to_text([Verdict("x", 0, 1, 0.1, "")])


def test_main(tiny_tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tiny_tree)]) in (0, 1)
    assert "species per PA survey" in capsys.readouterr().out


def test_only_simulated_trees_are_judged(real_tree: Path) -> None:
    with pytest.raises(DataError, match="not a simulated tree"):
        validate(real_tree)
