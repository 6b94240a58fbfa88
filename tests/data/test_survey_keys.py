"""How surveys and places are named in links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sdm.data.survey_keys import Location, row_of, survey_key
from tests.datasets import multilabel


def test_every_survey_has_a_name_of_its_own() -> None:
    data = multilabel()
    twice = replace(data, sites=data.sites.assign(survey_id=[*range(100, 115), 100, 101, 102, 103, 104]))
    for row in range(len(twice)):
        assert row_of(twice, survey_key(twice, row)) == row
    assert survey_key(twice, 0) == "100"
    assert survey_key(twice, 15) == "PA-test/100"


@pytest.mark.parametrize("name", ["", "no", "PA-test/100", "9" * 40, "1.5", "../100"])
def test_an_unknown_survey_has_no_row(name: str) -> None:
    assert row_of(multilabel(), name) is None


@pytest.mark.parametrize("place", [Location(5), Location(at=(7.51, 51.0), year=2019)])
def test_a_location_survives_its_link(place: Location) -> None:
    data = multilabel()
    assert Location.parse(data, place.key(data)) == place
    assert place.position(data) is not None


@pytest.mark.parametrize("key", ["", "nowhere", "51, 7.5", "99, 0, 2019", "51, 7.5, 19"])
def test_what_names_no_location(key: str) -> None:
    assert Location.parse(multilabel(), key) is None
