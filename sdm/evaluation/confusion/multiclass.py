"""One class per survey: the matrix at each level of the hierarchy, and true against predicted survey by survey.

A class is a set of one, so the matrix is the block of all classes: a wrong class is one miss and one false alarm.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.evaluation.confusion.block import cells
from sdm.evaluation.confusion.levels import Level
from sdm.evaluation.confusion.outcomes import Outcomes, outcomes
from sdm.evaluation.metrics.sets import one_hot

MOST_CLASSES = 60  # a matrix of more has too many cells to draw and click


def class_outcomes(truth: np.ndarray, predicted: np.ndarray, count: int, to: Level | None = None) -> Outcomes:
    """Outcomes of int (N,) classes 0..count-1, or of their groups at the level `to`.

    At a level, a survey whose true class has no group is left out; a predicted class without one is a plain miss.
    Raises DataError when the lengths differ or a class is outside 0..count-1.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape or truth.ndim != 1:
        raise DataError("truth and prediction differ in length", expected=truth.shape, got=predicted.shape)
    for name, values in (("truth", truth), ("prediction", predicted)):
        _require_classes_in(values, count, name)
    if to is not None:
        truth, predicted, count = to.group[truth], to.group[predicted], len(to.groups)
        predicted = np.where(truth < 0, -1, predicted)
    return outcomes(one_hot(truth, count), one_hot(predicted, count))


def class_matrix(errors: Outcomes, classes: pd.DataFrame) -> pd.DataFrame:
    """All cells of the matrix, as in `cells`: surveys are the counts, row_share the shares of each true class.

    `classes`: the table of classes, or `Level.groups` at a level. Of more than MOST_CLASSES, `block` shows some.
    """
    if errors.species > MOST_CLASSES:
        raise DataError(
            "too many classes for one matrix",
            expected=f"at most {MOST_CLASSES}",
            got=errors.species,
            remedy="Take a coarser level, or a block of some of the classes.",
        )
    return cells(errors, classes, np.arange(errors.species))


def per_survey(
    truth: np.ndarray, predicted: np.ndarray, classes: pd.DataFrame, to: Level | None = None
) -> pd.DataFrame:
    """True against predicted class, one row per survey: row, truth, predicted, truth_name, predicted_name, right.

    At the level `to`, classes are its groups, and surveys with a class that has no group are left out.
    """
    class_outcomes(truth, predicted, len(classes))
    row, names = np.arange(len(truth)), classes["name"].to_numpy()
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if to is not None:
        truth, predicted, names = to.group[truth], to.group[predicted], to.groups["name"].to_numpy()
        row = np.flatnonzero((truth >= 0) & (predicted >= 0))
        truth, predicted = truth[row], predicted[row]
    named = {"truth_name": names[truth], "predicted_name": names[predicted]}
    return pd.DataFrame({"row": row, "truth": truth, "predicted": predicted, **named, "right": truth == predicted})


def _require_classes_in(values: np.ndarray, count: int, name: str) -> None:
    if not np.issubdtype(values.dtype, np.integer):
        raise DataError(f"classes of the {name} are whole numbers", expected="an integer type", got=values.dtype)
    outside = values[(values < 0) | (values >= count)]
    if outside.size:
        raise DataError(
            f"the {name} names a class that is not in the table",
            expected=f"0 to {count - 1}",
            got=int(outside[0]),
            remedy="Leave surveys without a known class out.",
        )
