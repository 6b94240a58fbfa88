"""Which surveys are shown: a filter that fits into a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import quote, unquote, urlencode

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from sdm.data.dataset import DEFAULT_SCHEME, Dataset
from sdm.data.targets import richness
from sdm.errors import SdmError
from sdm.modalities import PATCH

Span = tuple[int, int]
"""Least and greatest, both included."""
_BY_COLUMN = {"country": "countries", "source": "sources", "publisher": "publishers"}
_LISTS = ("splits", *_BY_COLUMN.values())


@dataclass(frozen=True)
class SurveyFilter:
    """Surveys that pass every filter; an empty filter lets all pass.

    `sources` are tables of the data (surveys, records, background), `publishers` who published a record. `species`
    is a class_id of the data; `years` and `counts` (classes recorded) are inclusive ranges; `pictured`
    leaves those with a satellite patch, None where it is not chosen.
    """

    splits: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    species: int | None = None
    years: Span | None = None
    counts: Span | None = None
    pictured: bool | None = None

    @property
    def empty(self) -> bool:
        """Nothing is filtered out."""
        return replace(self, pictured=self.pictured or None) == SurveyFilter()

    def parts(self) -> list[SurveyFilter]:
        """The filters that only all together are this one, each alone."""
        names = [field.name for field in fields(self) if _chosen(getattr(self, field.name))]
        return [SurveyFilter(**{name: getattr(self, name)}) for name in names]

    def without(self, part: SurveyFilter) -> SurveyFilter:
        """This filter but for what `part` filters by."""
        plain = SurveyFilter(pictured=False)
        names = [field.name for field in fields(self) if getattr(part, field.name) not in ((), None)]
        return replace(self, **{name: getattr(plain, name) for name in names})

    def keep(self, dataset: Dataset) -> np.ndarray:
        """bool (N,): the sites of `dataset` that pass."""
        sites, passing = dataset.sites, np.ones(len(dataset), bool)
        if self.splits and f"split_{DEFAULT_SCHEME}" in sites:
            passing &= sites[f"split_{DEFAULT_SCHEME}"].isin(self.splits).to_numpy()
        for column, names in _BY_COLUMN.items():
            if getattr(self, names) and column in sites:
                passing &= sites[column].isin(getattr(self, names)).to_numpy()
        if self.years is not None:
            passing &= sites["year"].between(*self.years).to_numpy(bool, na_value=False)
        if self.counts is not None:
            recorded = richness(dataset)
            passing &= (recorded >= self.counts[0]) & (recorded <= self.counts[1])
        if self.species is not None:
            passing &= _having(dataset, self.species)
        if self.pictured:
            passing &= dataset.available(PATCH.name)
        return passing

    def to_query(self) -> str:
        """As a URL query; the empty string when nothing is filtered."""
        set_ones = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) not in ((), None)}
        return urlencode(
            {name: "|".join(map(_written, v if isinstance(v, tuple) else (v,))) for name, v in set_ones.items()},
            quote_via=quote,
        )

    @staticmethod
    def from_query(query: Mapping[str, str]) -> SurveyFilter:
        """The inverse of `to_query`; SdmError when a value cannot be read."""
        try:
            return SurveyFilter(
                splits=_words(query.get("splits")),
                **{names: _words(query.get(names)) for names in _BY_COLUMN.values()},
                species=int(query["species"]) if "species" in query else None,
                years=_range(query.get("years")),
                counts=_range(query.get("counts")),
                pictured=_switch(query.get("pictured")),
            )
        except ValueError as problem:
            raise SdmError("the filter cannot be read", got=problem) from None


@dataclass(frozen=True)
class Options:
    """What a data set's surveys can be filtered by; a span is None where nothing is known.

    `pictured`: some surveys have a satellite patch, and others have none.
    """

    splits: tuple[str, ...]
    countries: tuple[str, ...]
    sources: tuple[str, ...]
    publishers: tuple[str, ...]
    classes: Mapping[int, str]
    sets: bool
    years: Span | None
    counts: Span | None
    pictured: bool = False

    def shown(self, selection: SurveyFilter) -> SurveyFilter:
        """`selection` with the default where it leaves the choice: surveys with a satellite patch alone."""
        selection = self.possible(selection)
        return replace(selection, pictured=True) if self.pictured and selection.pictured is None else selection

    def possible(self, selection: SurveyFilter) -> SurveyFilter:
        """What of `selection` these data know and what leaves something out."""
        return SurveyFilter(
            **{names: _among(getattr(selection, names), getattr(self, names)) for names in _LISTS},
            species=selection.species if selection.species in self.classes else None,
            years=_narrowed(selection.years, self.years),
            counts=_narrowed(selection.counts, self.counts),
            pictured=selection.pictured if self.pictured else None,
        )

    @staticmethod
    def of(dataset: Dataset) -> Options:
        """The options of `dataset`."""
        sites, targets = dataset.sites, dataset.targets
        pictured = dataset.available(PATCH.name)
        names = zip(targets.class_ids.tolist(), targets.classes["name"].astype(str), strict=True)
        return Options(
            splits=tuple(dataset.splits()) if f"split_{DEFAULT_SCHEME}" in sites else (),
            **{names: _found(sites, column) for column, names in _BY_COLUMN.items()},
            classes=dict(names),
            sets=issparse(targets.values),
            years=_span(sites["year"].to_numpy(float, na_value=np.nan)),
            counts=_span(richness(dataset)),
            pictured=bool(pictured.any() and not pictured.all()),
        )


def _chosen(value: object) -> bool:
    """Whether a part filters: a class of id 0 does."""
    return value not in ((), None) and value is not False


def _found(sites: pd.DataFrame, column: str) -> tuple[str, ...]:
    """The names there are in a column, in the order of the alphabet; none without it."""
    return tuple(sorted(str(name) for name in sites[column].dropna().unique())) if column in sites else ()


def _among(chosen: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in chosen if name in there)


def _span(values: np.ndarray) -> Span | None:
    known = values[np.isfinite(values)]
    return (int(known.min()), int(known.max())) if known.size else None


def _narrowed(choice: Span | None, span: Span | None) -> Span | None:
    """The part of `choice` within `span`; None where that is all or nothing."""
    if choice is None or span is None:
        return None
    low, high = max(int(choice[0]), span[0]), min(int(choice[1]), span[1])
    return None if low > high or (low, high) == span else (low, high)


def _written(value: object) -> str:
    if isinstance(value, str):
        return value.replace("%", "%25").replace("|", "%7C")  # names may hold what stands between them
    return str(value).lower() if isinstance(value, bool) else str(value)


def _switch(text: str | None) -> bool | None:
    if text not in (None, "", "true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true" if text else None


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(map(unquote, text.split("|"))) if text else ()


def _range(text: str | None) -> Span | None:
    if not text:
        return None
    low, high = text.split("|")
    return int(low), int(high)


def _having(dataset: Dataset, class_id: int) -> np.ndarray:
    """bool (N,): the sites where the class is recorded."""
    column = np.flatnonzero(dataset.targets.class_ids == class_id)
    recorded = np.zeros(len(dataset), bool)
    if not column.size:
        return recorded
    values = dataset.targets.values
    if issparse(values):
        recorded[values[:, [int(column[0])]].nonzero()[0]] = True
    else:
        recorded = np.asarray(values) == column[0]
    return recorded & dataset.targets.known
