"""Which surveys are most like this one, by one kind of input."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from sdm.analysis.robust_scale import RobustScale, fit_scale
from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset
from sdm.errors import DataError, UnknownNameError
from sdm.modalities import MODALITIES

FARTHEST = 5.0  # spreads; beyond, one odd feature would drown the others


@dataclass(frozen=True)
class SimilarityIndex:
    """The surveys `rows` in the space of one modality's features, on one `scale`; built once, asked often.

    `known` (n, d): which features a survey has; the others stand at the median.
    """

    modality: str
    rows: np.ndarray
    scale: RobustScale
    known: np.ndarray
    tree: KDTree

    def nearest(self, values: np.ndarray, count: int = 10, exclude: int | None = None) -> pd.DataFrame:
        """The `count` surveys most like a site, nearest first: rank (from 1), row, distance, known.

        `values` (*shape) of the modality in stored units; `exclude` is a row to leave out, the site's own.
        `distance`: root mean square difference of the features, in spreads of the surveys. `known` (0..1):
        share of the features both have; where it is low, the distance says little. DataError when the site
        has no feature.
        """
        features = _features(self.modality, values[None])
        if not np.isfinite(features).any():
            raise DataError(f"no {self.modality} to compare by", remedy="Pick a modality this survey has.")
        known = np.isfinite(self.scale(features[0]))
        wanted = min(count + (exclude is not None), len(self.rows))
        distance, nearest = self.tree.query(_placed(self.scale, features)[0], k=np.arange(1, wanted + 1))
        telling = max(int((self.scale.spread > 0).sum()), 1)
        table = pd.DataFrame(
            {
                "row": self.rows[nearest],
                "distance": distance / np.sqrt(telling),
                "known": (self.known[nearest] & known).sum(axis=1) / telling,
            }
        )
        table = table[table["row"] != exclude].head(count).reset_index(drop=True)
        table.insert(0, "rank", np.arange(1, len(table) + 1))
        return table


def fit_similarity(dataset: Dataset, rows: np.ndarray, modality: str) -> SimilarityIndex:
    """The index of those of `rows` that have `modality`; DataError when none has."""
    if modality not in MODALITIES:
        raise UnknownNameError("unknown modality", expected=", ".join(MODALITIES), got=modality)
    having = evenly(dataset, rows, modality, most=len(rows))
    features = np.concatenate([_features(modality, part) for part in portions(dataset, having, modality)])
    scale = fit_scale(features)
    known = np.isfinite(scale(features))
    return SimilarityIndex(modality, having, scale, known, KDTree(_placed(scale, features)))


def _features(modality: str, values: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what is never known stays NaN
        return MODALITIES[modality].features(np.asarray(values, np.float64))


def _placed(scale: RobustScale, features: np.ndarray) -> np.ndarray:
    """`features` (n, d) as points: scaled, drawn in to FARTHEST, the unknown at the median."""
    return np.nan_to_num(np.clip(scale(features), -FARTHEST, FARTHEST))
