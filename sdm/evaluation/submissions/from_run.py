"""A run's stored predictions as the file a competition asks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import is_test
from sdm.errors import RunError
from sdm.evaluation.labelled_predictions import recall
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.submissions.write import write_submission
from sdm.runs import Run


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
    write_submission(path, survey_id, sets, dataset.targets.class_ids)
    return len(rows)
