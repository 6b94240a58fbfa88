"""What a filter of surveys hides, by record type, and how each part of it is called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.record_types import PRESENCE_ONLY, SURVEY, presence_only
from sdm.data.splits import split_title
from sdm.data.survey_filter import Options, Span, SurveyFilter
from sdm.number_format import counted, whole


@dataclass(frozen=True)
class HiddenCount:
    """`hidden` of `count` sites of the type `record` do not pass."""

    record: str
    hidden: int
    count: int


def hidden_counts(dataset: Dataset, passing: np.ndarray) -> tuple[HiddenCount, ...]:
    """Return the counts of each record type there is; `passing`: bool (N,)."""
    alone = presence_only(dataset)
    types = ((SURVEY, ~alone), (PRESENCE_ONLY, alone))
    return tuple(
        HiddenCount(record, int((of_type & ~passing).sum()), int(of_type.sum()))
        for record, of_type in types
        if of_type.any()
    )


def hidden_words(counts: tuple[HiddenCount, ...]) -> str:
    """Return what is hidden in words.

    >>> hidden_words((HiddenCount(SURVEY, 3412, 4000), HiddenCount(PRESENCE_ONLY, 0, 40000)))
    'hides 3,412 of 4,000 surveys'
    """
    parts = [f"{whole(each.hidden)} of {counted(each.count, each.record)}" for each in counts if each.hidden]
    return "hides " + (" and ".join(parts) or "none")


def part_title(part: SurveyFilter, options: Options) -> str:
    """Return what one part of a filter leaves."""
    if part.splits:
        return "Split: " + ", ".join(map(split_title, part.splits))
    if part.countries:
        return "Country: " + ", ".join(part.countries)
    if part.sources:
        return "Table: " + ", ".join(part.sources)
    if part.publishers:
        return "Publisher: " + ", ".join(part.publishers)
    if part.species is not None:
        return f"Recorded: {options.classes.get(part.species, part.species)}"
    if part.years is not None:
        return f"Year: {_span(part.years)}"
    if part.counts is not None:
        return f"Species recorded: {_span(part.counts)}"
    return "With a satellite picture"


def _span(span: Span) -> str:
    low, high = span
    return str(low) if low == high else f"{low}–{high}"
