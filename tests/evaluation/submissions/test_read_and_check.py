"""Entries: every bad line is told; what is good is what the data set asks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.evaluation.submissions.check import check_submission
from sdm.evaluation.submissions.read import read_submission
from sdm.formats.problem import Problem
from tests.datasets import DATASETS, multilabel
from tests.submissions import NEAR_AND_FAR, VALIDATION, sets, written


@pytest.fixture
def data() -> Dataset:
    return multilabel()


def problems(tmp_path: Path, text: str, kind: str = "multilabel") -> list[str]:
    return [str(problem) for problem in check_submission(written(tmp_path, text), DATASETS[kind]()).problems]


def test_a_control_character_before_an_id_is_read_over(tmp_path: Path) -> None:
    submission, bad = read_submission(written(tmp_path, "surveyId,predictions\n115,3 42\n\x1f116,3\n"))
    assert submission.survey_id.tolist() == [115, 116]
    assert not bad


@pytest.mark.parametrize(
    "text",
    [
        sets(NEAR_AND_FAR),
        "surveyId,speciesId,probability\n" + "".join(f"{s},{k},0.5\n" for s in NEAR_AND_FAR for k in (3, 42)),
        "surveyId,3,42\n" + "".join(f"{s},0.5,0.5\n" for s in NEAR_AND_FAR),
    ],
)
def test_every_form_of_the_same_entry(tmp_path: Path, data: Dataset, text: str) -> None:
    checked = check_submission(written(tmp_path, text), data)
    assert checked.valid
    assert checked.splits == ("test_far", "test_near")
    assert checked.submission is not None
    assert checked.submission.class_ids.tolist() == [3, 42]
    assert checked.submission.line.tolist()[0] == 2
    assert sorted(data.sites["survey_id"].to_numpy()[checked.rows]) == [*NEAR_AND_FAR]
    assert (checked.submission.values.toarray() == (1 if checked.submission.holds == "sets" else 0.5)).all()


def test_the_split_is_the_one_its_surveys_are_in(tmp_path: Path, data: Dataset) -> None:
    assert check_submission(written(tmp_path, sets(VALIDATION)), data).splits == ("validation",)


def test_all_problems_are_told_by_line(tmp_path: Path) -> None:
    text = sets(range(115, 118)) + "115,3\n118,\n119,9999\n7,3\n100,3\n116,x\n"
    assert problems(tmp_path, text) == [
        "line 5: survey 115 was on line 2 already",
        "line 6: survey 118 has no species; expected at least one",
        "line 7: unknown species 9999",
        "line 8: unknown survey 7",
        "line 9: survey 100 is not in test_far and test_near",
        "line 10: no id; expected a whole number, 0 to 2147483647; got x",
    ]


def test_missing_surveys_are_counted_and_named(tmp_path: Path) -> None:
    assert problems(tmp_path, sets(range(115, 117))) == ["3 of 5 surveys are missing: 117, 118, 119"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("surveyId,speciesId,probability\n115,3,1.5\n", "line 2: 1.5 is no probability"),
        ("surveyId,speciesId,probability\n115,3,\n", "line 2: nan is no probability"),
        ("surveyId,speciesId,probability\n115,3,x\n", "line 2: column probability: not a number"),
        ("surveyId,speciesId,probability\n115,3,.1\n115,3,.2\n", "line 3: species 3 of this survey"),
        ("surveyId,speciesId,probability\n115,-3,.1\n", "line 2: -3 is no species id"),
        ("surveyId,speciesId,probability\n115,3,0\n", "line 2: survey 115 has no species of any probability"),
        ("surveyId,3,9999\n115,.1,.2\n", "line 1: unknown species 9999"),
        ("surveyId,3,42\n115,.1,.2\n115,.1,.2\n", "line 3: survey 115 was on a line before"),
        ("surveyId,3,42\n115,.1,-2\n", "line 2: -2.0 is no probability"),
        ("surveyId,3,42\n-115,.1,.2\n", "line 2: -115 is no survey id"),
        ("surveyId,speciesId,probability\n-115,3,.1\n", "line 2: -115 is no survey id"),
        ("surveyId,value\n-115,2\n", "line 2: -115 is no survey id"),
        ("surveyId,speciesId,probability\n115,3,.9", "the last line has no end"),
        ("surveyId,3,42\n115,0,0\n", "line 2: survey 115 has no species"),
        ("surveyId,3,3\n115,0,1\n", "columns that occur twice"),
        ("surveyId,03\n115,1\n", "line 1: not a header known here"),
        ("surveyId\n115\n", "line 1: not a header known here"),
        ("=1+1,<b>\n1,2\n", "line 1: not a header known here"),
        ("", "the table is empty"),
        ("surveyId,value\n115,2\n", "line 1: values for a multilabel target"),
    ],
)
def test_tables_of_probabilities_are_refused_by_line(tmp_path: Path, text: str, says: str) -> None:
    assert any(says in problem for problem in problems(tmp_path, text)), problems(tmp_path, text)


def test_each_kind_takes_its_own(tmp_path: Path) -> None:
    classes = "surveyId,predictions\n" + "".join(f"{survey},1\n" for survey in NEAR_AND_FAR)
    values = "surveyId,value\n" + "".join(f"{survey},4.5\n" for survey in NEAR_AND_FAR)
    assert not problems(tmp_path, classes, "multiclass")
    assert "line 2: survey 115 has several classes" in problems(tmp_path, sets(NEAR_AND_FAR, "1 2"), "multiclass")
    assert not problems(tmp_path, values, "regression")
    assert "sets for a regression target; expected values" in problems(tmp_path, classes, "regression")[0]
    broken = problems(tmp_path, values + "118,1\n119,\n120,1e300\n", "regression")
    assert broken == [
        "line 7: survey 118 was on a line before",
        "line 8: survey 119 has no value",
        "line 8: survey 119 was on a line before",
        "line 9: survey 120 has no value",
    ]


def test_without_a_species_table_surveys_are_checked_all_the_same(tmp_path: Path, real_tree: Path) -> None:
    from sdm.data.open import open_dataset

    data = open_dataset(real_tree)
    ids = data.sites["survey_id"].to_numpy(np.int64)
    text = "surveyId,predictions\n" + "".join(f"{survey},1 5\n" for survey in ids.tolist())
    checked = check_submission(written(tmp_path, text), data)
    assert checked.valid
    assert checked.unchecked.tolist() == [1, 5]
    assert "1, 5" in checked.unchecked_sentence() and "14,784" in checked.checked_sentence()
    fewer = check_submission(written(tmp_path, text.rsplit("\n", 2)[0]), data)
    assert str(fewer.problems[0]).startswith("1 of 14,784 surveys are missing")


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read_submission(tmp_path)
    assert Problem.of(DataError("no survey")).line is None
