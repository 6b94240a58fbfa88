"""Figures of scores: what is drawn is what the table says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.figures.scores import intervals, local_against_hidden, published

HOSTILE = "<img src=x onerror=alert(1)>" + "x" * 10_000


@pytest.fixture
def board() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rank": [1, 2],
            "model": ["CNN on Landsat", HOSTILE],
            "run": ["a", "b"],
            "validation": [0.6, 0.5], "validation low": [0.58, 0.47], "validation high": [0.63, 0.52],
            "test_far": [0.4, np.nan], "test_far low": [0.38, np.nan], "test_far high": [0.41, np.nan],
            "public": [np.nan, np.nan], "private": [np.nan, np.nan],
        }
    )  # fmt: skip


def test_every_score_with_its_interval(board: pd.DataFrame) -> None:
    figure = intervals(board, "samples-F1 (0 to 1)", {"test_far": 0.7})
    validation, far = figure.plot.data
    assert list(validation.x) == [0.6, 0.5]
    assert np.allclose(validation.error_x.array, [0.03, 0.02])
    assert np.allclose(validation.error_x.arrayminus, [0.02, 0.03])
    assert far.name == "test, far"
    assert figure.plot.layout.shapes[0].x0 == 0.7
    assert figure.plot.layout.xaxis.title.text == "samples-F1 (0 to 1)"
    assert "1 · CNN on Landsat: local validation 0.6, test, far 0.4" in figure.alt
    assert "best reachable test, far 0.7" in figure.alt


def test_the_axis_of_one_score_stays_near_it(board: pd.DataFrame) -> None:
    one = board.head(1).assign(
        **dict.fromkeys([name for name in board if name.startswith(("test", "public"))], np.nan)
    )
    one = one.assign(validation=0.8, **{"validation low": np.nan, "validation high": np.nan})
    assert list(intervals(one, "AUC", {}).plot.layout.xaxis.range) == [0.72, 0.88]
    assert intervals(one, "AUC", {"validation": 0.9}).plot.layout.xaxis.range is None
    assert intervals(board, "AUC", {}).plot.layout.xaxis.range is None
    equal = local_against_hidden(board.head(1).assign(validation=0.5, test_far=0.5), "AUC")
    assert equal is not None and list(equal.plot.data[0].x) == [0.45, 0.55]


def test_names_are_short_and_text(board: pd.DataFrame) -> None:
    labels = intervals(board, "samples-F1", {}).plot.layout.yaxis.ticktext
    assert labels[0] == "1 · CNN on Landsat"
    assert labels[1].startswith("2 · &lt;img")
    assert len(labels[1]) < 80


def test_models_that_read_alike_go_by_their_runs(board: pd.DataFrame) -> None:
    alike = board.assign(model="A network of a very long name, small", run=["lstm-lr1e-4", "lstm-lr5e-4"])
    alike.loc[1, "model"] = "A network of a very long name, large"
    figure = intervals(alike, "samples-F1", {})
    assert list(figure.plot.layout.yaxis.ticktext) == ["1 · lstm-lr1e-4", "2 · lstm-lr5e-4"]
    assert "1 · lstm-lr1e-4: local validation" in figure.alt


def test_intervals_are_promised_only_where_there_are_some(board: pd.DataFrame) -> None:
    ends = [name for name in board if name.endswith((" low", " high"))]
    without = intervals(board.assign(**dict.fromkeys(ends, np.nan)), "micro-F1", {})
    assert "interval" in intervals(board, "samples-F1", {}).caption
    assert "interval" not in without.caption
    assert set(without.plot.data[0].customdata) == {""}


def test_an_empty_board(board: pd.DataFrame) -> None:
    assert len(intervals(board[:0], "samples-F1", {}).table) == 0


def test_local_against_hidden_needs_both(board: pd.DataFrame) -> None:
    figure = local_against_hidden(board, "samples-F1")
    assert figure is not None
    promise, far = figure.plot.data
    assert list(promise.x) == list(promise.y)
    assert (list(far.x), list(far.y), list(far.text)) == ([0.6], [0.4], [1])
    assert local_against_hidden(board.assign(test_far=np.nan), "samples-F1") is None
    assert local_against_hidden(board.drop(columns="validation"), "samples-F1") is None


def test_kaggle_scores_are_points_without_intervals(board: pd.DataFrame) -> None:
    figure = local_against_hidden(board.assign(public=[0.2, 0.1], test_far=np.nan), "samples-F1")
    assert figure is not None
    assert [trace.name for trace in figure.plot.data] == ["equal", "Kaggle public"]
    assert figure.plot.data[1].error_y.array is None


def test_published_figures_are_drawn_as_printed() -> None:
    table = pd.DataFrame(
        {
            "model": ["A", "B"], "setting": ["", "top-18, weights"], "reported_only": [False, True],
            "public": [".2", None], "private": [".1", ".3"],
        }
    )  # fmt: skip
    figure = published(table, {"public": "Kaggle public", "private": "Kaggle private"})
    assert [trace.name for trace in figure.plot.data] == ["Kaggle public", "Kaggle private"]
    assert list(figure.plot.data[1].x) == [0.1, 0.3]
    assert list(figure.plot.data[1].marker.symbol) == ["circle", "circle-open"]
    assert "Hollow" in figure.caption
    assert list(figure.plot.layout.yaxis.ticktext) == ["A", "B (top-18)"]
    assert "A: Kaggle public .2, Kaggle private .1" in figure.alt
