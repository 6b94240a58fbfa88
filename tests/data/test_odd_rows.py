"""Survey ids that cannot be right are counted and named by line, by the reader and by `check`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.check import check
from sdm.data.odd_rows import NEGATIVE, OTHER_PLACE, odd_row_problems, odd_rows
from sdm.data.tree import open_tree

TRAIN = "GLC25_PA_metadata_train.csv"


def test_rows_far_from_the_first_of_their_survey() -> None:
    rows = pd.DataFrame(
        [(7, 10.0, 50.0), (8, 0.0, 0.0), (7, 10.0005, 50.0), (7, 10.01, 50.0), (8, np.nan, 0.0), (8, np.inf, 0.0),
         (9, np.nan, 1.0), (9, 5.0, 1.0), (-3, 1.0, 1.0), (10, 180.0, 3.0), (10, -180.0, 3.0)],
        columns=["surveyId", "lon", "lat"],
    )  # fmt: skip
    odd = odd_rows(rows)
    assert {kind: at.tolist() for kind, at in odd.items()} == {NEGATIVE: [8], OTHER_PLACE: [3]}


def test_nothing_odd(tmp_path: Path) -> None:
    rows = pd.DataFrame({"surveyId": [1, 1], "lon": [2.0, 2.0], "lat": [3.0, 3.0]})
    assert odd_row_problems(tmp_path / "absent.csv", rows) == {}
    assert odd_row_problems(tmp_path / "absent.csv", rows.iloc[:0]) == {}


def test_reader_and_check_name_the_lines(own_tree: Path) -> None:
    table = own_tree / TRAIN
    assert not open_tree(own_tree).problems
    rows = pd.read_csv(table, dtype=str)
    again = rows.iloc[[0]].assign(lat=str(float(rows["lat"].iloc[0]) + 1))
    minus = rows.iloc[[1]].assign(surveyId="-5")
    pd.concat([rows, again, minus]).to_csv(table, index=False)
    problems = open_tree(own_tree).problems
    assert [problem.line for problem in problems] == [len(rows) + 2, len(rows) + 3]
    assert problems.total == 2 and rows["surveyId"].iloc[0] in problems[0].what and "-5" in problems[1].what
    findings = {finding.subject: finding for finding in check(own_tree).findings}
    for kind in (NEGATIVE, OTHER_PLACE):
        finding = findings[f"PA-train {kind}"]
        assert (finding.level, finding.count, finding.of) == ("wrong", 1, len(rows) + 2)
        assert "line " in finding.detail
