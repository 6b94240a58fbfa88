"""Filters and colours of surveys."""

from __future__ import annotations

from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.data.survey_filter import Options, SurveyFilter
from sdm.errors import SdmError, UnknownNameError
from sdm.maps.colours import COLOURINGS, colouring
from tests.datasets import DATASETS, multiclass, multilabel, regression


def test_the_empty_selection_keeps_all() -> None:
    assert SurveyFilter().empty
    assert SurveyFilter().keep(multilabel()).all()
    assert SurveyFilter().to_query() == ""


@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        (SurveyFilter(splits=("validation", "test_far")), [12, 13, 14, 18, 19]),
        (SurveyFilter(countries=("Bulgaria",)), [18, 19]),
        (SurveyFilter(years=(2018, 2018)), [1, 6, 11, 16]),
        (SurveyFilter(counts=(0, 0)), [0, 7]),
        (SurveyFilter(species=11254), [13]),
        (SurveyFilter(species=11254, countries=("Bulgaria",)), []),
        (SurveyFilter(species=999999), []),
    ],
)
def test_each_filter_keeps_what_it_says(selection: SurveyFilter, rows: list[int]) -> None:
    assert np.flatnonzero(selection.keep(multilabel())).tolist() == rows


def test_a_class_can_be_filtered_by_too() -> None:
    assert np.flatnonzero(SurveyFilter(species=2).keep(multiclass())).tolist() == [1, 5, 9, 13, 17]


@given(
    some.lists(some.sampled_from(["train", "test_far", "a b&c=d"]), max_size=2, unique=True),
    some.one_of(some.none(), some.integers(0, 20000)),
    some.one_of(some.none(), some.tuples(some.integers(1900, 2100), some.integers(1900, 2100))),
)
def test_a_selection_survives_its_link(
    splits: list[str], species: int | None, years: tuple[int, int] | None
) -> None:
    selection = SurveyFilter(splits=tuple(splits), species=species, years=years)
    assert SurveyFilter.from_query(dict(parse_qsl(selection.to_query()))) == selection


@pytest.mark.parametrize("query", [{"species": "many"}, {"years": "2017"}, {"counts": "a|b"}, {"years": "1|2|3"}])
def test_a_link_that_cannot_be_read_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(SdmError, match="cannot be read"):
        SurveyFilter.from_query(query)


@pytest.mark.parametrize("name", list(DATASETS))
@pytest.mark.parametrize("by", list(COLOURINGS))
def test_every_survey_has_a_colour_and_the_legend_counts_them(name: str, by: str) -> None:
    data = DATASETS[name]()
    colours = colouring(data, by)
    assert len(colours.code) == len(data)
    assert colours.code.max() < len(colours.colours) == len(colours.labels)
    assert colours.palette.shape == (len(colours.colours), 4)
    assert sum(count for _, _, count in colours.legend()) == len(data)


def test_the_legend_follows_the_filter() -> None:
    data = multilabel()
    legend = colouring(data, "split").legend(SurveyFilter(splits=("validation",)).keep(data))
    assert [(label, count) for label, _, count in legend] == [("validation", 3)]


def test_an_unknown_colouring_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="split"):
        colouring(multilabel(), "mood")


def test_options_tell_what_there_is() -> None:
    options = Options.of(multilabel())
    assert options.countries == ("Bulgaria", "Denmark", "Netherlands")
    assert options.years == (2017, 2021)
    assert options.counts == (0, 6)
    assert options.classes[11254] == "Planta simulata6"
    assert Options.of(regression()).counts is None


@pytest.mark.parametrize(
    ("asked", "possible"),
    [
        (
            SurveyFilter(countries=("Bulgaria", "Atlantis"), splits=("train", "../etc")),
            SurveyFilter(("train",), ("Bulgaria",)),
        ),
        (SurveyFilter(species=11254), SurveyFilter(species=11254)),
        (SurveyFilter(species=-1), SurveyFilter()),
        (SurveyFilter(years=(1900, 2018)), SurveyFilter(years=(2017, 2018))),
        (SurveyFilter(years=(1900, 2100), counts=(50, 60)), SurveyFilter()),
    ],
)
def test_a_link_filters_by_what_the_data_know(asked: SurveyFilter, possible: SurveyFilter) -> None:
    assert Options.of(multilabel()).possible(asked) == possible
