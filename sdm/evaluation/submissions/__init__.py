"""Submissions: predictions in a file, read and checked line by line, scored, written."""

from sdm.evaluation.submissions.check import CheckedSubmission, check_submission, require_valid
from sdm.evaluation.submissions.read import Submission, read_sets, read_submission, read_truth
from sdm.evaluation.submissions.score import score_submission
from sdm.evaluation.submissions.write import write_submission

__all__ = [
    "CheckedSubmission",
    "Submission",
    "check_submission",
    "read_sets",
    "read_submission",
    "read_truth",
    "require_valid",
    "score_submission",
    "write_submission",
]
