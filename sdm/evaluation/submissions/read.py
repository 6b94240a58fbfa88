"""The reader of submissions, in any of the forms of `FORMS`, and of truth tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from sdm.data.survey_blocks import survey_blocks
from sdm.errors import DataError, NotDownloadedError
from sdm.formats.problem import MOST, Problem, Problems, on_lines, shortened
from sdm.formats.table import Kind, count_lines, line_numbers, read_header, read_table

Holds = Literal["sets", "probabilities", "values"]
SURVEY, SPECIES, PROBABILITY, VALUE = "surveyId", "speciesId", "probability", "value"
HEADER = [SURVEY, "predictions"]
POSITION = frozenset({"lon", "lat"})
LARGEST_ID = 2**31 - 1
MOST_LINES = 500_000  # with sets of species: over thirty times the test surveys of a competition
LONGEST_PLAIN = 10  # digits that cannot exceed LARGEST_ID are one less
FORMS = (
    f"{SURVEY},predictions with species ids separated by spaces",
    f"{SURVEY},{SPECIES},{PROBABILITY}",
    f"{SURVEY} and a column of probabilities per species id",
    f"{SURVEY},{VALUE}",
)


@dataclass(frozen=True)
class Submission:
    """Predictions of N surveys over C classes, read from the file in `place`.

    `survey_id` int64 (N,), each once, and `line` int64 (N,), where each stands; `class_ids` int64 (C,) ascending
    and `class_line` int64 (C,), where each is met first; `values` csr float32 (N, C), for values (N, 1).
    `seen` holds all surveys that occur, those on bad lines too; `blocks` int64 (N,) are the `survey_blocks` where
    the file has positions.
    """

    place: Path
    holds: Holds
    survey_id: np.ndarray
    line: np.ndarray
    class_ids: np.ndarray
    class_line: np.ndarray
    values: csr_matrix
    seen: frozenset[int] = field(repr=False)
    blocks: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.survey_id)


def read_submission(path: Path) -> tuple[Submission, Problems]:
    """The good lines of the file in `path`, and what is wrong with the others, every bad line.

    Refused are ids that are no whole numbers from 0, surveys or species of a survey that occur twice, surveys
    without species, and values that are no probabilities. DataError when the file is in none of the forms, no
    table at all, or one of probabilities or values whose last line has no end, as a copy that was cut.
    """
    names, _ = read_header(path)
    if names[:1] == [SURVEY] and len(names) > 1:
        if names == HEADER:
            return _sets(path)
        if {SPECIES, PROBABILITY} <= set(names):
            return _long(path)
        if VALUE in names:
            return _values(path)
        if all(_is_id(name) and name == str(int(name)) for name in names[1:]):
            return _wide(path, names[1:])
    raise DataError(
        "line 1: not a header known here", where=path, expected=" · ".join(FORMS), got=",".join(names)[:120]
    )


def read_sets(path: Path) -> Submission:
    """The submission in `path`; DataError unless it holds sets of species on good lines alone."""
    submission, problems = read_submission(path)
    if problems:
        raise DataError(str(problems[0]), where=path)
    if submission.holds != "sets":
        raise DataError("line 1: no sets of species", where=path, expected=FORMS[0], got=submission.holds)
    if not len(submission):
        raise DataError("no survey", where=path, expected="one row per test survey")
    return submission


def read_truth(path: Path) -> Submission:
    """The recorded sets in `path`: the two columns of a submission, or a table of surveyId and speciesId, where it
    has them with positions, lon and lat.

    DataError names the line of what is malformed.
    """
    names, _ = read_header(path)
    if names[:2] == HEADER:
        return read_sets(path)
    placed = POSITION if set(names) >= POSITION else ()
    columns = {SURVEY: Kind.ID, SPECIES: Kind.ID} | dict.fromkeys(placed, Kind.NUMBER)
    rows = read_table(path, columns, ended=True)
    table = rows.drop_duplicates([SURVEY, SPECIES])
    survey, species = table[SURVEY].to_numpy(np.int64), table[SPECIES].to_numpy(np.int64)
    line = line_numbers(path, len(rows))[table.index.to_numpy()]
    wrong = np.flatnonzero((species < 0) | (species > LARGEST_ID))
    if wrong.size:
        raise DataError(f"line {line[wrong[0]]}: no species id", where=path, got=species[wrong[0]])
    if not len(table):
        raise DataError("no survey", where=path, expected="one row per survey and species")
    survey_id, first, row = np.unique(survey, return_index=True, return_inverse=True)
    entries = (row, species, np.ones(len(table), np.float32))
    truth = _submission(path, "sets", survey_id, line[first], entries, line, set(survey_id.tolist()))
    return replace(truth, blocks=survey_blocks(table.iloc[first])) if placed else truth


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_ID


def _sets(path: Path) -> tuple[Submission, Problems]:
    if (count := count_lines(path)) > MOST_LINES:
        raise DataError("too many lines", where=path, expected=f"at most {MOST_LINES:,}", got=f"{count:,}")
    problems: list[Problem] = []
    lines: dict[int, int] = {}
    sets: list[list[int]] = []
    seen: set[int] = set()
    for line, cells in _lines(path):
        if cells and _is_id(word := cells[0].strip()):  # strips more than `int` does
            seen.add(int(word))
        try:
            survey, species = _row(line, cells)
            if survey in lines:
                raise DataError(f"line {line}: survey {survey} was on line {lines[survey]} already")
        except DataError as error:
            problems.append(Problem.of(error))
            if len(problems) < MOST - 1:
                continue
            problems.append(Problem(None, f"not read beyond line {line}: {MOST:,} bad lines are enough"))
            break
        lines[survey] = line
        sets.append(species)
    survey_id, line_of = np.fromiter(lines, np.int64), np.fromiter(lines.values(), np.int64)
    row = np.repeat(np.arange(len(sets)), [len(species) for species in sets])
    species_id = np.fromiter((s for species in sets for s in species), np.int64, len(row))
    ones = np.ones(len(row), np.float32)
    submission = _submission(path, "sets", survey_id, line_of, (row, species_id, ones), line_of[row], seen)
    return submission, Problems.of(problems)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(its first line, cells) of every row after the header, which is checked; empty lines are skipped."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            if header != HEADER:
                raise DataError(
                    "line 1: wrong header", where=path, expected=",".join(HEADER), got=",".join(header)
                )
            end = reader.line_num
            for cells in reader:
                if cells:
                    yield end + 1, cells
                end = reader.line_num
    except FileNotFoundError:
        raise NotDownloadedError("the file is missing", where=path) from None
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError("not readable as a table in text", where=path, got=problem) from None


def _row(line: int, cells: list[str]) -> tuple[int, list[int]]:
    """Survey and species of a row; DataError names the line of what is no row of a submission."""
    if len(cells) != 2:
        raise DataError(f"line {line}: wrong number of cells", expected=2, got=len(cells))
    words = cells[1].split()
    plain = cells[1].isascii() and "".join(words).isdigit() and max(map(len, words)) < LONGEST_PLAIN
    survey, species = _id(line, cells[0]), [*map(int, words)] if plain else [_id(line, word) for word in words]
    if not species:
        raise DataError(f"line {line}: survey {survey} has no species", expected="at least one")
    if len(set(species)) < len(species):
        twice = sorted({s for s in species if species.count(s) > 1})
        raise DataError(f"line {line}: species that occur twice", got=shortened(twice))
    return survey, species


def _id(line: int, text: str) -> int:
    word = text.strip()
    if not _is_id(word):
        raise DataError(f"line {line}: no id", expected=f"a whole number, 0 to {LARGEST_ID}", got=word)
    return int(word)


def _long(path: Path) -> tuple[Submission, Problems]:
    table = read_table(path, {SURVEY: Kind.ID, SPECIES: Kind.ID, PROBABILITY: Kind.NUMBER}, ended=True)
    line = line_numbers(path, len(table))
    survey, species, p = (table[name].to_numpy() for name in table)
    problems = _out_of_range(line, p[:, None])
    twice = table.duplicated([SURVEY, SPECIES]).to_numpy()
    problems += on_lines(line[twice], "species {} of this survey was on a line before", species[twice])
    beyond = (species < 0) | (species > LARGEST_ID)
    problems += on_lines(line[beyond], "{} is no species id", species[beyond])
    problems += _negative(line, survey)
    good = _probable(p) & ~twice & ~beyond & (survey >= 0)
    survey_id, first, row = np.unique(survey[good], return_index=True, return_inverse=True)
    entries = (row, species[good], p[good].astype(np.float32))
    submission = _submission(
        path, "probabilities", survey_id, line[good][first], entries, line[good], set(survey.tolist())
    )
    return submission, problems + _empty(submission)


def _wide(path: Path, columns: list[str]) -> tuple[Submission, Problems]:
    table = read_table(path, {SURVEY: Kind.ID, **dict.fromkeys(columns, Kind.SMALL)}, ended=True)
    line = line_numbers(path, len(table))
    survey, p = table[SURVEY].to_numpy(), table[columns].to_numpy(np.float32)
    problems = _out_of_range(line, p)
    twice = table.duplicated(SURVEY).to_numpy()
    problems += on_lines(line[twice], "survey {} was on a line before", survey[twice])
    problems += _negative(line, survey)
    good = np.flatnonzero(~twice & _probable(p).all(axis=1) & (survey >= 0))
    row, column = np.nonzero(p[good])
    species = np.array([int(name) for name in columns], np.int64)
    entries = (row, species[column], p[good][row, column])
    submission = _submission(
        path, "probabilities", survey[good], line[good], entries, np.ones(len(row), int), set(survey.tolist())
    )
    return submission, problems + _empty(submission)


def _values(path: Path) -> tuple[Submission, Problems]:
    table = read_table(path, {SURVEY: Kind.ID, VALUE: Kind.NUMBER}, ended=True)
    line = line_numbers(path, len(table))
    survey = table[SURVEY].to_numpy()
    with np.errstate(over="ignore"):  # what float32 cannot hold is no value
        value = table[VALUE].to_numpy().astype(np.float32)
    absent, twice = ~np.isfinite(value), table.duplicated(SURVEY).to_numpy()
    problems = on_lines(line[absent], "survey {} has no value", survey[absent])
    problems += on_lines(line[twice], "survey {} was on a line before", survey[twice])
    problems += _negative(line, survey)
    good = ~absent & ~twice & (survey >= 0)
    values = csr_matrix(value[good][:, None])
    none = np.zeros(0, np.int64)
    seen = frozenset(survey.tolist())
    return Submission(path, "values", survey[good], line[good], none, none, values, seen), problems


def _negative(line: np.ndarray, survey: np.ndarray) -> Problems:
    below = survey < 0
    return on_lines(line[below], "{} is no survey id", survey[below])


def _probable(p: np.ndarray) -> np.ndarray:
    return (p >= 0) & (p <= 1)


def _out_of_range(line: np.ndarray, p: np.ndarray) -> Problems:
    """A problem for each line of p (n, C) with a value that is no probability."""
    wrong = ~_probable(p)
    at = np.flatnonzero(wrong.any(axis=1))
    return on_lines(line[at], "{} is no probability from 0 to 1", p[at, wrong[at].argmax(axis=1)])


def _empty(submission: Submission) -> Problems:
    """Surveys without any probability above 0."""
    empty = (
        np.asarray(submission.values.max(axis=1).todense()).ravel() <= 0
        if submission.values.nnz
        else submission.line > 0
    )
    return on_lines(
        submission.line[empty], "survey {} has no species of any probability", submission.survey_id[empty]
    )


def _submission(
    path: Path, holds: Holds, survey_id: np.ndarray, line: np.ndarray,
    entries: tuple[np.ndarray, np.ndarray, np.ndarray], entry_line: np.ndarray, seen: set[int],
) -> Submission:  # fmt: skip
    """A submission from its (row, species id, value) triples, each from a line of its own."""
    row, species, value = entries
    class_ids, first, column = np.unique(species, return_index=True, return_inverse=True)
    shape = (len(survey_id), len(class_ids))
    values = csr_matrix(coo_matrix((value, (row, column)), shape=shape))
    return Submission(path, holds, survey_id, line, class_ids, entry_line[first], values, frozenset(seen))
