"""The commands check, pack and inspect, as a person or a program calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from tests.data.trees import landsat_path, write_tree


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tree(tmp_path_factory.mktemp("published") / "tree")


@pytest.fixture
def tree(published: Path, tmp_path: Path) -> Path:
    return shutil.copytree(published, tmp_path / "tree")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_check(tree: Path) -> None:
    result = run("check", tree)
    assert result.exit_code == 0 and "PA-train surveys" in result.stdout
    assert json.loads(run("check", tree, "--all", "--json").stdout)["usable"] is True


def test_check_of_nothing_exits_1(tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert result.exit_code == 1 and "no metadata table" in result.stdout
    assert json.loads(run("check", tmp_path, "--json").stdout)["usable"] is False


def test_pack_twice(tree: Path, tmp_path: Path) -> None:
    landsat_path(tree, "PA-train", 1).write_bytes(b"x")
    first, second = (run("pack", tree, "--out", tmp_path / "store") for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert "packed" in first.stdout and "left out: PA-train 1 landsat" in first.stdout
    assert "up to date" in second.stdout
    value = json.loads(run("pack", tree, "--out", tmp_path / "store", "--json").stdout)
    assert value["written"] is False and value["skipped"][0]["survey_id"] == 1
    assert run("inspect", tmp_path / "store", 642).exit_code == 0


def test_inspect(tree: Path) -> None:
    text = run("inspect", tree, 1, "--source", "PO-train").stdout
    assert "survey 1, PO-train" in text and "Planta numero10" in text
    assert json.loads(run("inspect", tree, "642", "--json").stdout)["country"] == "Denmark"


def test_inspect_falls_back_to_the_default_data(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDM_DATA", str(tree))
    assert "survey 77, PA-test" in run("inspect", 77).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("inspect", "{tree}", 5), "no survey 5"), (("inspect", "{tree}", "five"), "SURVEY_ID"),
     (("inspect", "{tree}", 1, 2), "SURVEY_ID"), (("inspect", "--", "{tree}", "--5"), "SURVEY_ID"),
     (("inspect", "{tree}", "9" * 30), "SURVEY_ID"), (("inspect", "{tree}/none", 1), "no such folder"),
     (("pack", "{tree}/none"), "no such folder"), (("pack", "{tree}", "--out", "{tree}"), "something else")],
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_code_2(tree: Path, arguments: tuple[object, ...], told: str) -> None:
    result = run(*(str(a).format(tree=tree) for a in arguments))
    assert result.exit_code == 2 and told in result.stderr
    assert "Traceback" not in result.output
