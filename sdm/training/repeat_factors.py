"""Repeat factor sampling: surveys with rare species are seen several times an epoch."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import TargetKind, Targets
from sdm.data.targets import target_matrix
from sdm.errors import TrainingError


def repeat_factors(targets: Targets, threshold: float) -> np.ndarray:
    """float64 (N,), at least 1: the times an epoch each survey is seen.

    A species of prevalence p asks for max(1, √(threshold / p)), and a survey gives what the rarest of its species
    asks for: repeat factor sampling (Gupta et al. 2019, LVIS). TrainingError for regression.
    """
    if targets.kind is TargetKind.REGRESSION:
        raise TrainingError("there are no rare species in a regression", got=f"repeat_rare {threshold:g}")
    matrix = target_matrix(targets)
    prevalence = np.asarray(matrix.sum(axis=0)).ravel() / max(int(targets.known.sum()), 1)
    asked = np.sqrt(threshold / np.maximum(prevalence, 1 / len(targets.known)))
    present = matrix.multiply(np.maximum(asked, 1)).tocsr()
    return np.maximum(present.max(axis=1).toarray().ravel(), 1).astype(np.float64)
