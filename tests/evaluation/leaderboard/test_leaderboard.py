"""The scoreboard: order, intervals, references, paired differences, and nothing mixed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.leaderboard.board import board, measures
from sdm.evaluation.leaderboard.comparison import Difference, difference, seed_spread
from sdm.evaluation.leaderboard.published_tables import STUDIES, ours, published
from sdm.evaluation.leaderboard.run_scores import RunScores, belongs, run_scores
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.published import (
    FIELD_2025,
    HIGH_RATE,
    LOW_RATE,
    LSTM_REPORT,
    MEASURES,
    SATELLITE_REPORT,
    SCORES,
)
from sdm.evaluation.reference_scores import ReferenceScores
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.submissions.check import check_submission
from sdm.evaluation.submissions.read import read_sets
from sdm.evaluation.submissions.write import write_run_submission
from sdm.runs import Run, TrainingOptions
from sdm.runs.card import Member
from sdm.runs.kaggle_scores import KaggleScore
from sdm.runs.records import Score
from sdm.training import Runtime, train
from tests.datasets import DATASETS, multilabel
from tests.submissions import NEAR_AND_FAR, VALIDATION, sets, written

F1 = METRICS["samples-f1"]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("runs") / "country"
    return train(multilabel(), folder, TrainingOptions("country-frequency"), Runtime(device="cpu"))


def handed_in(tmp_path: Path, name: str, text: str, data: Dataset | None = None) -> Run:
    data = data or multilabel()
    path = written(tmp_path, text)
    return import_run(path, tmp_path / name, data, check_submission(path, data))


@pytest.fixture
def perfect(tmp_path: Path) -> Run:
    """The truth itself, handed in."""
    data = multilabel()
    rows = data.targets.values.toarray()[12:15].astype(bool)
    ids = [" ".join(map(str, data.targets.class_ids[row])) for row in rows]
    lines = "".join(f"{survey},{species}\n" for survey, species in zip(VALIDATION, ids, strict=True))
    return handed_in(tmp_path, "perfect", f"surveyId,predictions\n{lines}")


def test_the_best_on_the_hardest_split_is_first(tmp_path: Path, country: Run, perfect: Run) -> None:
    data = multilabel()
    near = handed_in(tmp_path, "near", sets(NEAR_AND_FAR, "3 10 11 42 700 5000"))
    table = board([run_scores(run, data) for run in (perfect, country, near)], "samples-f1", {})
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["run"].iloc[-1] == "perfect"
    assert table.set_index("run").loc["perfect", "validation"] == 1
    assert table.set_index("run").loc["perfect", ["test_near", "test_far", "parameters", "seconds"]].isna().all()
    assert table["test_far"].dropna().is_monotonic_decreasing
    assert (table["validation low"].dropna() <= table["validation"].dropna()).all()
    assert table["imported"].tolist().count(True) == 2
    assert "near share" not in " ".join(table)


def test_share_and_skill_are_of_the_splits_measured_and_of_samples_f1_alone(country: Run) -> None:
    one, references = run_scores(country, multilabel()), {"test_near": ReferenceScores(0.2, 0.8, 0.01)}
    row = board([one], "samples-f1", references).iloc[0]
    assert row["test_near share"] == pytest.approx(row["test_near"] / 0.8)
    assert row["test_near skill"] == pytest.approx((row["test_near"] - 0.2) / 0.6)
    assert "test_far skill" not in row
    assert not [name for name in board([one], "macro-f1", references) if "skill" in name]


def test_kaggle_scores_stand_in_columns_of_their_own(country: Run) -> None:
    one = replace(
        run_scores(country, multilabel()), kaggle=KaggleScore("geolifeclef-2025", 0.17, None, "2025-05-01")
    )
    row = board([one], "samples-f1", {}).iloc[0]
    assert row["public"] == 0.17
    assert math.isnan(row["private"])
    assert math.isnan(board([one], "macro-f1", {}).iloc[0]["public"])


def test_less_is_better_for_errors(tmp_path: Path) -> None:
    data = DATASETS["regression"]()
    good, bad = (
        handed_in(tmp_path, f"v{value}", "surveyId,value\n" + "".join(f"{s},{value}\n" for s in VALIDATION), data)
        for value in (5, 100)
    )
    table = board([run_scores(run, data) for run in (bad, good)], "rmse", {})
    assert table["run"].tolist() == ["v5", "v100"]
    found = difference(good, bad, data, "validation", METRICS["rmse"])
    assert found is not None
    assert found.value > 0


def test_scores_not_on_the_card_come_from_what_is_stored(country: Run) -> None:
    card = country.card
    only = replace(card, stored_scores={"validation": card.stored_scores["validation"]})
    bare = Run(country.path, country.config)
    bare.__dict__["card"] = only
    assert run_scores(bare, multilabel()).scores["test_near"] == pytest.approx(
        evaluate(country, multilabel(), "test_near")
    )


def test_the_measures_of_a_board_begin_with_the_headline(country: Run) -> None:
    one = run_scores(country, multilabel())
    assert measures([one], TargetKind.MULTILABEL)[0] == "samples-f1"
    assert "auc" in measures([one], TargetKind.MULTILABEL)
    assert measures([RunScores(country, {}, None)], TargetKind.MULTILABEL) == []


def test_a_paired_difference_by_hand(tmp_path: Path, perfect: Run) -> None:
    data = multilabel()
    other = handed_in(tmp_path, "other", sets(VALIDATION, "3"))
    found = difference(perfect, other, data, "validation", F1)
    sizes = np.diff(data.targets.values[12:15].indptr)
    assert found is not None
    assert found.value == pytest.approx(np.mean(1 - 2 / (1 + sizes)))
    assert found.surveys == 3
    assert found.decided
    same = difference(perfect, perfect, data, "validation", F1)
    assert same is not None
    assert (same.value, same.decided) == (0, False)


def test_a_difference_below_that_of_seeds_is_not_settled(country: Run) -> None:
    def trained(seed: int, value: float, lr: float = 1e-3) -> RunScores:
        run = Run(
            country.path, replace(country.config, training=replace(country.config.training, seed=seed, lr=lr))
        )
        run.__dict__["card"] = country.card
        return RunScores(run, {"test_far": {"samples-f1": Score(value, 600, 0)}}, None)

    every = [trained(0, 0.40), trained(1, 0.43), trained(2, 0.41), trained(0, 0.44, lr=1e-2)]
    pair = [every[-1].run, every[0].run]
    assert seed_spread(pair, every, "test_far", "samples-f1") == pytest.approx(0.03)
    assert math.isnan(seed_spread(pair[:1], every, "test_far", "samples-f1"))
    assert math.isnan(seed_spread(pair, every, "validation", "samples-f1"))
    ensemble = replace(country.card, members=(Member("a", 1.0, "x", None),))
    pair[1].__dict__["card"] = ensemble
    assert math.isnan(seed_spread(pair, every, "test_far", "samples-f1"))
    assert not Difference(0.02, 0.01, 0.03, 600).settled(0.03)
    assert not Difference(0.04, -0.01, 0.09, 600).settled(math.nan)


def test_scores_belong_to_their_data(country: Run) -> None:
    assert belongs(country, multilabel()) is None
    assert "others" in str(belongs(country, replace(multilabel(), fingerprint="changed")))
    assert "regression" in str(belongs(country, DATASETS["regression"]()))


def test_a_run_gives_its_submission(tmp_path: Path, country: Run) -> None:
    path = tmp_path / "s.csv"
    assert write_run_submission(country, multilabel(), path) == 5
    assert sorted(read_sets(path).survey_id.tolist()) == [*NEAR_AND_FAR]
    only = handed_in(tmp_path, "validated", sets(VALIDATION))
    with pytest.raises(RunError, match="no predictions of test"):
        write_run_submission(only, multilabel(), path)


def test_every_published_figure_stands_once_in_its_column() -> None:
    seen: list[tuple[str, str, str]] = []
    for study in STUDIES:
        table = published(study)
        assert table["source"].isin(study.sources).all()
        for key in study.measures:
            shown = table[["model", key]].dropna().itertuples(index=False, name=None)
            seen += [(model, key, printed) for model, printed in shown]
    assert sorted(seen) == sorted((s.model, s.measure.key, s.printed) for s in SCORES)


def test_the_studies_as_printed() -> None:
    tables = {study.key: published(study) for study in STUDIES}
    satellite = tables["satellite"].set_index("model")
    assert satellite.loc["LandSatMLP", ["public-2025", "private-2025"]].tolist() == ["0.16752", "0.14893"]
    assert not satellite.index.str.contains("LSTM").any()
    fusion = tables["fusion"].set_index("model")
    assert fusion.loc["Ensemble of the four fusions", "reported_only"]
    assert "cannot produce it" in fusion.loc["Ensemble of the four fusions", "remark"]
    assert "MaxViT-T" in fusion.loc["ConvNeXt-Large fusion", "remark"]
    assert fusion.loc["SwinV2-Base fusion", "setting"] == "top-17"


def test_a_column_never_mixes_measures_of_different_data() -> None:
    for study in STUDIES:
        kaggle = {MEASURES[key].data for key in study.measures if "Kaggle" in MEASURES[key].title}
        assert len(kaggle) <= 1


def test_ours_is_the_same_design_on_the_same_view(country: Run) -> None:
    def as_model(name: str, view: str, lr: float = 1e-3) -> RunScores:
        config = replace(country.config, training=replace(country.config.training, lr=lr))
        run = Run(country.path, config)
        run.__dict__["card"] = replace(country.card, model=name, view=view)
        return RunScores(run, {}, None)

    slow, fast = (as_model("landsat-lstm", "single-label", lr) for lr in (1e-4, 5e-4))
    every = [as_model("landsat-lstm", ""), slow, fast, as_model("landsat-mlp", "")]
    assert ours("LSTM, single-label", LSTM_REPORT, LOW_RATE, every) == [slow]
    assert ours("LSTM, single-label", LSTM_REPORT, HIGH_RATE, every) == [fast]
    assert ours("LandSatMLP", SATELLITE_REPORT, "", every) == every[-1:]
    assert ours("First place 2025", FIELD_2025, "", every) == []
