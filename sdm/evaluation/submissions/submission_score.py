"""The score of a submission against a table of recorded species."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.submissions.read import Submission
from sdm.formats.problem import shortened
from sdm.runs.records import Score


def score_submission(submission: Submission, truth: Submission) -> Score:
    """samples-F1 with its 95 % interval, both of sets; DataError unless both have the same surveys.

    Where `truth` has no positions every survey is a block of its own, and the interval too narrow.
    """
    require_surveys(submission, truth.survey_id)
    order = pd.Index(submission.survey_id).get_indexer(truth.survey_id)
    class_ids = np.union1d(submission.class_ids, truth.class_ids)
    predicted = _over(submission, class_ids)[order]
    blocks = np.arange(len(truth)) if truth.blocks is None else truth.blocks
    return METRICS["samples-f1"].score(_over(truth, class_ids), predicted, blocks)


def require_surveys(submission: Submission, expected: np.ndarray) -> None:
    """DataError unless the submission has exactly the surveys `expected`."""
    unknown = np.flatnonzero(~np.isin(submission.survey_id, expected))
    if unknown.size:
        line, ids = submission.line[unknown[0]], submission.survey_id[unknown].tolist()
        raise DataError(f"line {line}: surveys not asked for", where=submission.place, got=shortened(ids))
    missing = np.setdiff1d(expected, submission.survey_id)
    if missing.size:
        raise DataError(
            "surveys are missing", where=submission.place, expected=f"{len(expected)} surveys",
            got=f"{len(submission)}; {shortened(missing.tolist())} are not among them",
        )  # fmt: skip


def _over(submission: Submission, class_ids: np.ndarray) -> csr_matrix:
    """The sets with a column for each of the ascending `class_ids`."""
    sets, column = submission.values, np.searchsorted(class_ids, submission.class_ids)
    return csr_matrix((sets.data, column[sets.indices], sets.indptr), (len(submission), len(class_ids)))
