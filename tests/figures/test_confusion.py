"""Figures of confusion: what they draw, what a click carries, what they say in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from plotly.io import to_json

from sdm.evaluation.confusion.block import block
from sdm.evaluation.confusion.multiclass import class_matrix, class_outcomes, per_survey
from sdm.evaluation.confusion.outcome_scores import per_species
from sdm.evaluation.confusion.outcomes import Outcome
from sdm.evaluation.confusion.pairs import predicted_instead
from sdm.evaluation.confusion.regression import references, residuals
from sdm.figures import confusion
from sdm.figures.residuals import actual_against_predicted
from sdm.number_format import percent
from tests.datasets import multiclass, regression
from tests.evaluation.confusion.dense import classes, judge

TRUTH = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]])
GIVEN = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 1, 0]])
JUDGED, NAMED = judge(TRUTH, GIVEN), classes(3)


def test_species_bars_carry_species_and_outcome():
    figure = confusion.species_bars(per_species(JUDGED, NAMED))
    hits, misses, alarms = figure.plot.data
    assert (list(hits.x), list(misses.x), list(alarms.x)) == ([1, 0, 0], [2, 0, 1], [0, 3, 0])
    assert alarms.customdata == ([0, Outcome.FALSE_ALARM], [1, Outcome.FALSE_ALARM], [2, Outcome.FALSE_ALARM])
    assert list(figure.plot.layout.yaxis.ticktext) == ["<i>A</i>", "<i>B</i>", "<i>C</i>"]
    assert figure.plot.layout.xaxis.title.text == "Surveys"
    assert figure.alt == (
        "3 species with 1 hits, 3 misses, 3 false alarms together. First A: 1 of 3 surveys found, 0 false alarms."
    )


def test_bars_beyond_the_first_thirty_are_counted_in_the_caption():
    table = per_species(judge(np.eye(40), np.eye(40)), pd.DataFrame({"class_id": range(40), "name": ["x"] * 40}))
    figure = confusion.species_bars(table)
    assert len(figure.plot.data[0].x) == 30
    assert "The first 30 of 40 are drawn." in figure.caption
    assert len(figure.table) == 40


def test_pair_bars_carry_the_pair():
    pairs = predicted_instead(JUDGED, NAMED, min_support=1)
    figure = confusion.pair_bars(pairs)
    (bars,) = figure.plot.data
    assert list(bars.x) == pairs["lift"].tolist() == [4 / 3, 2 / 3]
    assert bars.customdata == ([2, 1], [0, 1])
    assert "Lift" in figure.plot.layout.xaxis.title.text
    assert figure.alt == "2 pairs of species; first B instead of C at 1 survey, lift 1.33."


def test_tested_pairs_are_drawn_by_their_ratio():
    pairs = predicted_instead(JUDGED, NAMED, min_support=1).drop(columns="lift")
    figure = confusion.pair_bars(pairs.assign(ratio=[3.0, 2.0], p_value=[0.001, 0.01], q_value=[0.01, 0.04]))
    (bars,) = figure.plot.data
    assert list(bars.x) == [3, 2]
    assert "lift" not in figure.alt


def test_matrix_parts_hits_from_errors():
    figure = confusion.matrix(block(JUDGED, NAMED, np.array([0, 1, 2])))
    errors, hits, targets = figure.plot.data
    nan = np.nan
    np.testing.assert_array_equal(np.array(errors.z), [[nan, 1, nan], [nan, nan, nan], [nan, 1, nan]])
    np.testing.assert_array_equal(np.array(hits.z), [[1, nan, nan], [nan, nan, nan], [nan, nan, nan]])
    assert (list(targets.x), list(targets.y)) == ([0, 1, 2] * 3, [0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert list(targets.customdata[1]) == [0, 1]
    assert targets.marker.opacity == 0
    assert targets.text[0] == "A found<br>surveys: 1, 33\u202f% of those with A"
    assert (
        targets.text[1] == "A missed, B predicted<br>surveys: 1, 33\u202f% of those with A<br>"
        "expected: 1.5, observed / expected: 0.667"
    )
    assert targets.text[3] == "B missed, A predicted<br>surveys: 0<br>expected: 0, observed / expected: –"
    assert figure.alt == (
        "Matrix of 3 classes: 1 hits on the diagonal, 2 pairs mistaken; most often B instead of A at 1 survey."
    )


def test_matrix_of_shares_and_without_errors():
    truth = np.array([0, 1, 2, 3])
    cells = class_matrix(class_outcomes(truth, truth, 4), multiclass().targets.classes)
    figure = confusion.matrix(cells, "row_share")
    assert np.diag(np.array(figure.plot.data[1].z)).tolist() == [1, 1, 1, 1]
    assert not figure.plot.data[0].showscale
    assert "4 hits on the diagonal, none predicted instead" in figure.alt
    assert "share" in figure.caption
    assert figure.plot.data[1].text[0][0] == percent(1, 0)


def test_cells_of_shares_are_written_as_shares_are_in_words():
    cells = class_matrix(class_outcomes(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2), classes(2))
    errors, hits, _ = confusion.matrix(cells, "row_share").plot.data
    assert (hits.text[0][0], errors.text[0][1], errors.text[1][0]) == (percent(2 / 3, 0), percent(1 / 3, 0), "–")
    assert set(errors.colorbar.ticktext) <= {percent(i / 100, 0) for i in range(101)}


def test_actual_against_predicted_carries_the_survey():
    targets = regression().targets
    predicted = np.add(targets.values, 1)
    predicted[4] = np.nan
    figure = actual_against_predicted(residuals(targets.values, predicted), targets.unit)
    line, points = figure.plot.data
    assert list(line.x) == list(line.y) == [1, 10]
    assert [row for (row,) in points.customdata] == [*range(4), *range(5, 20)]
    assert figure.plot.layout.xaxis.title.text == "Actual (lime 1..9)"
    assert "at 19 surveys: mean absolute error 1 (lime 1..9); 100\u202f% are predicted too high" in figure.alt


def test_many_surveys_are_thinned_and_it_says_so():
    figure = actual_against_predicted(residuals(np.arange(5001), np.arange(5001)))
    assert len(figure.plot.data[1].x) == confusion.MOST_POINTS
    assert (figure.plot.data[1].x[0], figure.plot.data[1].x[-1]) == (0, 5000)
    assert "2,000 of 5,001 surveys are drawn" in figure.caption


def test_true_and_predicted_class_of_each_survey():
    targets = multiclass().targets
    surveys = per_survey(targets.values, np.roll(targets.values, 2), targets.classes)
    figure = confusion.true_and_predicted(surveys)
    truth, predicted = figure.plot.data
    assert list(truth.y[:4]) == [0, 1, 2, 3]
    assert list(predicted.y[:4]) == [2, 3, 0, 1]
    assert predicted.text[0] == "V1-C-1"
    assert predicted.customdata[19] == [19]
    assert list(figure.plot.layout.yaxis.ticktext) == targets.classes["name"].tolist()
    assert figure.alt == "True and predicted class of 20 surveys in 4 true classes; right: 0."


def test_names_are_text_and_short():
    named = NAMED.assign(name=["<b>bold</b>", "Species nova subspecies prolixa", "Salt & pepper"])
    names = confusion.species_bars(per_species(JUDGED, named), italic=False).plot.layout.yaxis.ticktext
    assert list(names) == ["&lt;b&gt;bold&lt;/b&gt;", "Species nova subspecies…", "Salt &amp; pepper"]


def test_empty_tables_say_so():
    nothing = judge(np.zeros((0, 1)), np.zeros((0, 1)))
    table = per_species(nothing, classes(1))
    none = np.array([], int)
    figures = [
        confusion.species_bars(table.head(0)),
        confusion.pair_bars(predicted_instead(nothing, classes(1))),
        confusion.matrix(block(nothing, classes(1), np.array([0]))),
        actual_against_predicted(residuals(none, none)),
        confusion.true_and_predicted(per_survey(none, none, classes(1))),
    ]
    for figure, words in zip(figures, ("no species", "no pair", "0 hits", "no survey", "no survey"), strict=True):
        assert words in figure.alt
        assert to_json(figure.plot)


def test_large_matrices_stand_in_groups():
    names = [f"T{1 + i // 4}-C-{i}" for i in range(16)]
    many = pd.DataFrame({"class_id": range(16), "name": names})
    cells = class_matrix(class_outcomes(np.arange(16), np.arange(16), 16), many)
    figure = confusion.matrix(cells, groups=[name.split("-")[0] for name in names], item="pixel")
    assert list(figure.plot.layout.xaxis.ticktext) == ["T1", "T2", "T3", "T4"]
    assert [shape.y0 for shape in figure.plot.layout.shapes if shape.y0 == shape.y1] == [3.5, 7.5, 11.5]
    assert "pixels" in figure.caption
    coded = confusion.matrix(cells, titles={"T1-C-0": "bare rock"})
    assert "T1-C-0 bare rock" in coded.plot.data[2].text[0]
    assert coded.caption != confusion.matrix(cells).caption
    alone = confusion.matrix(cells, groups=names)
    assert not alone.plot.layout.shapes


def test_numbers_are_compared_with_what_needs_no_model():
    actual = np.arange(1.0, 10)
    others = references(actual, actual)
    figure = actual_against_predicted(residuals(actual, actual), "lime", others, "pixel")
    assert [list(trace.y) for trace in figure.plot.data[2:]] == [[5.0, 5.0], [5.0, 5.0]]
    assert "6.67" in figure.plot.data[2].name
    assert references(np.zeros(0), actual) == ()
