"""The same model under several schemes: runs that differ in nothing else, the loosest first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.evaluation.leaderboard.run_scores import RunScores, run_scores
from sdm.evaluation.leaderboard.schemes import COLUMNS, scheme_table
from sdm.evaluation.metrics import Score
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import multiclass

METRIC = "accuracy"


def with_schemes() -> Dataset:
    data = multiclass()
    return replace(data, sites=data.sites.assign(split_site=data.sites["split_block"]))


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> list[RunScores]:
    """One model under three schemes, with made-up scores, another seed, and another model under one."""
    data, folder = with_schemes(), tmp_path_factory.mktemp("runs")

    def trained(name: str, value: float, model: str = "nearest-surveys", **options: object) -> RunScores:
        run = train(data, folder / name, TrainingOptions(model, **options), Runtime(device="cpu"))  # type: ignore[arg-type]
        scores = {"validation": {METRIC: Score(value, 3, 0, value - 0.1, value + 0.1)}}
        return replace(run_scores(run, data), scores=scores)

    return [
        trained("site", 0.3, scheme="site"), trained("block", 0.5), trained("random", 0.9, scheme="random"),
        trained("seed", 0.4, seed=1),
    ]  # fmt: skip


def test_loosest_first_with_the_leak(standings: list[RunScores]) -> None:
    table = scheme_table(standings, METRIC)
    assert tuple(table) == COLUMNS
    assert table["scheme"].tolist() == ["random", "block", "site"] == table["run"].tolist()
    assert table["leak"].tolist() == pytest.approx([np.nan, 0.4, 0.6], nan_ok=True)
    assert table["low"].tolist() == pytest.approx([0.8, 0.4, 0.2]) and set(table["rows"]) == {3}
    assert table["group"].nunique() == 1 and table["options"].tolist() == [""] * 3


def test_one_scheme_is_no_comparison(standings: list[RunScores]) -> None:
    assert scheme_table(standings[:1] + standings[3:], METRIC).empty
    assert scheme_table([], METRIC).empty


def test_without_the_random_scheme_no_leak(standings: list[RunScores]) -> None:
    table = scheme_table(standings[:2], METRIC)
    assert table["scheme"].tolist() == ["block", "site"] and table["leak"].isna().all()


def test_where_less_is_better(standings: list[RunScores]) -> None:
    errors = [
        replace(one, scores={"validation": {"rmse": Score(value, 3, 0, None, None)}})
        for one, value in zip(standings[:3], (3.0, 2.5, 1.0), strict=True)
    ]
    table = scheme_table(errors, "rmse")
    assert table["leak"].tolist() == pytest.approx([np.nan, 1.5, 2.0], nan_ok=True) and table["low"].isna().all()
