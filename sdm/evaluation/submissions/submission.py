"""Submissions to GeoLifeCLEF: `surveyId,predictions`, species ids separated by one space, one row per survey."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import DataError, NotDownloadedError
from sdm.evaluation.metrics import METRICS, Score
from sdm.files import atomic
from sdm.formats.table import Kind, read_header, read_table

HEADER = ["surveyId", "predictions"]
PA_COLUMNS = {"surveyId": Kind.ID, "speciesId": Kind.ID}
LARGEST_ID = 2**31 - 1
SHOWN = 5


@dataclass(frozen=True)
class SpeciesSets:
    """Sets of species by survey: `survey_id` int64 (N,), each once; `sets` csr (N, largest speciesId + 1).

    `line` int64 (N,) is where each survey stands in the file.
    """

    survey_id: np.ndarray
    sets: csr_matrix
    line: np.ndarray
    place: Path

    def __len__(self) -> int:
        return len(self.survey_id)


def write_submission(path: Path, survey_id: np.ndarray, sets: csr_matrix, class_ids: np.ndarray) -> None:
    """Write one row per survey, in the order given; `sets` is csr (N, S), column j being species `class_ids[j]`.

    DataError when a survey occurs twice or has no species: such a file would be refused.
    """
    ids, counts = np.unique(survey_id, return_counts=True)
    if (counts > 1).any():
        raise DataError("surveys occur twice", where=path, got=_some(ids[counts > 1]))
    empty = np.diff(sets.indptr) == 0
    if empty.any():
        raise DataError("surveys without species", where=path, got=_some(survey_id[empty]))
    with atomic(path) as file:
        file.write(f"{','.join(HEADER)}\n".encode())
        for row, survey in enumerate(survey_id.tolist()):
            species = np.sort(class_ids[sets.indices[sets.indptr[row] : sets.indptr[row + 1]]])
            file.write(f"{survey},{' '.join(map(str, species.tolist()))}\n".encode())


def read_submission(path: Path) -> SpeciesSets:
    """The submission in `path`; DataError names the line of whatever the competition would refuse.

    Refused are another header, rows of other than two cells, ids that are no whole numbers from 0, surveys or
    species of a survey that occur twice, and surveys without species.
    """
    first_line: dict[int, int] = {}
    lengths, species = [], []
    for line, cells in submission_lines(path):
        survey, of_survey = submission_row(path, line, cells)
        if survey in first_line:
            raise DataError(f"line {line}: survey {survey} was on line {first_line[survey]} already", where=path)
        first_line[survey] = line
        lengths.append(len(of_survey))
        species.extend(of_survey)
    if not first_line:
        raise DataError("no survey", where=path, expected="one row per test survey")
    shape = (len(lengths), max(species) + 1)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    sets = csr_matrix((np.ones(len(species), bool), species, indptr), shape=shape)
    sets.sort_indices()
    surveys, lines = np.array([*first_line.items()], np.int64).T
    return SpeciesSets(surveys, sets, lines, path)


def read_truth(path: Path) -> SpeciesSets:
    """The truth in `path`: a submission's two columns, or a table of presences with surveyId and speciesId.

    DataError names the line of what is malformed.
    """
    names, _ = read_header(path)
    if names[:2] == HEADER:
        return read_submission(path)
    table = read_table(path, PA_COLUMNS)
    survey, species = table["surveyId"].to_numpy(np.int64), table["speciesId"].to_numpy(np.int64)
    wrong = np.flatnonzero((species < 0) | (species > LARGEST_ID))
    if wrong.size:
        raise DataError(f"line {wrong[0] + 2}: no species id", where=path, got=species[wrong[0]])
    if not len(table):
        raise DataError("no survey", where=path, expected="one row per survey and species")
    ids, first, row = np.unique(survey, return_index=True, return_inverse=True)
    shape = (len(ids), int(species.max()) + 1)
    return SpeciesSets(ids, csr_matrix((np.ones(len(table), bool), (row, species)), shape=shape), first + 2, path)


def check_surveys(submission: SpeciesSets, expected: np.ndarray) -> None:
    """DataError unless the submission has exactly the surveys `expected`."""
    unknown = np.flatnonzero(~np.isin(submission.survey_id, expected))
    if unknown.size:
        where, shown = submission.line[unknown[0]], _some(submission.survey_id[unknown])
        raise DataError(f"line {where}: surveys not asked for", where=submission.place, got=shown)
    missing = np.setdiff1d(expected, submission.survey_id)
    if missing.size:
        raise DataError(
            "surveys are missing",
            where=submission.place,
            expected=f"{len(expected)} surveys",
            got=f"{len(submission)}; {_some(missing)} are not among them",
        )


def score_submission(submission: SpeciesSets, truth: SpeciesSets) -> Score:
    """samples-F1 with its bootstrap interval; DataError unless both have the same surveys."""
    check_surveys(submission, truth.survey_id)
    order = np.argsort(submission.survey_id)[np.searchsorted(np.sort(submission.survey_id), truth.survey_id)]
    width = max(submission.sets.shape[1], truth.sets.shape[1])
    predicted, true = submission.sets[order].copy(), truth.sets.copy()
    for sets in (predicted, true):
        sets.resize((len(truth), width))
    return METRICS["samples-f1"].score(true, predicted, bootstrap=True)


def submission_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every row after the header, which is checked; empty lines are skipped."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            if header != HEADER:
                raise DataError(
                    "line 1: wrong header", where=path, expected=",".join(HEADER), got=",".join(header)
                )
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
    except FileNotFoundError:
        raise NotDownloadedError("the file is missing", where=path) from None
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError("not readable as a table in text", where=path, got=problem) from None


def submission_row(path: Path, line: int, cells: list[str]) -> tuple[int, list[int]]:
    """Survey and species of a row; DataError names the line of what is no row of a submission."""
    if len(cells) != 2:
        raise DataError(f"line {line}: wrong number of cells", where=path, expected=2, got=len(cells))
    survey, species = _id(path, line, cells[0]), [_id(path, line, word) for word in cells[1].split()]
    if not species:
        raise DataError(f"line {line}: survey {survey} has no species", where=path, expected="at least one")
    if len(set(species)) < len(species):
        twice = sorted({s for s in species if species.count(s) > 1})
        raise DataError(f"line {line}: species that occur twice", where=path, got=_some(np.array(twice)))
    return survey, species


def _id(path: Path, line: int, text: str) -> int:
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 11 and int(word) <= LARGEST_ID):
        raise DataError(f"line {line}: no id", where=path, expected=f"a whole number, 0 to {LARGEST_ID}", got=word)
    return int(word)


def _some(values: np.ndarray) -> str:
    """The first few values, and how many more there are."""
    shown = ", ".join(map(str, values[:SHOWN].tolist()))
    return shown if len(values) <= SHOWN else f"{shown} and {len(values) - SHOWN} more"
