"""Whether an entry answers what a data set asks: its surveys, all of them, with its species."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind
from sdm.data.splits import is_test, measured_splits
from sdm.errors import DataError
from sdm.evaluation.submissions.read import Entry, read_entry
from sdm.formats.problem import Problem, on_lines, shortened

ANSWERS = {
    TargetKind.MULTILABEL: ("sets", "probabilities"),
    TargetKind.MULTICLASS: ("sets", "probabilities"),
    TargetKind.REGRESSION: ("values",),
}


@dataclass(frozen=True)
class Checked:
    """An entry beside the data set it is for.

    - entry: None when nothing in the file could be read
    - splits: those its surveys are in; all test splits count as one
    - rows: int64 (N,), the site of each survey of the entry, -1 for one not asked for
    - asked: how many surveys the splits have
    - species_known: False where the data set has no table of species, so that ids cannot be checked
    - problems: by line, those of the whole file last
    """

    entry: Entry | None
    scheme: str
    splits: tuple[str, ...]
    rows: np.ndarray
    asked: int
    species_known: bool
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        """Whether a competition would take it."""
        return not self.problems


def check_entry(path: Path, dataset: Dataset) -> Checked:
    """Read the file in `path` and hold it against `dataset`; what is wrong is told, never raised."""
    scheme = DEFAULT_SCHEME if DEFAULT_SCHEME in dataset.schemes else next(iter(dataset.schemes), "")
    known = dataset.targets.kind is TargetKind.REGRESSION or len(dataset.targets.classes) > 0
    try:
        entry, problems = read_entry(path)
    except DataError as error:
        return Checked(None, scheme, (), np.zeros(0, np.int64), 0, known, (Problem.of(error),))
    splits, sites = _asked(dataset, scheme, entry)
    ids = dataset.sites["survey_id"].to_numpy(np.int64)[sites]
    order = np.argsort(ids)
    at = order[np.searchsorted(ids, entry.survey_id, sorter=order).clip(max=len(ids) - 1)] if len(ids) else None
    match = np.zeros(len(entry.survey_id), bool) if at is None else ids[at] == entry.survey_id
    rows = np.where(match, -1 if at is None else sites[at], -1)
    problems = [*problems, *_of_kind(entry, dataset), *_strangers(entry, rows, dataset, splits)]
    if known:
        problems += _unknown_species(entry, dataset)
    problems += _missing(entry, ids)
    ordered = sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))
    return Checked(entry, scheme, splits, rows, len(ids), known, tuple(ordered))


def require_valid(checked: Checked, path: Path) -> Entry:
    """The entry; DataError with the first problem, and how many there are, unless it is valid."""
    if checked.entry is None or checked.problems:
        more = len(checked.problems) - 1
        what = str(checked.problems[0]) + (f" (and {more} more)" if more else "")
        raise DataError(what, where=path)
    if not checked.species_known:
        raise DataError(
            "this data set has no table of species to name the columns by", where=path,
            remedy="Add the training metadata to the tree.",
        )  # fmt: skip
    return checked.entry


def _asked(dataset: Dataset, scheme: str, entry: Entry) -> tuple[tuple[str, ...], np.ndarray]:
    """The split, or all test splits, with most of the entry's surveys, and their sites."""
    names = measured_splits(dataset.splits(scheme) if scheme else ())
    tests = tuple(name for name in names if is_test(name))
    groups = [group for group in (tests, *((name,) for name in names if name not in tests)) if group]
    if not groups:
        return (), np.zeros(0, np.int64)
    sites = [np.concatenate([dataset.rows(name, scheme) for name in group]) for group in groups]
    ids = dataset.sites["survey_id"].to_numpy(np.int64)
    shared = [int(np.isin(ids[rows], entry.survey_id).sum()) for rows in sites]
    best = int(np.argmax(shared))
    return groups[best], sites[best]


def _of_kind(entry: Entry, dataset: Dataset) -> list[Problem]:
    """What is given must be what is asked for."""
    kind = dataset.targets.kind
    if entry.holds not in ANSWERS[kind]:
        return [Problem(1, f"{entry.holds} for a {kind} target; expected {' or '.join(ANSWERS[kind])}")]
    if kind is TargetKind.MULTICLASS and entry.holds == "sets":
        sizes = np.diff(entry.values.indptr)
        return on_lines(entry.line[sizes > 1], "survey {} has several classes", entry.survey_id[sizes > 1])
    return []


def _strangers(entry: Entry, rows: np.ndarray, dataset: Dataset, splits: tuple[str, ...]) -> list[Problem]:
    """Surveys nobody asked for, those of the data set told from those of no one."""
    odd = rows < 0
    here = odd & np.isin(entry.survey_id, dataset.sites["survey_id"].to_numpy(np.int64))
    asked = " and ".join(splits) or "no split"
    problems = on_lines(entry.line[odd & ~here], "unknown survey {}", entry.survey_id[odd & ~here])
    return problems + on_lines(entry.line[here], f"survey {{}} is not in {asked}", entry.survey_id[here])


def _unknown_species(entry: Entry, dataset: Dataset) -> list[Problem]:
    """Ids of no class; a column of a table is on line 1."""
    odd = ~np.isin(entry.class_ids, dataset.targets.class_ids)
    return on_lines(entry.class_line[odd], "unknown species {}", entry.class_ids[odd])


def _missing(entry: Entry, ids: np.ndarray) -> list[Problem]:
    missing = np.setdiff1d(ids, np.fromiter(entry.seen, np.int64, len(entry.seen)))
    if not missing.size:
        return []
    return [Problem(None, f"{len(missing):,} of {len(ids):,} surveys are missing: {shortened(missing.tolist())}")]
