"""Reading an entry, in any of the forms of `FORMS`; every bad line is told, not only the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from sdm.errors import DataError
from sdm.evaluation.submissions.submission import LARGEST_ID, submission_lines, submission_row
from sdm.formats.problem import Problem, on_lines
from sdm.formats.table import Kind, read_header, read_table

Holds = Literal["sets", "probabilities", "values"]
SURVEY, SPECIES, PROBABILITY, VALUE = "surveyId", "speciesId", "probability", "value"
FORMS = (
    f"{SURVEY},predictions with species ids separated by spaces",
    f"{SURVEY},{SPECIES},{PROBABILITY}",
    f"{SURVEY} and a column of probabilities per species id",
    f"{SURVEY},{VALUE}",
)


@dataclass(frozen=True)
class Entry:
    """Predictions of N surveys over C classes.

    `survey_id` int64 (N,), each once, and `line` int64 (N,), where each stands; `class_ids` int64 (C,) ascending
    and `class_line` int64 (C,), where each is met first; `values` csr float32 (N, C), for values (N, 1).
    `seen` holds all surveys that occur, those on bad lines too.
    """

    holds: Holds
    survey_id: np.ndarray
    line: np.ndarray
    class_ids: np.ndarray
    class_line: np.ndarray
    values: csr_matrix
    seen: frozenset[int] = field(repr=False)


def read_entry(path: Path) -> tuple[Entry, list[Problem]]:
    """The good lines of the file in `path`, and what is wrong with the others.

    DataError when it is in none of the forms, or no table at all.
    """
    names, _ = read_header(path)
    if names[:1] == [SURVEY] and len(names) > 1:
        if names == [SURVEY, "predictions"]:
            return _sets(path)
        if {SPECIES, PROBABILITY} <= set(names):
            return _long(path)
        if VALUE in names:
            return _values(path)
        if all(_is_id(name) and name == str(int(name)) for name in names[1:]):
            return _wide(path, names[1:])
    raise DataError("line 1: not a header known here", expected=" · ".join(FORMS), got=",".join(names)[:120])


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_ID


def _sets(path: Path) -> tuple[Entry, list[Problem]]:
    problems: list[Problem] = []
    lines: dict[int, int] = {}
    sets: list[list[int]] = []
    seen: set[int] = set()
    for line, cells in submission_lines(path):
        if cells and _is_id(cells[0].strip()):
            seen.add(int(cells[0]))
        try:
            survey, species = submission_row(path, line, cells)
        except DataError as error:
            problems.append(Problem.of(error))
            continue
        if survey in lines:
            problems.append(Problem(line, f"survey {survey} was on line {lines[survey]} already"))
            continue
        lines[survey] = line
        sets.append(species)
    survey_id, line_of = np.fromiter(lines, np.int64), np.fromiter(lines.values(), np.int64)
    row = np.repeat(np.arange(len(sets)), [len(species) for species in sets])
    species_id = np.fromiter((s for species in sets for s in species), np.int64, len(row))
    ones = np.ones(len(row), np.float32)
    return _entry("sets", survey_id, line_of, (row, species_id, ones), line_of[row], seen), problems


def _long(path: Path) -> tuple[Entry, list[Problem]]:
    table = read_table(path, {SURVEY: Kind.ID, SPECIES: Kind.ID, PROBABILITY: Kind.NUMBER})
    line = np.arange(len(table)) + 2
    survey, species, p = (table[name].to_numpy() for name in table)
    problems = _out_of_range(line, p[:, None])
    twice = table.duplicated([SURVEY, SPECIES]).to_numpy()
    problems += on_lines(line[twice], "species {} of this survey was on a line before", species[twice])
    beyond = (species < 0) | (species > LARGEST_ID)
    problems += on_lines(line[beyond], "{} is no species id", species[beyond])
    good = _probable(p) & ~twice & ~beyond
    survey_id, first, row = np.unique(survey[good], return_index=True, return_inverse=True)
    entries = (row, species[good], p[good].astype(np.float32))
    entry = _entry("probabilities", survey_id, line[good][first], entries, line[good], set(survey.tolist()))
    return entry, problems + _empty(entry)


def _wide(path: Path, columns: list[str]) -> tuple[Entry, list[Problem]]:
    table = read_table(path, {SURVEY: Kind.ID, **dict.fromkeys(columns, Kind.SMALL)})
    line = np.arange(len(table)) + 2
    survey, p = table[SURVEY].to_numpy(), table[columns].to_numpy(np.float32)
    problems = _out_of_range(line, p)
    twice = table.duplicated(SURVEY).to_numpy()
    problems += on_lines(line[twice], "survey {} was on a line before", survey[twice])
    good = np.flatnonzero(~twice & _probable(p).all(axis=1))
    row, column = np.nonzero(p[good])
    species = np.array([int(name) for name in columns], np.int64)
    entries = (row, species[column], p[good][row, column])
    entry = _entry(
        "probabilities", survey[good], line[good], entries, np.ones(len(row), int), set(survey.tolist())
    )
    return entry, problems + _empty(entry)


def _values(path: Path) -> tuple[Entry, list[Problem]]:
    table = read_table(path, {SURVEY: Kind.ID, VALUE: Kind.NUMBER})
    line = np.arange(len(table)) + 2
    survey = table[SURVEY].to_numpy()
    with np.errstate(over="ignore"):  # what float32 cannot hold is no value
        value = table[VALUE].to_numpy().astype(np.float32)
    absent, twice = ~np.isfinite(value), table.duplicated(SURVEY).to_numpy()
    problems = on_lines(line[absent], "survey {} has no value", survey[absent])
    problems += on_lines(line[twice], "survey {} was on a line before", survey[twice])
    good = ~absent & ~twice
    values = csr_matrix(value[good][:, None])
    none = np.zeros(0, np.int64)
    entry = Entry("values", survey[good], line[good], none, none, values, frozenset(survey.tolist()))
    return entry, problems


def _probable(p: np.ndarray) -> np.ndarray:
    return (p >= 0) & (p <= 1)


def _out_of_range(line: np.ndarray, p: np.ndarray) -> list[Problem]:
    """A problem for each line of p (n, C) with a value that is no probability."""
    wrong = ~_probable(p)
    at = np.flatnonzero(wrong.any(axis=1))
    return on_lines(line[at], "{} is no probability from 0 to 1", p[at, wrong[at].argmax(axis=1)])


def _empty(entry: Entry) -> list[Problem]:
    """Surveys without any probability above 0."""
    empty = np.asarray(entry.values.max(axis=1).todense()).ravel() <= 0 if entry.values.nnz else entry.line > 0
    return on_lines(entry.line[empty], "survey {} has no species of any probability", entry.survey_id[empty])


def _entry(
    holds: Holds, survey_id: np.ndarray, line: np.ndarray,
    entries: tuple[np.ndarray, np.ndarray, np.ndarray], entry_line: np.ndarray, seen: set[int],
) -> Entry:  # fmt: skip
    """An entry from its (row, species id, value) triples, each from a line of its own."""
    row, species, value = entries
    class_ids, first, column = np.unique(species, return_index=True, return_inverse=True)
    shape = (len(survey_id), len(class_ids))
    values = csr_matrix(coo_matrix((value, (row, column)), shape=shape))
    return Entry(holds, survey_id, line, class_ids, entry_line[first], values, frozenset(seen))
