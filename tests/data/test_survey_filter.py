"""Filters and colours of surveys."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.data.survey_filter import Options, SurveyFilter
from sdm.data.survey_filter_counts import HiddenCount, hidden_counts, hidden_words, part_title
from sdm.errors import SdmError, UnknownNameError
from sdm.maps.colours import COLOURINGS, colouring
from sdm.modalities.layouts import PO_TRAIN
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
        (SurveyFilter(sources=("nowhere",)), []),
        (SurveyFilter(counts=(0, 0)), [0, 7]),
        (SurveyFilter(species=11254), [13]),
        (SurveyFilter(species=11254, countries=("Bulgaria",)), []),
        (SurveyFilter(species=999999), []),
        (SurveyFilter(countries=("Denmark",), pictured=True), [0, 1, 2, 4, 5, 6, 7, 8]),
    ],
)
def test_each_filter_keeps_what_it_says(selection: SurveyFilter, rows: list[int]) -> None:
    assert np.flatnonzero(selection.keep(multilabel())).tolist() == rows


def test_tables_and_publishers_can_be_filtered_by() -> None:
    data = multilabel()
    names = np.array(["A|B", "50 %", "x", None], object)[np.arange(len(data)) % 4]
    data = replace(data, sites=data.sites.assign(publisher=names, source=np.where(names == "x", "PO-train", "PA")))
    options = Options.of(data)
    assert options.publishers == ("50 %", "A|B", "x") and options.sources == ("PA", "PO-train")
    chosen = SurveyFilter(publishers=("A|B", "50 %"), sources=("PA",))
    assert SurveyFilter.from_query(dict(parse_qsl(chosen.to_query()))) == chosen == options.possible(chosen)
    assert set(np.flatnonzero(chosen.keep(data)) % 4) == {0, 1}
    assert [part_title(part, options) for part in chosen.parts()] == ["Table: PA", "Publisher: A|B, 50 %"]
    assert Options.of(multilabel()).publishers == ()
    assert SurveyFilter(species=0, pictured=False).parts() == [SurveyFilter(species=0)]


def test_a_class_can_be_filtered_by_too() -> None:
    assert np.flatnonzero(SurveyFilter(species=2).keep(multiclass())).tolist() == [1, 5, 9, 13, 17]


@given(
    some.lists(some.sampled_from(["train", "test_far", "a b&c=d"]), max_size=2, unique=True),
    some.one_of(some.none(), some.integers(0, 20000)),
    some.one_of(some.none(), some.tuples(some.integers(1900, 2100), some.integers(1900, 2100))),
    some.sampled_from([None, True, False]),
)
def test_a_selection_survives_its_link(
    splits: list[str], species: int | None, years: tuple[int, int] | None, pictured: bool | None
) -> None:
    selection = SurveyFilter(
        splits=tuple(splits), species=species, years=years, pictured=pictured, sources=tuple(splits[:1])
    )
    assert SurveyFilter.from_query(dict(parse_qsl(selection.to_query()))) == selection


@pytest.mark.parametrize("query", [{"species": "many"}, {"years": "2017"}, {"counts": "a|b"}, {"years": "1|2|3"},
                                   {"pictured": "maybe"}])  # fmt: skip
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


def test_presence_only_records_do_not_hide_how_species_rich_surveys_are() -> None:
    surveys = multilabel()
    records = 10 * len(surveys)  # of one species each, as in the competition's data
    rows = np.r_[np.arange(len(surveys)), np.full(records, 2)]
    source = np.where(np.arange(len(rows)) < len(surveys), surveys.sites["source"].iloc[rows], PO_TRAIN)
    sites = surveys.sites.iloc[rows].reset_index(drop=True).assign(source=source)
    colours = colouring(replace(surveys, sites=sites, targets=surveys.targets.take(rows)), "target")
    assert colours.labels == colouring(surveys, "target").labels
    assert not colours.code[len(surveys) :].any()


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


def test_surveys_with_a_picture_are_the_default_where_it_hides_some() -> None:
    options = Options.of(multilabel())
    assert options.shown(SurveyFilter()) == SurveyFilter(pictured=True)
    assert options.shown(SurveyFilter(pictured=False)) == SurveyFilter(pictured=False)
    complete = multilabel().take(np.array([0, 1, 2]))
    assert Options.of(complete).shown(SurveyFilter(pictured=True)).empty


def test_each_part_of_a_filter_is_removed_alone() -> None:
    selection = SurveyFilter(countries=("Denmark",), years=(2017, 2018), pictured=True)
    parts = selection.parts()
    alone = SurveyFilter(countries=("Denmark",)), SurveyFilter(years=(2017, 2018)), SurveyFilter(pictured=True)
    assert parts == [*alone]
    assert selection.without(parts[0]) == SurveyFilter(years=(2017, 2018), pictured=True)
    assert selection.without(parts[2]).pictured is False, "the default would come back"
    for part in parts:
        selection = selection.without(part)
    assert selection.empty
    titles = [part_title(part, Options.of(multilabel())) for part in parts]
    assert len(set(titles)) == 3


def test_what_is_hidden_is_counted_by_record_type() -> None:
    data = multilabel()
    mixed = replace(data, sites=data.sites.assign(source=["PA-train"] * 8 + ["PO-train"] * 12))
    passing = SurveyFilter(countries=("Denmark",)).keep(mixed)  # rows 0 to 8
    assert hidden_counts(mixed, passing) == (
        HiddenCount("survey", 0, 8), HiddenCount("presence-only record", 11, 12),
    )  # fmt: skip
    assert hidden_words(hidden_counts(mixed, passing)) == "hides 11 of 12 presence-only records"
    assert hidden_counts(data, passing) == (HiddenCount("survey", 11, 20),)
