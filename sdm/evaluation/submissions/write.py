"""The writer of submissions to GeoLifeCLEF: species ids separated by one space, one row per survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import is_test
from sdm.errors import DataError, RunError
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.submissions.read import HEADER
from sdm.files import atomic
from sdm.formats.problem import shortened
from sdm.runs import Run


def write_submission(path: Path, survey_id: np.ndarray, sets: csr_matrix, class_ids: np.ndarray) -> None:
    """Write one row per survey, in the order given; `sets` is csr (N, S), column j being species `class_ids[j]`.

    DataError when a survey occurs twice or has no species: such a file would be refused.
    """
    ids, counts = np.unique(survey_id, return_counts=True)
    if (counts > 1).any():
        raise DataError("surveys occur twice", where=path, got=shortened(ids[counts > 1].tolist()))
    empty = np.diff(sets.indptr) == 0
    if empty.any():
        raise DataError("surveys without species", where=path, got=shortened(survey_id[empty].tolist()))
    with atomic(path) as file:
        file.write(f"{','.join(HEADER)}\n".encode())
        for row, survey in enumerate(survey_id.tolist()):
            species = np.sort(class_ids[sets.indices[sets.indptr[row] : sets.indptr[row + 1]]])
            file.write(f"{survey},{' '.join(map(str, species.tolist()))}\n".encode())


def hidden_splits(run: Run) -> tuple[str, ...]:
    """The test splits whose predictions are stored."""
    return tuple(split for split in run.splits() if is_test(split))


def write_run_submission(run: Run, dataset: Dataset, path: Path) -> int:
    """Write the species the run gives every test survey, by its own decoder; how many surveys there are.

    RunError for a run that gives numbers, or has no predictions of a test split.
    """
    card, splits = run.card, hidden_splits(run)
    if card.kind is TargetKind.REGRESSION:
        raise RunError("a submission holds species, this run gives numbers", where=run.path)
    if not splits:
        raise RunError("the run has no predictions of test surveys", where=run.path)
    rows = np.sort(np.concatenate([dataset.rows(split, card.scheme) for split in splits]))
    sets = decoder_of(card).decode(recall(run, dataset, rows, splits).probabilities)
    survey_id = dataset.sites["survey_id"].to_numpy(np.int64)[rows]
    write_submission(path, survey_id, sets, np.asarray(card.class_ids, np.int64))
    return len(rows)
