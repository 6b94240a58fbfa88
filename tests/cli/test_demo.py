"""Command demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sdm.cli import main
from sdm.data.open import open_dataset
from sdm.data.worlds import VERSION, WORLD_FILE
from sdm.errors import DataError
from sdm.virtual_europe.truth import open_truth
from sdm.virtual_europe.write import SIZES, Size


def test_demo_writes_a_tree_and_its_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "tiny", Size(6, 2, 2, 4, images=1, po_images=1, species=394, block=8))
    out = tmp_path / "europe"
    options = ["--size", "tiny", "--seed", "3", "--images", "1"]
    result = CliRunner().invoke(main, ["demo", "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    assert "size tiny, seed 3" in result.output
    assert len(open_truth(out).survey_id) == 10


def test_demo_renews_a_tree_of_an_earlier_version_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "tiny", Size(6, 2, 2, 4, images=0, po_images=0, species=394, block=8))
    out, words = tmp_path / "europe", ["demo", "--out", str(tmp_path / "europe"), "--size", "tiny", "--renew"]
    assert CliRunner().invoke(main, words).exit_code == 0
    world = out / WORLD_FILE
    written = world.read_text()
    world.write_text(json.dumps(json.loads(written) | {"world_version": "1"}))
    with pytest.raises(DataError, match="python -m sdm demo --renew"):
        open_dataset(out)
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0 and f"version {VERSION} takes its place" in result.output
    assert world.read_text() == written and open_dataset(out).simulated
    stamp = world.stat().st_mtime_ns
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.output, world.stat().st_mtime_ns) == (0, "", stamp)


def test_demo_renews_nothing_else(tmp_path: Path) -> None:
    (tmp_path / WORLD_FILE).write_text('{"simulated": true, "title": "Another world", "world_version": "1"}')
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path), "--size", "tiny", "--renew"])
    assert result.exit_code == 2 and (tmp_path / WORLD_FILE).exists()


def test_demo_refuses_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path), "--size", "tiny"])
    assert result.exit_code == 2
    assert f"{tmp_path}: something is there already" in result.output


@pytest.mark.parametrize(("kind", "name"), [("ecosystem", "coast"), ("trees", "mountain")])
def test_demo_of_other_kinds_makes_their_sites(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[Path, int]] = []

    def make(out: Path, _report: object, seed: int) -> tuple[Path, ...]:
        calls.append((out, seed))
        return out / "raw", out / "made"

    monkeypatch.setattr(f"sdm.virtual_{name}.make.make_{name}", make)
    result = CliRunner().invoke(main, ["demo", "--kind", kind, "--out", str(tmp_path), "--seed", "2"])
    assert result.exit_code == 0, result.output
    assert calls == [(tmp_path, 2)]
    assert [line.split(":")[0] for line in result.output.splitlines()] == [
        str(tmp_path / name) for name in ("raw", "made")
    ]


@pytest.mark.parametrize("kind", ["ecosystem", "trees"])
def test_sizes_of_europe_are_refused_for_other_kinds(kind: str) -> None:
    result = CliRunner().invoke(main, ["demo", "--kind", kind, "--size", "tiny"])
    assert result.exit_code == 2
    assert "--kind europe" in result.output
