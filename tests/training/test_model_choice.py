"""The choice of a model by folds: scores of sites left out, resumed, and the best trained on all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score

from sdm.cli import main
from sdm.data.dataset import Dataset
from sdm.data.record_types import RECORDS
from sdm.data.splits import VALIDATION
from sdm.data.store import write_store
from sdm.errors import RunError, TrainingError
from sdm.evaluation.labelled_predictions import label
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import open_model, predict_with
from sdm.evaluation.target_group_scores import background_scores, target_group_scores
from sdm.jobs import Cancelled
from sdm.models.presence_only.background import species_groups, usual_background
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions
from sdm.runs import Run
from sdm.runs.model_choice import FoldScore, ModelChoice, best_of, read_choice
from sdm.training.model_choice import ENDING, ChoiceOptions, choose_model
from tests.models.presence_only.fitting import QUICK
from tests.occurrences.tables import tables

MODELS = ("balanced-forest", "poisson-ensemble")
OPTIONS = ChoiceOptions(MODELS, 3, 0, QUICK)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    files = tables(400).write(tmp_path_factory.mktemp("tables"))
    return build_dataset(files, "records", ImportOptions(categories=("soil",), folds=3))[0]


@pytest.fixture(scope="module")
def chosen(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return choose_model(data, tmp_path_factory.mktemp("runs") / "chosen", OPTIONS)


def test_the_best_on_sites_left_out_is_trained_on_all(data: Dataset, chosen: Run) -> None:
    choice = read_choice(chosen.path)
    assert choice is not None
    assert (choice.models, choice.folds) == (MODELS, ("block", "block_2", "block_3"))
    table = choice.table().set_index("model")
    assert table["auc"].idxmax() == choice.best == chosen.card.model
    assert table.loc[choice.best, "auc"] == pytest.approx(table.loc[choice.best, list(choice.folds)].mean())
    records = int((data.sites["source"] == RECORDS).sum())
    assert sum(map(len, chosen.train_ids.values())) == records
    assert "choose" in chosen.card.reproduce
    assert not chosen.path.with_name(f"{chosen.name}{ENDING}").exists()


def test_every_record_is_validated_by_a_run_that_has_not_seen_its_block(
    data: Dataset, chosen: Run, tmp_path: Path
) -> None:
    stored = label(data, chosen.predictions(VALIDATION), chosen.card.class_ids)
    assert len(stored) == int((data.sites["source"] == RECORDS).sum())
    assert len(np.unique(stored.sites)) == len(stored)
    again = choose_model(data, tmp_path / "again", replace(OPTIONS, models=(chosen.card.model,)))
    np.testing.assert_allclose(
        label(data, again.predictions(VALIDATION)).probabilities, stored.probabilities, atol=2e-3
    )
    learnt = predict_with(open_model(chosen), chosen.card.statistics, data, stored.sites)
    own = target_group_scores(learnt)["auc"] - target_group_scores(stored)["auc"]
    assert np.nanmean(own) > 0.02  # what it has learnt from itself looks better


def test_validation_scores_are_those_of_the_folds(data: Dataset, chosen: Run) -> None:
    assert evaluate(chosen, data, VALIDATION) == chosen.card.scores[VALIDATION]
    again = remeasure(chosen, data, [VALIDATION, "test"])
    assert again.card.scores[VALIDATION] == chosen.card.scores[VALIDATION]
    assert again.predictions(VALIDATION).survey_id.tolist() == chosen.predictions(VALIDATION).survey_id.tolist()


def test_sites_of_other_groups_are_no_absences(data: Dataset, chosen: Run) -> None:
    labelled = label(data, chosen.predictions(VALIDATION), chosen.card.class_ids)
    classes = data.targets.classes.assign(group=["tree"] * 4 + ["herb"] * 4)
    grouped = replace(labelled, targets=replace(labelled.targets, classes=classes))
    found = target_group_scores(grouped)["auc"]
    truth, group = labelled.truth.toarray() > 0, species_groups(classes)
    for species in (0, 5):
        inside = truth[:, group == group[species]].any(axis=1)
        expected = roc_auc_score(truth[inside, species], labelled.probabilities[inside, species])
        assert found[species] == pytest.approx(expected)
    assert (np.abs(found - target_group_scores(labelled)["auc"]) > 1e-6).any()


def test_few_species_are_held_against_background_sites(data: Dataset, chosen: Run, tmp_path: Path) -> None:
    three, records = data.targets.classes.iloc[:3].reset_index(drop=True), data.targets.values[:, :3]
    few = replace(data, targets=replace(data.targets, classes=three, values=records), fingerprint="few")
    assert (usual_background(data), usual_background(few)) == ("target-group", "random")
    run = choose_model(few, tmp_path / "few", replace(OPTIONS, models=MODELS[:1]))
    choice = read_choice(run.path)
    assert choice is not None and choice.table()["auc"].iloc[0] > 0.6
    stored = label(data, chosen.predictions(VALIDATION), chosen.card.class_ids)
    background = np.random.default_rng(0).random((50, stored.targets.width)).astype(np.float32)
    found = background_scores(stored, background)["auc"]
    own = stored.probabilities[stored.truth.toarray()[:, 2] > 0, 2]
    expected = roc_auc_score(np.r_[np.ones(len(own)), np.zeros(50)], np.r_[own, background[:, 2]])
    assert found[2] == pytest.approx(expected)


def test_a_choice_that_is_stopped_goes_on_without_training_again(data: Dataset, tmp_path: Path) -> None:
    def stop(done: int, _total: int, _what: str) -> None:
        if done == 2:
            raise Cancelled

    one = replace(OPTIONS, models=MODELS[:1])
    with pytest.raises(Cancelled):
        choose_model(data, tmp_path / "run", one, stop)
    assert not (tmp_path / "run").exists()
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob(f"run{ENDING}/*/card.json")}
    assert len(kept) == 2
    told: list[str] = []

    def seen(_done: int, _total: int, what: str) -> None:
        told.append(what)
        assert all(path.stat().st_mtime_ns == time for path, time in kept.items() if path.exists())

    assert choose_model(data, tmp_path / "run", one, seen).finished
    assert told[0] == "balanced-forest, fold 1" and told[-2].startswith("balanced-forest on all sites")


def test_what_cannot_be_chosen_is_told(data: Dataset, chosen: Run, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="a run is here"):
        choose_model(data, chosen.path, OPTIONS)
    with pytest.raises(TrainingError, match="fitted in one go"):
        choose_model(data, tmp_path / "run", ChoiceOptions(("predictors-mlp",)))
    alone = replace(data, sites=data.sites.drop(columns=["split_block_2", "split_block_3"]))
    with pytest.raises(TrainingError, match="no folds"):
        choose_model(alone, tmp_path / "run", OPTIONS)


def test_undefined_scores_count_for_nothing() -> None:
    scores = (
        FoldScore("a", "block", None, None, None, 0, 1.0), FoldScore("a", "block_2", 0.7, None, 0.3, 2, 1.0),
        FoldScore("b", "block", 0.6, 0.1, 0.2, 2, 1.0), FoldScore("b", "block_2", 0.7, 0.2, 0.2, 2, 1.0),
    )  # fmt: skip
    assert best_of(scores) == "a"
    assert np.isnan(ModelChoice("a", scores).table().set_index("model").loc["a", "boyce"])
    with pytest.raises(RunError, match="no fold"):
        best_of(scores[:1])


def test_the_command_prints_a_table_or_json(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = ChoiceOptions.training
    monkeypatch.setattr(ChoiceOptions, "training", lambda _, model, fold: usual(OPTIONS, model, fold))
    store = write_store(data, tmp_path / "records").place
    words = ["choose", "--data", str(store), "--models", "balanced-forest", "--folds", "2", "--run"]
    shown = CliRunner().invoke(main, [*words, str(tmp_path / "one"), "--json"])
    assert shown.exit_code == 0, shown.output
    answer = json.loads(shown.stdout)
    assert answer["best"] == "balanced-forest" and len(answer["scores"]) == 2
    assert all(0.5 < score["auc"] < 1 for score in answer["scores"])
