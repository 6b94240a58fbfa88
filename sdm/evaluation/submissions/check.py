"""Whether a submission is complete and right for a data set: its surveys, all of them, with its species."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind
from sdm.data.splits import is_test, measured_splits
from sdm.errors import DataError
from sdm.evaluation.submissions.read import Submission, read_submission
from sdm.formats.problem import Problem, Problems, on_lines, shortened
from sdm.number_format import counted, whole

HOLDS = {
    TargetKind.MULTILABEL: ("sets", "probabilities"),
    TargetKind.MULTICLASS: ("sets", "probabilities"),
    TargetKind.REGRESSION: ("values",),
}
LABEL_SPACE = 11_255  # species of GeoLifeCLEF 2024 and 2025, presence-absence and presence-only together
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class CheckedSubmission:
    """A submission checked against the data set it is for.

    - submission: None when nothing in the file could be read
    - splits: those its surveys are in; all test splits count as one
    - rows: int64 (N,), the site of each survey of the submission, -1 for one not asked for
    - asked: how many surveys the splits have
    - unchecked: int64 (U,), ids of species that the data set does not name and that may exist all the same: its
      tables need not be whole
    - problems: the first by line, those of the whole file last, and how many in all
    """

    submission: Submission | None
    scheme: str
    splits: tuple[str, ...]
    rows: np.ndarray
    asked: int
    unchecked: np.ndarray
    problems: Problems

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong with what could be checked."""
        return not self.problems

    @property
    def species(self) -> int:
        """How many species it names."""
        return 0 if self.submission is None else len(self.submission.class_ids)

    def checked_sentence(self) -> str:
        """What was checked and is right."""
        right = [
            "the form of every line",
            f"{counted(len(self.rows), 'survey')}, all that are asked for, each once",
        ]
        if self.species > len(self.unchecked):
            right.append(f"{whole(self.species - len(self.unchecked))} of {counted(self.species, 'species id')}")
        return f"Checked and right: {', '.join(right)}."

    def unchecked_sentence(self) -> str:
        """What could not be checked; "" where all was."""
        if not self.unchecked.size:
            return ""
        return (
            f"Not checked: {whole(len(self.unchecked))} of {counted(self.species, 'species id')} "
            f"({shortened(self.unchecked.tolist())}). The tables of this data do not name them, and need not be "
            "whole; they are kept by their id."
        )


def check_submission(path: Path, dataset: Dataset) -> CheckedSubmission:
    """Read the file in `path` and check it against `dataset`; every problem is returned, none raised."""
    scheme = DEFAULT_SCHEME if DEFAULT_SCHEME in dataset.schemes else next(iter(dataset.schemes), "")
    try:
        submission, problems = read_submission(path)
    except DataError as error:
        problems = Problems.of([Problem.of(error)])
        return CheckedSubmission(None, scheme, (), NONE, 0, NONE, problems)
    splits, sites = _asked(dataset, scheme, submission)
    ids = dataset.sites["survey_id"].to_numpy(np.int64)[sites]
    unique, first = np.unique(ids, return_index=True)
    at = pd.Index(unique).get_indexer(submission.survey_id)
    rows = np.where(at >= 0, sites[first[at]], -1) if len(sites) else at
    problems = problems + _of_kind(submission, dataset) + _other_surveys(submission, rows, dataset, splits)
    odd = ~np.isin(submission.class_ids, dataset.targets.class_ids)
    complete = _names_all(dataset)
    if complete:
        problems += on_lines(submission.class_line[odd], "unknown species {}", submission.class_ids[odd])
    unchecked = NONE if complete else submission.class_ids[odd]
    problems += _missing(submission, ids)
    return CheckedSubmission(submission, scheme, splits, rows, len(ids), unchecked, problems)


def require_valid(checked: CheckedSubmission, path: Path) -> Submission:
    """The submission; DataError with the first problem, and how many there are, unless it is valid."""
    if checked.submission is None or checked.problems:
        more = checked.problems.total - 1
        what = str(checked.problems[0]) + (f" (and {more} more)" if more else "")
        raise DataError(what, where=path)
    return checked.submission


def _asked(dataset: Dataset, scheme: str, submission: Submission) -> tuple[tuple[str, ...], np.ndarray]:
    """The split, or all test splits, with most of the submission's surveys, and their sites."""
    names = measured_splits(dataset.splits(scheme) if scheme else ())
    tests = tuple(name for name in names if is_test(name))
    groups = [group for group in (tests, *((name,) for name in names if name not in tests)) if group]
    if not groups:
        return (), np.zeros(0, np.int64)
    sites = [np.concatenate([dataset.rows(name, scheme) for name in group]) for group in groups]
    ids = dataset.sites["survey_id"].to_numpy(np.int64)
    shared = [int(np.isin(ids[rows], submission.survey_id).sum()) for rows in sites]
    best = int(np.argmax(shared))
    return groups[best], sites[best]


def _of_kind(submission: Submission, dataset: Dataset) -> Problems:
    """What is given must be what is asked for."""
    kind = dataset.targets.kind
    if submission.holds not in HOLDS[kind]:
        wanted = " or ".join(HOLDS[kind])
        return Problems.of([Problem(1, f"{submission.holds} for a {kind} target; expected {wanted}")])
    if kind is TargetKind.MULTICLASS and submission.holds == "sets":
        sizes = np.diff(submission.values.indptr)
        return on_lines(
            submission.line[sizes > 1], "survey {} has several classes", submission.survey_id[sizes > 1]
        )
    return Problems()


def _other_surveys(
    submission: Submission, rows: np.ndarray, dataset: Dataset, splits: tuple[str, ...]
) -> Problems:
    """Surveys nobody asked for, those of the data set told from those of no one."""
    odd = rows < 0
    here = odd & np.isin(submission.survey_id, dataset.sites["survey_id"].to_numpy(np.int64))
    where = " and ".join(splits) or "no split"
    problems = on_lines(submission.line[odd & ~here], "unknown survey {}", submission.survey_id[odd & ~here])
    return problems + on_lines(submission.line[here], f"survey {{}} is not in {where}", submission.survey_id[here])


def _names_all(dataset: Dataset) -> bool:
    """Whether the data set names every class there is, so that another id is a mistake.

    Downloaded tables of species may be absent or a part; a simulation and classes of one's own are whole.
    """
    targets = dataset.targets
    if targets.kind is TargetKind.REGRESSION or dataset.simulated:
        return True
    least = 1 if targets.kind is TargetKind.MULTICLASS else LABEL_SPACE
    return len(targets.classes) >= least


def _missing(submission: Submission, ids: np.ndarray) -> Problems:
    missing = np.setdiff1d(ids, np.fromiter(submission.seen, np.int64, len(submission.seen)))
    if not missing.size:
        return Problems()
    names = shortened(missing.tolist())
    return Problems.of(
        [Problem(None, f"{whole(len(missing))} of {counted(len(ids), 'survey')} are missing: {names}")]
    )
