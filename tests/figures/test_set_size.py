"""Figures of set sizes and of certainty: what they draw, what they say in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from sdm.evaluation.calibration import bin_probabilities
from sdm.evaluation.calibration import reliability as reliability_table
from sdm.evaluation.calibration_report import (
    INTERVALS,
    NOTHING_TO_CHECK,
    coverage_sentence,
    coverage_table,
    share_at_thirty,
)
from sdm.evaluation.conformal import Coverage
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.set_size import curve, stops
from sdm.figures.reliability import coverage, reliability
from sdm.figures.set_size import set_size
from sdm.number_format import percent

PROBABILITY = np.linspace(0.9, 0.05, 30).astype(np.float32)
TRUTH = np.array([0, 2, 3])


def bench(truth: np.ndarray | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    at = stops(PROBABILITY, truth, [parse_decoder(text) for text in ("top-k:20", "expected-f1", "threshold:0.5")])
    at["role"] = ["other", "chosen", "own"]
    return curve(PROBABILITY, truth), at


def test_curves_and_stops() -> None:
    points, at = bench(TRUTH)
    figure = set_size(points, at)
    assert [trace.name for trace in figure.plot.data[:2]] == ["expected", "actual"]
    assert list(figure.plot.data[0].x) == list(range(1, 31))
    drawn = {trace.marker.symbol: list(trace.x) for trace in figure.plot.data if trace.text is not None}
    assert drawn["diamond"] == at["size"].tolist()[2:]
    labels = [text for trace in figure.plot.data if trace.text is not None for text in trace.text]
    assert "  top-k:20 · 20  " in labels
    assert figure.plot.layout.xaxis2.title.text == "Species predicted, k"
    assert "The actual F1 is highest at k = 4" in figure.alt
    assert "top-k:20 20" in figure.alt
    assert figure.table["decoders"].iloc[19] == "top-k:20"
    assert "Orange" in figure.caption


def test_without_a_record_there_is_one_curve() -> None:
    figure = set_size(*bench(None))
    assert "Orange" not in figure.caption
    assert "record" not in figure.alt
    assert "f1" not in figure.table


def test_the_axis_has_room_for_every_set_and_the_words_know_all() -> None:
    probabilities = np.linspace(0.9, 0.05, 300).astype(np.float32)
    points = curve(probabilities, np.array([250]))
    for text, last in (("top-k:5", 40), ("top-k:100", 135), ("top-k:300", 300)):
        at = stops(probabilities, np.array([250]), [parse_decoder(text)]).assign(role="chosen")
        figure = set_size(points, at)
        assert figure.plot.data[0].x[-1] == last
        assert len(figure.table) == 300
        assert "The actual F1 is highest at k = 251" in figure.alt


def tables() -> dict[str, pd.DataFrame]:
    probability = np.repeat([[0.05, 0.35]], 10, axis=0)
    truth = np.zeros((10, 2))
    truth[:3, 1] = 1
    return {"near": reliability_table(bin_probabilities(csr_matrix(truth), probability))}


def test_reliability() -> None:
    figure = reliability(tables())
    diagonal, line, columns = figure.plot.data
    assert list(diagonal.x) == list(diagonal.y) == [0, 1]
    np.testing.assert_allclose(line.y, [0, 0.3])
    assert list(columns.y) == [10, 10]
    assert figure.plot.layout.yaxis2.type == "log"
    assert "near: furthest off where 5.0\u202f% was predicted and 0\u202f% observed" in figure.alt
    assert figure.table["surveys"].tolist() == ["near", "near"]


def test_thirty_per_cent_in_words() -> None:
    near = tables()["near"]
    assert share_at_thirty({"near": near}) == "Where 30 to 40 % was predicted, observed were 30\u202f% (near)."
    assert share_at_thirty({"a": near, "b": near, "c": near}).endswith(
        "30\u202f% (a), 30\u202f% (b) and 30\u202f% (c)."
    )
    assert share_at_thirty({"near": near[near["low"] < 0.1]}) == "Nowhere was 30 to 40 % predicted."


def test_coverage() -> None:
    found = {0.8: {"test_near": kept(0.81), "test_far": kept(0.7)}, 0.9: {"test_near": kept(0.9)}}
    table = coverage_table(found)
    assert list(table) == ["split", "stated", "measured", "low", "high", "size", "surveys", "foretold"]
    figure = coverage(table, 0.85, {"test_near": "near", "test_far": "far <b>"})
    assert [trace.name for trace in figure.plot.data] == ["as stated", "near", "far &lt;b&gt;"]
    assert figure.plot.layout.shapes[0].x0 == 0.85
    assert "near: 81\u202f% of 80\u202f%, 90\u202f% of 80\u202f%" in figure.alt


def kept(measured: float, surveys: int = 100) -> Coverage:
    return Coverage(0.8, measured, measured - 0.02, measured + 0.02, 20.0, surveys)


@pytest.mark.parametrize(
    ("near", "far", "words"),
    [
        (0.81, 0.70, "holds near but falls short by 10 points far"),
        (0.79, 0.83, "holds near and far"),
        (0.75, 0.60, "falls short by 5 points near and 20 points far"),
        (0.60, 0.80, "holds far but falls short by 20 points near"),
    ],
)
def test_the_lesson_is_what_was_measured(near: float, far: float, words: str) -> None:
    told = coverage_sentence(0.8, {"near": kept(near), "far": kept(far)})
    assert words in told
    assert told.endswith(INTERVALS)


def test_without_an_interval_the_measured_share_decides() -> None:
    alone = replace(kept(0.7), low=np.nan, high=np.nan)
    assert "falls short by 10 points far" in coverage_sentence(0.8, {"near": kept(0.81), "far": alone})


def test_captions_say_what_the_bars_leave_out() -> None:
    assert "as if all pairs were independent" in reliability(tables()).caption
    table = coverage_table({0.8: {"test_near": kept(0.81)}})
    assert "whole blocks" in coverage(table, 0.8, {"test_near": "near"}).caption


def test_a_size_that_is_not_known_is_not_told() -> None:
    found = {0.5: {"near": replace(kept(0.6), size=np.nan)}, 0.8: {"near": kept(0.8)}}
    line = coverage(coverage_table(found), 0.8, {"near": "near"}).plot.data[1]
    assert [text.partition("<br>")[2] for text in line.customdata] == ["", "20.0 species a set"]
    assert [text.partition("<br>")[0] for text in line.customdata] == [
        f"stated {percent(0.8)}, inside {percent(inside, 1)}" for inside in (0.6, 0.8)
    ]


def test_without_records_nothing_is_claimed() -> None:
    assert coverage_sentence(0.8, {}) == coverage_sentence(0.8, {"near": kept(np.nan, 0)}) == NOTHING_TO_CHECK
