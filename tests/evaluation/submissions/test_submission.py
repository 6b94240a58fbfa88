"""Submissions: what is written is read back; what would be refused is named with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.evaluation.submissions.read import read_sets, read_truth
from sdm.evaluation.submissions.submission_score import require_surveys, score_submission
from sdm.evaluation.submissions.write import write_submission

GOOD = "surveyId,predictions\n7,1 5\n3,5\n"


def written(tmp_path: Path, text: str, name: str = "submission.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(0, 2**31 - 1), st.sets(st.integers(0, 11_254), min_size=1), min_size=1))
def test_what_is_written_is_read_back(tmp_path: Path, species: dict[int, set[int]]) -> None:
    ids = np.array([*species], np.int64)
    class_ids = np.array(sorted(set.union(*species.values())), np.int64)
    dense = np.array([[c in species[survey] for c in class_ids] for survey in species])
    write_submission(tmp_path / "s.csv", ids, csr_matrix(dense), class_ids)
    back = read_sets(tmp_path / "s.csv")
    assert back.survey_id.tolist() == ids.tolist()
    assert [set(back.class_ids[row.indices]) for row in back.values] == list(species.values())


def test_the_format_is_the_competitions(tmp_path: Path) -> None:
    sets = csr_matrix([[0, 1, 1], [1, 0, 0]])
    write_submission(tmp_path / "s.csv", np.array([9, 4]), sets, np.array([700, 12, 3]))
    assert (tmp_path / "s.csv").read_bytes() == b"surveyId,predictions\n9,3 12\n4,700\n"


def test_nothing_invalid_is_written(tmp_path: Path) -> None:
    path, classes = tmp_path / "s.csv", np.array([1, 2])
    with pytest.raises(DataError, match=r"twice.*got 4"):
        write_submission(path, np.array([4, 4]), csr_matrix(np.eye(2)), classes)
    with pytest.raises(DataError, match=r"without species.*got 5"):
        write_submission(path, np.array([4, 5]), csr_matrix([[1, 0], [0, 0]]), classes)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the table is empty"),
        ("id,species\n1,2\n", "line 1: not a header known here.*surveyId,predictions"),
        ("surveyId;predictions\n1;2\n", "line 1: wrong header"),
        ("surveyId,predictions\n", "no survey"),
        (GOOD + "3,4\n", "line 4: survey 3 was on line 3"),
        (GOOD + "8,\n", "line 4: survey 8 has no species"),
        (GOOD + "8,nan\n", "line 4: no id.*got nan"),
        (GOOD + "8,1 x\n", "line 4: no id"),
        (GOOD + "8,-1\n", "line 4: no id"),
        (GOOD + "8,1.0\n", "line 4: no id"),
        (GOOD + "8,99999999999999999999\n", "line 4: no id"),
        (GOOD + "8,٣\n", "line 4: no id"),
        (GOOD + ",1\n", "line 4: no id"),
        (GOOD + "8,1,2\n", "line 4: wrong number of cells"),
        (GOOD + "8\n", "line 4: wrong number of cells"),
        (GOOD + "8,4 4\n", "line 4: species that occur twice"),
        (GOOD + '\n"8","1\n2"\n8,1\n', "line 7: survey 8 was on line 5"),
    ],
)
def test_malformed_files_are_refused_by_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as caught:
        read_sets(written(tmp_path, text))
    assert "submission.csv" in str(caught.value)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"surveyId,predictions\n1,\xff\xfe\n")
    with pytest.raises(DataError, match="not readable"):
        read_sets(tmp_path / "b.csv")
    with pytest.raises(DataError, match="missing"):
        read_sets(tmp_path / "absent.csv")
    with pytest.raises(DataError):
        read_sets(tmp_path)


def test_surveys_must_be_those_asked_for(tmp_path: Path) -> None:
    submission = read_sets(written(tmp_path, GOOD))
    require_surveys(submission, np.array([3, 7]))
    with pytest.raises(DataError, match=r"line 2: surveys not asked for.*got 7"):
        require_surveys(submission, np.array([3]))
    with pytest.raises(DataError, match=r"missing.*11, 12, 13, 14, 15 and 5 more"):
        require_surveys(submission, np.array([3, 7, *range(11, 21)]))


def test_score_by_hand_in_any_order_and_both_formats(tmp_path: Path) -> None:
    submission = read_sets(written(tmp_path, GOOD))
    expected = (1 + 2 * 1 / (1 + 2)) / 2
    sets = written(tmp_path, "surveyId,predictions\n3,5 9000\n7,5 1\n", "truth.csv")
    assert score_submission(submission, read_truth(sets)).value == pytest.approx(expected)
    rows = "speciesId,lon,surveyId\n9000.0,1,3\n5,1,3\n5,1,7\n5,1,7\n1,1,7\n"
    long = written(tmp_path, rows, "pa.csv")
    assert score_submission(submission, read_truth(long)).value == pytest.approx(expected)
    assert score_submission(submission, submission).value == 1


def test_surveys_of_a_square_are_drawn_together_where_the_truth_has_positions(tmp_path: Path) -> None:
    submission = read_sets(written(tmp_path, GOOD))

    def interval(text: str) -> tuple[float | None, float | None]:
        score = score_submission(submission, read_truth(written(tmp_path, text, "truth.csv")))
        return score.low, score.high

    rows = ["surveyId,speciesId,lon,lat", "3,5,{},50", "3,9000,{},50", "7,5,{},50", "7,1,{},50"]
    apart = "\n".join(rows).format(5.1, 5.1, 6.1, 6.1) + "\n"
    assert interval(apart) == (2 / 3, 1) == interval("surveyId,predictions\n3,5 9000\n7,5 1\n")
    assert interval(apart.replace("6.1", "5.2")) == (None, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("surveyId,speciesId\n7,1\n7,x\n", "line 3"),
        ("surveyId,speciesId\n7,1\n3,\n", "3"),
        ("surveyId,speciesId\n7,1\n3,-2\n", "line 3: no species id"),
        ("surveyId,genus\n7,1\n", "speciesId"),
        ("surveyId,predictions\n7,1\n7,2\n", "line 3"),
    ],
)
def test_malformed_truth_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_truth(written(tmp_path, text))


def test_truth_of_other_surveys(tmp_path: Path) -> None:
    submission = read_sets(written(tmp_path, GOOD))
    more = read_truth(written(tmp_path, GOOD + "8,1\n", "truth.csv"))
    with pytest.raises(DataError, match=r"missing.*8 are not"):
        score_submission(submission, more)
    fewer = read_truth(written(tmp_path, "surveyId,predictions\n3,1\n", "truth.csv"))
    with pytest.raises(DataError, match=r"line 2.*not asked for"):
        score_submission(submission, fewer)
