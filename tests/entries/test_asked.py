"""Lists of surveys to predict: what is understood, what is told of every bad line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.entries.asked import read_asked
from sdm.errors import DataError
from tests.datasets import multilabel


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text)
    return path


def test_ids_in_file_order(tmp_path: Path) -> None:
    asked, wrong = read_asked(listed(tmp_path, "surveyId\n110\n100\n"), multilabel())
    assert multilabel().sites["survey_id"].iloc[asked.row].tolist() == [110, 100]
    assert asked.line.tolist() == [2, 3]
    assert wrong == []


def test_strangers_and_doubles_are_told_by_line(tmp_path: Path) -> None:
    asked, wrong = read_asked(listed(tmp_path, "surveyId;note\n100;a\n999999;b\n100;c\n101;d\n"), multilabel())
    assert len(asked) == 2
    assert [str(problem) for problem in wrong] == [
        "line 3: survey 999999 is not in this data set",
        "line 4: the same survey as on a line before",
    ]


def test_a_source_tells_equal_ids_apart(tmp_path: Path) -> None:
    sites = multilabel().sites
    source = str(sites["source"].iloc[3])
    asked, wrong = read_asked(
        listed(tmp_path, f"surveyId,source\n{sites['survey_id'].iloc[3]},{source}\n100,elsewhere\n"), multilabel()
    )
    assert asked.row.tolist() == [3]
    assert [problem.line for problem in wrong] == [3]


def test_places_stand_for_the_nearest_survey(tmp_path: Path) -> None:
    sites = multilabel().sites
    lat, lon = float(sites["lat"].iloc[5]), float(sites["lon"].iloc[5])
    text = f"lat,lon\n{lat + 0.01},{lon}\n91,0\n-40,170\n,\n"
    asked, wrong = read_asked(listed(tmp_path, text), multilabel())
    assert asked.row.tolist() == [5]
    np.testing.assert_allclose(asked.km, 1.11, atol=0.01)
    assert [problem.line for problem in wrong] == [3, 4, 5]
    assert "no survey within 25 km" in str(wrong[1])


@pytest.mark.parametrize("text", ["", "id\n1\n", "surveyId\nx\n", "surveyId\n1.5\n", "\x00\x01"])
def test_what_is_no_list_is_one_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        read_asked(listed(tmp_path, text), multilabel())
