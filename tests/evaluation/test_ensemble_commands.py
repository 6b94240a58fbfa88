"""Commands that make ensembles and slim runs, and the command that the app shows for an ensemble."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from sdm.errors import RunError
from sdm.evaluation.ensembles import ensemble_command, make_ensemble
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.run_model import open_model
from sdm.runs import Run
from tests.datasets import multilabel


@pytest.fixture
def sdm(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(home)
    monkeypatch.setenv("SDM_DATA", str(home))
    for command in ("ensembles", "evaluate", "submissions"):
        monkeypatch.setattr(f"sdm.cli.{command}.open_dataset", lambda _: multilabel())
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_the_command(sdm: Callable[..., Result], home: Path) -> None:
    done = sdm("ensemble", "given", "mlp:0.5", "lstm:0.2", home / "nearest:0.3")
    assert done.exit_code == 0, done.output
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:]] == [
        ["mlp", "0.5000"], ["lstm", "0.2000"], ["nearest", "0.3000"], ["given", "1.0000"],
    ]  # fmt: skip
    predicted = sdm("predict", "given", "--out", "s.csv")
    assert predicted.exit_code == 0, predicted.output
    told = json.loads(sdm("ensemble", "fitted", "mlp", "lstm", "nearest", "--fit", "--json").stdout)
    assert sum(told["weights"].values()) == pytest.approx(1)
    kept = {name for name, weight in told["weights"].items() if weight}
    assert {member.run for member in Run.open(home / "fitted").card.members} == kept
    again = shlex.split(Run.open(home / "given").card.reproduce)[3:]
    again[1] = "again"
    assert sdm(*again).exit_code == 0
    assert Run.open(home / "again").card.members == Run.open(home / "given").card.members
    assert sdm("ensemble", "even", "mlp", "lstm").exit_code == 0
    assert [member.weight for member in Run.open(home / "even").card.members] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("mlp:0.5", "lstm"), "some have none"),
        (("mlp:0.5", "lstm:0.5", "--fit"), "either given or fitted"),
        (("mlp", "absent"), "no such run folder"),
        (("mlp:1",), "two runs or more"),
        (("mlp:0.5", "lstm:0.6"), "no shares"),
    ],
)
def test_mistakes_are_one_line(sdm: Callable[..., Result], home: Path, words: tuple[str, ...], says: str) -> None:
    result = sdm("ensemble", "new", *words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (home / "new").exists()


def moved(home: Path, name: str, to: Path) -> Run:
    return Run.open(Path(shutil.copytree(home / name, to / name)))


def test_the_command_that_makes_it_names_what_is_there(home: Path, tmp_path: Path) -> None:
    (home / "mixture").mkdir()
    members = [Run.open(home / "mlp"), Run.open(home / "lstm")]
    assert ensemble_command(members, [0.25, 0.75], None, tmp_path) == (
        "python -m sdm ensemble runs/mixture-2 mlp:0.25 lstm:0.75"
    )
    elsewhere = ensemble_command(members, [0.5, 0.5], Path("/some where/data"), tmp_path / "root")
    assert elsewhere == (f"python -m sdm ensemble {home}/mixture-2 mlp:0.5 lstm:0.5 --data '/some where/data'")


def test_runs_of_two_folders_are_first_brought_together(home: Path, tmp_path: Path) -> None:
    shipped = moved(home, "lstm", tmp_path / "checkpoints")
    shutil.rmtree(home / "lstm")
    members = [Run.open(home / "mlp"), shipped]
    lines = ensemble_command(members, [0.5, 0.5], None, tmp_path).splitlines()
    assert lines[0] == "cp -r checkpoints/lstm runs/"
    shutil.copytree(shipped.path, home / "lstm")
    assert ensemble_command(members, [0.5, 0.5], None, tmp_path).splitlines() == lines[1:]


@pytest.mark.parametrize("there", ["another", "no run"])
def test_another_run_of_that_name_is_never_mixed_in_its_place(home: Path, tmp_path: Path, there: str) -> None:
    shipped = moved(home, "lstm", tmp_path / "checkpoints")
    shutil.rmtree(home / "lstm")
    if there == "another":
        shutil.copytree(home / "nearest", home / "lstm")
    else:
        (home / "lstm").mkdir()
    with pytest.raises(RunError, match="another run has this name"):
        ensemble_command([Run.open(home / "mlp"), shipped], [0.5, 0.5], None, tmp_path)


def test_a_slim_run_scores_and_mixes_but_predicts_nothing_new(sdm: Callable[..., Result], home: Path) -> None:
    assert sdm("slim", "mlp", "light").exit_code == 0
    whole, light, data = Run.open(home / "mlp"), Run.open(home / "light"), multilabel()
    assert not list(light.path.glob("*.safetensors"))
    assert light.card.scores == whole.card.scores
    assert light.card.reproduce == whole.card.reproduce
    pd.testing.assert_frame_equal(light.history(), whole.history())
    assert evaluate(light, data, "test_near") == evaluate(whole, data, "test_near")
    with pytest.raises(RunError, match="without weights"):
        open_model(light)
    assert make_ensemble(home / "mixed-light", [light, Run.open(home / "lstm")], [0.5, 0.5], data).splits()
    again = sdm("slim", "mlp", "light")
    assert again.exit_code == 2
