"""Spellings of one species: names that differ in case, white space, accents or authorship alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.reading.taxon_names import TaxonName, taxon_name
from sdm.occurrences.report import MergedName

MOST_SHOWN = 4


def same_species(names: Iterable[str]) -> list[list[str]]:
    """Groups of two and more names for one species.

    Names without an author stay apart where authors of the same name do not agree: they may be of either.

    >>> same_species(["Abies alba", "ABIES ALBA", "Abies alba Mill.", "Abies alba subsp. alba", "Abies sp."])
    [['Abies alba', 'ABIES ALBA', 'Abies alba Mill.']]
    >>> same_species(["Abies alba", "Abies alba Mill.", "Abies alba Miller", "Abies alba Michx."])
    [['Abies alba Mill.', 'Abies alba Miller']]
    """
    return [[name for name, _ in group] for alike in _alike(names) for group in _agreeing(alike) if len(group) > 1]


def homonyms(names: Iterable[str]) -> list[str]:
    """ "one, other" for names of different species that differ in their authors alone.

    >>> homonyms(["Abies alba Mill.", "Abies alba Michx.", "Poa annua L."])
    ['Abies alba Mill. / Abies alba Michx.']
    """
    authored = ([pair for pair in alike if pair[1].authors] for alike in _alike(names))
    parted = (_agreeing(pairs) for pairs in authored)
    return [" / ".join(part[0][0] for part in parts[:MOST_SHOWN]) for parts in parted if len(parts) > 1]


def same_but_for_spelling(names: Iterable[str]) -> list[str]:
    """ "one = other" for names of one species.

    >>> same_but_for_spelling(["Abies alba", "Abies alba Mill.", "Picea abies"])
    ['Abies alba = Abies alba Mill.']
    """
    return [" = ".join(group[:MOST_SHOWN]) for group in same_species(names)]


def merged_names(records: Mapping[str, int]) -> tuple[MergedName, ...]:
    """Which of the names, with their `records`, become another: that of most records among those written as a name
    is, genus with a capital letter and epithet without.

    >>> merged_names({"QUERCUS ROBUR": 9, "Quercus robur": 1, "Quercus robur L.": 2})[0]
    MergedName(name='QUERCUS ROBUR', becomes='Quercus robur L.', records=9)
    """
    found = []
    for group in same_species(records):
        best = min(group, key=lambda name: (not _well_written(name), -records[name], name))
        found += [MergedName(name, best, records[name]) for name in group if name != best]
    return tuple(found)


def merge(rows: Rows, merged: Sequence[MergedName]) -> Rows:
    """The records with the names they become."""
    names, becomes = rows.names["species"], {one.name: one.becomes for one in merged}
    spelt = [becomes.get(str(word), str(word)) for word in names.categories]
    words, number = np.unique(spelt, return_inverse=True)
    species = pd.Categorical.from_codes(number[names.codes], pd.Index(words.tolist(), dtype=object))
    return replace(rows, names={**rows.names, "species": species})


def records_of(names: pd.Categorical) -> dict[str, int]:
    """Name -> records, of those that occur."""
    counts = np.bincount(names.codes, minlength=len(names.categories))
    return {str(word): int(count) for word, count in zip(names.categories, counts, strict=True) if count}


def _alike(names: Iterable[str]) -> list[list[tuple[str, TaxonName]]]:
    """Names of the same taxon, whoever their authors are."""
    groups: dict[str, list[tuple[str, TaxonName]]] = {}
    for name in names:
        read = taxon_name(name)
        groups.setdefault(read.taxon, []).append((name, read))
    return [group for group in groups.values() if len(group) > 1]


def _agreeing(alike: Sequence[tuple[str, TaxonName]]) -> list[list[tuple[str, TaxonName]]]:
    """Parts of names of one taxon whose authors agree; all are one part where no two of them disagree."""
    parts: list[list[tuple[str, TaxonName]]] = []
    for pair in alike:
        if pair[1].authors:
            mine = [part for part in parts if any(pair[1].agrees(other) for _, other in part)]
            joined = [*(one for part in mine for one in part), pair]
            parts = [*(part for part in parts if part not in mine), joined]
    without = [pair for pair in alike if not pair[1].authors]
    return [list(alike)] if len(parts) < 2 else [part for part in [*parts, without] if part]


def _well_written(name: str) -> bool:
    words = [word for word in name.split() if word not in ("×", "x")]
    starts = bool(words) and words[0].lstrip("×")[:1].isupper()
    return starts and "_" not in name and all(word.islower() for word in words[1:2])
