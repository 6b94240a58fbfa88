"""Hits, misses and false alarms of labelled predictions, of classes or of their groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.evaluation.confusion import levels
from sdm.evaluation.confusion.levels import Level
from sdm.evaluation.confusion.multiclass import class_outcomes, per_survey
from sdm.evaluation.confusion.outcomes import Outcomes, outcomes
from sdm.evaluation.confusion.regression import residuals
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions


def labelled_outcomes(
    labelled: LabelledPredictions, kind: TargetKind, decoder: Decoder, to: Level | None = None,
    known: int | None = None,
) -> Outcomes:  # fmt: skip
    """Outcomes of the classes, or of their groups at the level `to`.

    Of sets of species those that `decoder` takes are predicted, of single classes the most probable one; see
    `LabelledPredictions.class_pairs` for the rows of single classes. Of sets, only the first `known` count.
    """
    if kind is not TargetKind.MULTILABEL:
        _, recorded, predicted = labelled.class_pairs()
        return class_outcomes(recorded, predicted, len(labelled.targets.classes), to)
    truth, sets = labelled.truth[:, :known], labelled.sets(decoder)[:, :known]
    return outcomes(truth, sets) if to is None else levels.outcomes_at(truth, sets, to)


def labelled_classes(labelled: LabelledPredictions, to: Level | None = None) -> pd.DataFrame:
    """Recorded and most probable class, a row per pair of `LabelledPredictions.class_pairs`; see `per_survey`."""
    _, recorded, predicted = labelled.class_pairs()
    return per_survey(recorded, predicted, labelled.targets.classes, to)


def labelled_residuals(labelled: LabelledPredictions) -> pd.DataFrame:
    """Recorded and predicted value of each survey; see `residuals`."""
    return residuals(labelled.targets.values, labelled.probabilities[:, 0].astype(np.float32))
