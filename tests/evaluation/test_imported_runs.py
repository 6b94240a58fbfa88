"""Imported runs: kept whole, recalled exactly, scored like any other, never asked to predict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from sdm.data.store import write_store
from sdm.errors import DataError, RunError
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import open_model, predict_or_recall
from sdm.evaluation.submissions.check import check_submission
from sdm.runs import Run, find_runs
from sdm.runs.kaggle_scores import KaggleScore, record_score, recorded_score
from tests.datasets import DATASETS, multilabel
from tests.sealed import edit
from tests.submissions import NEAR_AND_FAR, VALIDATION, sets, written


def imported(tmp_path: Path, text: str, kind: str = "multilabel") -> Run:
    data, path = DATASETS[kind](), written(tmp_path, text)
    return import_run(path, tmp_path / "runs" / "mine", data, check_submission(path, data))


def test_a_submission_becomes_a_run_of_certain_species(tmp_path: Path) -> None:
    run = imported(tmp_path, sets(NEAR_AND_FAR, "42 3"))
    assert find_runs(tmp_path / "runs")[0] == [run]
    assert run.finished
    card = run.card
    assert card.weights is None
    assert card.imported is not None
    assert (card.imported.file, card.imported.holds) == ("entry.csv", "sets")
    assert run.splits() == ("test_far", "test_near")
    data = multilabel()
    rows = data.rows("test_near")
    found = predict_or_recall(run, data, rows)
    assert (found.probabilities == np.isin(card.class_ids, [3, 42])).all()
    assert run.predictions("test_near").row_of("PA-test", 116) is not None
    assert not run.has_seen("PA-train", 100)
    assert run.history().empty


@pytest.mark.parametrize("name", ["/tmp/x/mine.csv", "C:\\fakepath\\mine.csv", "..\\..//mi\u202ene\n.csv\x00"])
def test_of_a_file_only_its_plain_name_is_kept(tmp_path: Path, name: str) -> None:
    data, path = multilabel(), written(tmp_path, sets(NEAR_AND_FAR))
    card = import_run(path, tmp_path / "runs" / "mine", data, check_submission(path, data), name).card
    assert card.imported is not None
    assert card.imported.file == "mine.csv"


def test_scores_of_sets_are_those_of_sets_alone(tmp_path: Path) -> None:
    run = imported(tmp_path, sets(VALIDATION, "3 10 11 42 700 5000"))
    scores = run.card.scores["validation"]
    assert {"samples-f1", "micro-f1", "macro-f1"} == scores.keys()
    assert scores["samples-f1"].low is not None
    assert evaluate(run, multilabel(), "validation") == scores
    assert run.predictions("validation").scores is None
    truth = multilabel().targets.values.toarray()[12:15]
    given = np.isin(multilabel().targets.class_ids, [3, 10, 11, 42, 700, 5000])
    f1 = [2 * (row & given).sum() / (row.sum() + given.sum()) for row in truth.astype(bool)]
    assert scores["samples-f1"].value == pytest.approx(np.mean(f1))


def test_probabilities_are_kept_and_decoded(tmp_path: Path) -> None:
    text = "surveyId,42,3\n" + "".join(f"{s},0.25,0.75\n" for s in VALIDATION)
    run = imported(tmp_path, text)
    assert run.card.decoder is not None
    assert {"auc", "samples-f1"} <= run.card.scores["validation"].keys()
    found = predict_or_recall(run, multilabel(), multilabel().rows("validation"))
    assert found.probabilities.tolist() == [[0.75, 0, 0, 0.25, 0, 0, 0]] * 3


@pytest.mark.parametrize(
    ("kind", "text", "metric"),
    [
        ("multiclass", sets(VALIDATION, "2"), "accuracy"),
        ("multiclass", "surveyId,1,2\n" + "".join(f"{s},.4,.6\n" for s in VALIDATION), "auc"),
        ("regression", "surveyId,value\n" + "".join(f"{s},4.5\n" for s in VALIDATION), "rmse"),
    ],
)
def test_every_kind_of_target(tmp_path: Path, kind: str, text: str, metric: str) -> None:
    run = imported(tmp_path, text, kind)
    assert metric in run.card.scores["validation"]
    assert run.card.decoder is None


def test_the_split_is_recorded_again_when_its_truth_is_known(tmp_path: Path) -> None:
    run = imported(tmp_path, sets(NEAR_AND_FAR))
    again = remeasure(run, multilabel(), ["test_near"])
    assert again.card.scores["test_near"] == run.card.scores["test_near"]


def test_what_is_not_in_the_file_is_not_made_up(tmp_path: Path) -> None:
    run = imported(tmp_path, sets(NEAR_AND_FAR))
    with pytest.raises(RunError, match="cannot predict"):
        open_model(run)
    with pytest.raises(RunError, match="no prediction of survey 112"):
        evaluate(run, multilabel(), "validation")


def test_nothing_is_kept_of_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 2: unknown species 9999 \(and 1 more\)"):
        imported(tmp_path, sets(range(115, 118), "9999"))
    assert not (tmp_path / "runs").exists()
    run = imported(tmp_path, sets(NEAR_AND_FAR))
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    with pytest.raises(RunError, match="already"):
        imported(tmp_path, sets(VALIDATION))
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == before


def test_an_interrupted_import_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sdm.runs.card.ModelCard.write", fail)
    with pytest.raises(KeyboardInterrupt):
        imported(tmp_path, sets(NEAR_AND_FAR))
    assert not list((tmp_path / "runs").iterdir())


def test_a_kaggle_score_is_for_runs_on_real_data_alone(tmp_path: Path) -> None:
    run = imported(tmp_path, sets(NEAR_AND_FAR))
    score = KaggleScore("geolifeclef-2025", 0.17, None, "2025-05-01")
    with pytest.raises(RunError, match="simulated"):
        record_score(run, score)
    assert recorded_score(run) is None
    edit(run.path / "config.json", lambda config: config["data"].update(simulated=False))
    real = Run.open(run.path)
    record_score(real, score)
    assert recorded_score(real) == score
    (run.path / "kaggle.json").write_text('{"competition": 1}')
    with pytest.raises(RunError):
        recorded_score(real)


@pytest.mark.parametrize(("public", "private"), [(None, None), (1.2, None), (0.2, -1.0)])
def test_scores_that_cannot_be(public: float | None, private: float | None) -> None:
    with pytest.raises(RunError, match="score"):
        KaggleScore("geolifeclef-2025", public, private, "2025-05-01")


def test_the_command(tmp_path: Path) -> None:
    store, runs = write_store(multilabel(), tmp_path / "store").place, tmp_path / "runs"
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(sets(NEAR_AND_FAR))
    bad.write_text(sets(NEAR_AND_FAR) + "115,3\n7,3\n")

    def sdm(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    done = sdm("import", good, "--run", runs / "mine", "--data", store)
    assert done.exit_code == 0, done.output
    assert "5 surveys of test_far, test_near" in done.stdout
    assert "samples-F1" in done.stdout
    assert sdm("evaluate", runs / "mine", "--data", store, "--split", "test_near").exit_code == 0
    back = sdm("predict", runs / "mine", "--data", store, "--out", tmp_path / "back.csv")
    assert back.exit_code == 0, back.output
    assert (tmp_path / "back.csv").read_text() == good.read_text()
    refused = sdm("import", bad, "--run", runs / "other", "--data", store)
    assert refused.exit_code == 2
    assert "line 7: survey 115 was on line 2" in refused.stderr
    assert "line 8: unknown survey 7" in refused.stdout
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (runs / "other").exists()
