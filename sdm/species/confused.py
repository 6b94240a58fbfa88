"""What one species is mistaken for: the pairs of errors in which it takes part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack

from sdm.confusion.outcomes import Outcome, Outcomes, outcomes
from sdm.confusion.pairs import given_instead
from sdm.data.dataset import Dataset
from sdm.decoding import parse_decoder
from sdm.metrics import target_matrix
from sdm.runs.predictions import Predictions

MIN_SUPPORT = 2  # surveys: one species has few errors, and the number stands beside the lift
LIMIT = 12
TOP_CLASS = "top-k:1"
_BLOCK = 256  # surveys made dense at a time


def judged(dataset: Dataset, predictions: Predictions, rows: np.ndarray, decoder: str | None) -> Outcomes:
    """Hits, misses and false alarms of the predicted surveys whose target is known.

    `rows` is `rows_of(dataset, predictions)`; `decoder` that of the run, None for the single likeliest class.
    """
    there = np.flatnonzero(rows >= 0)
    there = there[dataset.targets.known[rows[there]]]
    decode = parse_decoder(decoder or TOP_CLASS).decode
    starts = range(0, len(there), _BLOCK)
    parts = [decode(predictions.rows(there[start : start + _BLOCK])) for start in starts]
    given = vstack(parts).tocsr() if parts else csr_matrix((0, predictions.width), dtype=bool)
    truth = target_matrix(dataset.targets.take(rows[there]))
    return outcomes(truth.astype(np.int8), given.astype(np.int8))


def around(judged: Outcomes, classes: pd.DataFrame, column: int) -> pd.DataFrame:
    """The pairs of `given_instead` in which `column` is missed or given, at most LIMIT of each, by falling lift.

    Its columns, and `role`: "missed" where the species was recorded and the other given in its place, "given"
    where it is the one that was given in the place of the other.
    """
    codes = judged.codes.tocoo()
    own = codes.col == column
    found = []
    for role, mine, theirs in (
        ("missed", Outcome.MISS, Outcome.FALSE_ALARM),
        ("given", Outcome.FALSE_ALARM, Outcome.MISS),
    ):
        keep = (own & (codes.data == mine)) | (~own & (codes.data == theirs))
        part = csr_matrix((codes.data[keep], (codes.row[keep], codes.col[keep])), shape=codes.shape)
        pairs = given_instead(replace(judged, codes=part), classes, MIN_SUPPORT, LIMIT)
        found.append(pairs.assign(role=role))
    return pd.concat(found, ignore_index=True)
