"""Lists of surveys to predict: what is understood, what is told of every bad line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.errors import DataError
from sdm.inference.survey_requests import FORMS, PRESENCE_ONLY_TABLE, OccurrenceListError, read_requests
from tests.datasets import multilabel


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text)
    return path


def test_ids_in_file_order(tmp_path: Path) -> None:
    asked, wrong = read_requests(listed(tmp_path, "surveyId\n110\n100\n"), multilabel())
    assert multilabel().sites["survey_id"].iloc[asked.row].tolist() == [110, 100]
    assert asked.line.tolist() == [2, 3]
    assert not wrong


def test_strangers_and_doubles_are_told_by_line(tmp_path: Path) -> None:
    asked, wrong = read_requests(listed(tmp_path, "surveyId;note\n100;a\n999999;b\n100;c\n101;d\n"), multilabel())
    assert len(asked) == 2
    assert [str(problem) for problem in wrong] == [
        "line 3: survey 999999 is not in this data set",
        "line 4: the same survey as on a line before",
    ]


def test_an_id_that_cannot_be_read_is_one_bad_line(tmp_path: Path) -> None:
    cells = "100\nabc\n1.5\n101.0\n1e300\nNA\n999999\n-100\n102"
    asked, wrong = read_requests(listed(tmp_path, f"surveyId\n{cells}\n"), multilabel())
    assert multilabel().sites["survey_id"].iloc[asked.row].tolist() == [100, 101, 102]
    assert asked.line.tolist() == [2, 5, 10]
    assert [str(problem) for problem in wrong] == [
        'line 3: "abc" is no survey id: a whole number',
        'line 4: "1.5" is no survey id: a whole number',
        'line 6: "1e300" is no survey id: a whole number',
        'line 7: "" is no survey id: a whole number',
        "line 8: survey 999999 is not in this data set",
        "line 9: survey -100 is not in this data set",
    ]


def test_an_id_that_cannot_be_read_keeps_the_sources_in_step(tmp_path: Path) -> None:
    sites = multilabel().sites
    lines = [f"{sites['survey_id'].iloc[row]},{sites['source'].iloc[row]}" for row in (3, 5)]
    asked, wrong = read_requests(
        listed(tmp_path, f"surveyId,source\nabc,x\n{lines[0]}\n,\n{lines[1]}\n"), multilabel()
    )
    assert asked.row.tolist() == [3, 5]
    assert [problem.line for problem in wrong] == [2, 4]


def test_a_source_tells_equal_ids_apart(tmp_path: Path) -> None:
    sites = multilabel().sites
    source = str(sites["source"].iloc[3])
    asked, wrong = read_requests(
        listed(tmp_path, f"surveyId,source\n{sites['survey_id'].iloc[3]},{source}\n100,elsewhere\n"), multilabel()
    )
    assert asked.row.tolist() == [3]
    assert [problem.line for problem in wrong] == [3]


def test_places_stand_for_the_nearest_survey(tmp_path: Path) -> None:
    sites = multilabel().sites
    lat, lon = float(sites["lat"].iloc[5]), float(sites["lon"].iloc[5])
    text = f"lat,lon\n{lat + 0.01},{lon}\n91,0\n-40,170\n,\nabc,7\n"
    asked, wrong = read_requests(listed(tmp_path, text), multilabel())
    assert asked.row.tolist() == [5]
    np.testing.assert_allclose(asked.km, 1.11, atol=0.01)
    assert [str(problem) for problem in wrong] == [
        'line 3: "91, 0" is no place on earth: degrees of latitude, longitude',
        "line 4: no survey within 25 km of -40, 170",
        'line 5: ", " is no place on earth: degrees of latitude, longitude',
        'line 6: "abc, 7" is no place on earth: degrees of latitude, longitude',
    ]


@pytest.mark.parametrize("text", ["", "id\n1\n", "lat\n1\n", "\x00\x01"])
def test_what_is_no_list_is_one_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        read_requests(listed(tmp_path, text), multilabel())


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("species,lat,lon", "Abies alba,50,5"),
        ("gbifID\tscientificName\tdecimalLatitude\tdecimalLongitude", "1\tAbies alba\t50\t5"),
        ("Latitude;Longitude;Taxon", "50;5;Abies alba"),
        ("speciesId,lon,lat,year", "3,5,50,2019"),
    ],
)
def test_occurrences_are_recognised_and_sent_on(tmp_path: Path, header: str, cells: str) -> None:
    with pytest.raises(OccurrenceListError) as error:
        read_requests(listed(tmp_path, f"{header}\n{cells}\n"), multilabel())
    assert all(form in str(error.value.expected) for form in FORMS)
    assert PRESENCE_ONLY_TABLE in str(error.value.remedy)


def test_surveys_with_species_beside_them_are_a_list_of_surveys(tmp_path: Path) -> None:
    asked, wrong = read_requests(listed(tmp_path, "surveyId,speciesId,lat,lon\n110,3,50,5\n"), multilabel())
    assert len(asked) == 1
    assert not wrong


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    """Empty lines count, and so do line breaks within a cell."""
    text = 'surveyId,note\n\n100,"two\nlines"\nabc,\n\n\n101,\n-1,\n'
    asked, wrong = read_requests(listed(tmp_path, text), multilabel())
    assert asked.line.tolist() == [3, 8]
    assert [problem.line for problem in wrong] == [5, 9]


def test_a_flood_of_bad_lines_is_counted_and_the_first_are_kept(tmp_path: Path) -> None:
    asked, wrong = read_requests(listed(tmp_path, "surveyId\n" + "x\n" * 150_000 + "100\n"), multilabel())
    assert len(asked) == 1
    assert (len(wrong), wrong.total) == (1000, 150_000)
    with pytest.raises(DataError, match="too long a list; expected at most 200,000 lines; got 250,001"):
        read_requests(listed(tmp_path, "surveyId\n" + "x\n" * 250_000), multilabel())
    with pytest.raises(DataError, match="too many columns; expected at most 20,000; got 100,001"):
        read_requests(listed(tmp_path, "surveyId" + ",a" * 100_000 + "\n"), multilabel())
