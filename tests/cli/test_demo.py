"""Command demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sdm.cli import main
from sdm.virtual_europe.truth import open_truth
from sdm.virtual_europe.write import SIZES, Size


def test_demo_writes_a_tree_and_its_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "tiny", Size(6, 2, 2, 4, images=1, po_images=1, species=300, block=8))
    out = tmp_path / "europe"
    options = ["--size", "tiny", "--seed", "3", "--images", "1"]
    result = CliRunner().invoke(main, ["demo", "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    assert "size tiny, seed 3 (simulated)" in result.output
    assert len(open_truth(out).survey_id) == 4


def test_demo_refuses_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path), "--size", "tiny"])
    assert result.exit_code == 2
    assert "the folder is not empty" in result.output
