"""What errors to expect at each survey where species are recorded independently of each other.

A survey's predicted set is taken as it is. A species outside it is missed with the probability that it is
recorded, one inside is a false alarm with the probability that it is not. Two species are then an error
together, one missed and the other predicted instead, with the product of both. Shared habitat is in these
probabilities, survey by survey; it is not in the totals of misses and false alarms alone.

A model that finds a species too likely, or not likely enough, errs more often than its probabilities say, and
with every other species at once. So the odds of each species' misses, and of its false alarms, are shifted by
one factor each, such that as many are expected as there are (Saerens et al. 2002 shift priors so). What is
tested is where they fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix
from scipy.special import expit, logit

from sdm.errors import DataError
from sdm.evaluation.confusion.outcomes import Outcome, Outcomes
from sdm.evaluation.confusion.presence import LARGEST, Presence

LEAST = 1e-9  # probability: what is less likely counts as that
STEPS, FARTHEST, EXACT = 60, 40.0, 1e-9  # of Newton's method, in log-odds


@dataclass(frozen=True)
class PairNull:
    """Expected errors of N surveys and the K species in `columns`, int64 columns of the outcomes.

    - `miss` csc (N, K): probability of a miss, less share × weight; `share` (N,), `weight` (K,)
    - `alarm` csc (N, K): probability of a false alarm
    """

    columns: np.ndarray
    miss: csc_matrix
    share: np.ndarray
    weight: np.ndarray
    alarm: csc_matrix

    def expected(self, missed: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        """float64 (A, B): surveys at which a species of `missed` and one of `predicted`, places among `columns`,
        err together; 0 for a species with itself, which is never both."""
        alarm = self.alarm[:, predicted]
        rest = np.outer(self.weight[missed], self.share @ alarm)
        table = (self.miss[:, missed].T @ alarm).toarray() + rest
        return np.where(missed[:, None] == predicted, 0, np.maximum(table, 0))

    def together(self, missed: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        """float64 (n, P): for P pairs the chances of falling together at the n most surveys where the second was
        predicted, in any order; places among `columns`."""
        alarm = self.alarm[:, predicted].T.tocsr()
        apart = self.miss[:, missed].T.tocsr().multiply(alarm).tocsr()
        shared = alarm.multiply(self.share).tocsr()
        shared.data *= np.repeat(self.weight[missed], np.diff(shared.indptr))
        both = (apart + shared).tocsr()
        size = np.diff(both.indptr)
        chances = np.zeros((size.max(initial=0), len(missed)))
        pair = np.repeat(np.arange(len(missed)), size)
        chances[np.arange(len(pair)) - np.repeat(both.indptr[:-1], size), pair] = both.data
        return np.clip(chances, 0, 1)


def pair_null(outcomes: Outcomes, columns: np.ndarray, recorded: Presence) -> PairNull:
    """The null of the species `columns`; `recorded` are the probabilities of these, in their order.

    Raises DataError where the probability of a predicted species is not stored.
    """
    given = recorded.stored.tocsc()
    given.sort_indices()
    predicted = _predicted(outcomes.codes[:, columns].tocsc(), given)
    misses, alarms = (outcomes.counts[outcome][columns] for outcome in (Outcome.MISS, Outcome.FALSE_ALARM))
    column = np.repeat(np.arange(len(columns)), np.diff(given.indptr))
    share_there = recorded.share[given.indices]
    unstored = np.maximum(recorded.share.sum() - np.bincount(column, share_there, minlength=len(columns)), 0)
    chance, shift = shifted(given.data[~predicted], column[~predicted], misses, unstored * recorded.weight)
    weight = recorded.weight * np.exp(shift)
    miss = np.zeros(given.nnz)
    miss[~predicted] = chance
    miss -= share_there * weight[column]
    alarm, _ = shifted(1 - given.data[predicted], column[predicted], alarms, np.zeros(len(columns)))
    ends = np.concatenate([[0], np.cumsum(np.bincount(column[predicted], minlength=len(columns)))])
    all_misses = csc_matrix((miss, given.indices, given.indptr), shape=given.shape)
    all_alarms = csc_matrix((alarm, given.indices[predicted], ends), shape=given.shape)
    return PairNull(columns, all_misses, recorded.share, weight, all_alarms)


def shifted(
    chances: np.ndarray, column: np.ndarray, totals: np.ndarray, rest: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`chances` (n,) with the odds of each `column` shifted to sum to its total, and the shifts (K,) in log-odds.

    `rest` (K,): the sum of further chances, each so small that a shift multiplies it. A column of total 0 gets the
    lowest shift, one that cannot reach its total the highest.

    >>> shifted(np.array([0.2, 0.2, 0.5]), np.array([0, 0, 1]), np.array([1, 0]), np.zeros(2))[0].round(6).tolist()
    [0.5, 0.5, 0.0]
    """
    level, target = logit(np.clip(chances, LEAST, LARGEST)), np.maximum(totals, LEAST)
    shift, width = np.zeros(len(totals)), len(totals)
    for _ in range(STEPS):
        moved, far = expit(level + shift[column]), rest * np.exp(shift)
        mean = np.bincount(column, moved, minlength=width) + far
        slope = np.bincount(column, moved * (1 - moved), minlength=width) + far
        # The logarithm of the sum rises and is concave in the shift: from the left, no step goes too far.
        step = np.log(target / np.maximum(mean, LEAST)) * mean / np.maximum(slope, LEAST)
        new = np.clip(shift + step, -FARTHEST, FARTHEST)
        if np.abs(new - shift).max(initial=0) < EXACT:
            break
        shift = new
    return expit(level + shift[column]), shift


def _predicted(codes: csc_matrix, given: csc_matrix) -> np.ndarray:
    """bool (nnz,): which of the `given` entries are of predicted species."""
    codes.sort_indices()
    places, wanted = _places(given), _places(codes)[codes.data != Outcome.MISS]
    predicted = np.isin(places, wanted, assume_unique=True)
    if predicted.sum() < len(wanted):
        raise DataError("a predicted species has no stored probability", got=len(wanted) - int(predicted.sum()))
    return predicted


def _places(matrix: csc_matrix) -> np.ndarray:
    """int64 (nnz,): one number for each place of the matrix, ascending."""
    column = np.repeat(np.arange(matrix.shape[1], dtype=np.int64), np.diff(matrix.indptr))
    return column * matrix.shape[0] + matrix.indices
