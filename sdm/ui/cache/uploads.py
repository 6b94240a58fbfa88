"""Files that were dropped in, by their content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from sdm.errors import DataError
from sdm.evaluation.imported_runs import submission_scores
from sdm.evaluation.submissions import CheckedSubmission, check_submission
from sdm.formats.problem import Problem
from sdm.inference.survey_requests import PredictionRequest, read_asked
from sdm.runs.records import Scores
from sdm.training_logs import read_log
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo

MOST_LOGS = 20


@contextmanager
def as_file(content: bytes) -> Iterator[Path]:
    """The content as a file that is there for the block."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        yield path


@memo(8, "Checking …")
def checked_entry(key: str, content: bytes) -> CheckedSubmission:
    """A submission or a table of probabilities held against the data set."""
    with as_file(content) as path:
        return check_submission(path, dataset(key))


@memo(8, "Scoring …")
def scored_entry(key: str, content: bytes) -> dict[str, Scores]:
    """The scores of such a file, by split."""
    return submission_scores(checked_entry(key, content), dataset(key))


@memo(8, "Reading the list …")
def survey_list(key: str, content: bytes) -> tuple[PredictionRequest | None, list[Problem]]:
    """The surveys of a list, and what is wrong with it."""
    with as_file(content) as path:
        try:
            return read_asked(path, dataset(key))
        except DataError as error:
            return None, [Problem.of(error)]


@memo(MOST_LOGS, "Reading the log …")
def log_curves(name: str, content: bytes) -> pd.DataFrame:
    """A training log as a table of curves; SdmError when it is none."""
    with as_file(content) as path:
        return read_log(path, name)
