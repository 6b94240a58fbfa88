"""Commands of models, end to end on the fixtures; every mistake is one line and exit code 2."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from sdm.data.dataset import Dataset
from sdm.models.registry import REGISTRY
from sdm.runs.published_settings import PUBLISHED_SETTINGS
from sdm.runs.training_options import OPTIONS
from tests.datasets import DATASETS, multilabel, with_inputs

ROOT = Path(__file__).resolve().parents[2]
FAST = ("--device", "cpu", "--epochs", "1", "--batch-size", "4")


@pytest.fixture
def sdm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command in an empty folder; `--data NAME` is a fixture."""

    def opened(path: Path) -> Dataset:
        return DATASETS[path.name]()

    monkeypatch.chdir(tmp_path)
    for module in ("train", "evaluate", "submissions"):
        monkeypatch.setattr(f"sdm.cli.{module}.open_dataset", opened)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def fails(result: Result, *says: str) -> None:
    """One line on stderr, exit code 2."""
    assert result.exit_code == 2, result.output
    assert len(result.stderr.strip().splitlines()) == 1
    for text in says:
        assert text in result.stderr


def test_models_lists_all_without_torch() -> None:
    code = "import sys; from sdm.cli import main; main(['models', '--json'], standalone_mode=False); "
    code += "sys.exit(bool({'torch', 'pandas', 'timm'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert [*rows] == [*REGISTRY]
    assert rows["resnet18-patch"]["parameters"] == 11_333_612
    assert rows["country-frequency"]["inputs"] == "country, region"


def test_models_as_a_table(sdm: Callable[..., Result]) -> None:
    table = sdm("models").stdout
    assert all(name in table for name in REGISTRY)
    assert "11,333,612" in table


def test_train_evaluate_predict_score(sdm: Callable[..., Result]) -> None:
    done = sdm("train", "landsat-mlp", "--data", "multilabel", "--run", "mlp", *FAST, "--seed", 3, "--augment")
    assert done.exit_code == 0, done.output
    assert "samples-F1" in done.stdout
    assert json.loads(Path("mlp/config.json").read_text())["training"]["seed"] == 3
    measured = json.loads(sdm("evaluate", "mlp", "--data", "multilabel", "--json").stdout)
    card = json.loads(Path("mlp/card.json").read_text())
    assert measured["scores"]["validation"] == card["stored_scores"]["validation"]
    assert "test_near" in sdm("evaluate", "mlp", "--data", "multilabel", "--split", "test_near").stdout
    predicted = sdm("predict", "mlp", "--data", "multilabel", "--out", "sub/s.csv", "--decode", "top-k:2")
    assert predicted.exit_code == 0, predicted.output
    lines = Path("sub/s.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["surveyId", "115", "116", "117", "118", "119"]
    assert all(len(line.split(",")[1].split()) == 2 for line in lines[1:])
    score = json.loads(sdm("score", "sub/s.csv", "sub/s.csv", "--json").stdout)
    assert score["samples-f1"]["value"] == 1


def test_gaps_in_the_inputs_are_told(sdm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def gaps(*rows: int) -> Callable[[], Dataset]:
        return lambda: with_inputs(multilabel(), "environment", np.isin(np.arange(20), rows))

    monkeypatch.setitem(DATASETS, "none", gaps(13))
    monkeypatch.setitem(DATASETS, "few", gaps(2, 13, 18))
    fails(sdm("train", "environment-mlp", "--data", "none", *FAST), "no survey of train", "Download environment")
    done = sdm("train", "environment-mlp", "--data", "few", "--run", "mlp", *FAST)
    assert done.exit_code == 0
    assert [line for line in done.stderr.splitlines() if line.startswith("warning: ") and "1 of 11" in line]
    predicted = sdm("predict", "mlp", "--data", "few", "--out", "s.csv", "--json")
    report = json.loads(predicted.stdout)
    assert report["inputs"]["having"] == {"environment": 1}
    assert report["inputs"]["without_inputs"] == {"count": 4, "first_survey_ids": [115, 116, 117, 119]}
    assert "warning: " in predicted.stderr and "1 of 5" in predicted.stderr
    assert len(Path("s.csv").read_text().splitlines()) == 6  # every survey has its row all the same
    assert "115, 116, 117, 119" in sdm("predict", "mlp", "--data", "few", "--out", "s.csv").stdout
    fails(sdm("predict", "mlp", "--data", "none", "--out", "t.csv"), "no survey of test has any input")
    assert not Path("t.csv").exists()
    fails(sdm("evaluate", "mlp", "--data", "none", "--split", "test_far"), "no survey of test_far has any input")
    assert [*json.loads(sdm("evaluate", "mlp", "--data", "none", "--json").stdout)["scores"]] == ["validation"]


def test_the_command_on_the_card_gives_the_same_run(sdm: Callable[..., Result]) -> None:
    words = (
        "train",
        "landsat-lstm",
        "--data",
        "multilabel",
        "--run",
        "a",
        *FAST,
        "--model-config",
        '{"hidden": 8}',
    )
    assert sdm(*words).exit_code == 0
    command = json.loads(Path("a/card.json").read_text())["reproduce"]
    again = [w.replace("fixture-", "") for w in shlex.split(command)[3:]]
    assert sdm(*again, "--run", "b", "--device", "cpu").exit_code == 0
    assert Path("a/weights.safetensors").read_bytes() == Path("b/weights.safetensors").read_bytes()


def test_single_label_study(sdm: Callable[..., Result]) -> None:
    done = sdm("train", "landsat-lstm", "--data", "multilabel", *FAST, "--view", "single-label", "--json")
    scores = json.loads(done.stdout)
    assert scores["run"] == "runs/landsat-lstm"
    assert "accuracy" in scores["scores"]["validation"]


def test_every_setting_has_an_option_with_help(sdm: Callable[..., Result]) -> None:
    text = " ".join(sdm("train", "--help").stdout.split())
    for option in OPTIONS.values():
        assert all(f"{flag} " in text for flag in option.flag.split("/"))
        assert f"{option.description} [{option.limits}]" in text if option.limits else option.description in text


def test_mistakes(sdm: Callable[..., Result]) -> None:
    fails(sdm("train", "resnet", "--data", "multilabel"), "unknown model", "resnet18-patch")
    fails(sdm("train", "landsat-mlp", "--data", "multilabel", "--lr", "-1"), "lr is out of range")
    fails(sdm("train", "landsat-mlp", "--data", "multilabel", "--loss", "dice"), "weighted-bce")
    fails(sdm("train", "landsat-mlp", "--data", "multilabel", "--model-config", "{"), "no JSON")
    fails(sdm("train", "landsat-mlp", "--data", "multilabel", "--model-config", '{"hiden": 1}'), "hidden")
    fails(sdm("train", "landsat-mlp", "--data", "multilabel", "--initial-weights", "x"), "no image network")
    fails(sdm("train", "resnet18-patch", "--data", "multilabel", "--initial-weights", "x"), "no such file")
    fails(sdm("evaluate", "absent", "--data", "multilabel"), "no such run folder")
    fails(sdm("score", "absent.csv", "absent.csv"), "missing")
    assert not Path("runs").exists()


def test_the_report_by_class(sdm: Callable[..., Result]) -> None:
    """A model that always says the same class: the others have no precision, and are taken for it."""
    assert sdm("train", "class-frequency", "--data", "multiclass", "--run", "c").exit_code == 0
    words = ("evaluate", "c", "--data", "multiclass", "--split", "test_far", "--report")
    answer = json.loads(sdm(*words, "--json").stdout)
    report, accuracy = answer["reports"]["test_far"], answer["scores"]["test_far"]["accuracy"]["value"]
    assert [row["precision"] is None for row in report["classes"]].count(False) == 1
    assert report["averages"]["micro"]["recall"] == pytest.approx(accuracy)
    assert sum(map(sum, report["confusion"])) == sum(row["support"] for row in report["classes"]) == 2
    lines = sdm(*words).stdout
    assert "macro average" in lines and "most often mistaken: 1 of 1" in lines
    assert "species" not in lines and "AUC, mean over classes" in lines
    assert sdm("train", "country-frequency", "--data", "regression", "--run", "lime").exit_code == 0
    fails(sdm("evaluate", "lime", "--data", "regression", "--report"), "one class per site")


def test_runs_meet_only_their_own_data(sdm: Callable[..., Result]) -> None:
    assert sdm("train", "country-frequency", "--data", "regression", "--run", "lime").exit_code == 0
    fails(sdm("evaluate", "lime", "--data", "multilabel"), "lime predicts regression targets", "Train a model")
    fails(sdm("predict", "lime", "--data", "regression", "--out", "s.csv"), "gives numbers")
    fails(sdm("evaluate", "lime", "--data", "regression", "--split", "moon"), "test_near")
    Path("lime/resume.json").write_text("{}")  # as a kill between the card and the end leaves it
    fails(sdm("train", "country-frequency", "--data", "regression", "--run", "lime"), "finished run")
    assert not Path("lime/resume.json").exists()
    assert sdm("train", "country-frequency", "--data", "multilabel", "--run", "c").exit_code == 0
    fails(sdm("predict", "c", "--data", "multilabel", "--out", "s.csv", "--decode", "best"), "top-k:25")


def test_settings_of_the_sources_are_listed(sdm: Callable[..., Result]) -> None:
    rows = json.loads(sdm("models", "--published", "--json").stdout)
    assert {(row["model"], row["name"]) for row in rows} == set(PUBLISHED_SETTINGS)
    text = sdm("models", "--published").stdout
    assert all(f"{model} --as {name} " in text for model, name in PUBLISHED_SETTINGS)


def test_a_training_as_published(sdm: Callable[..., Result]) -> None:
    result = sdm("train", "landsat-cnn", "--data", "multilabel", "--run", "run", "--as", "published-2", *FAST[:2])
    assert result.exit_code == 0, result.output
    training = json.loads(Path("run/config.json").read_text())["training"]
    assert (training["epochs"], training["lr"], training["schedule"]) == (2, 1e-3, "constant")
    fails(sdm("train", "landsat-cnn", "--data", "multilabel", "--as", "printed"), "published, published-2")
