"""The area of applicability: where the environment is like that of the training surveys.

Meyer and Pebesma 2021, Predicting into unknown space?, doi:10.1111/2041-210X.13650. The dissimilarity index of a
place is its distance to the nearest training survey among standardised predictors, over the mean distance
of training surveys from each other. Training surveys have one too, to the nearest of another fold; a place beyond
the upper whisker of theirs (third quartile, 1.5 interquartile ranges) is outside. All predictors weigh the same:
weights of importance would make the area one of a single model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset
from sdm.data.splits import block_folds
from sdm.errors import DataError
from sdm.modalities import ENVIRONMENT, MODALITIES

MOST_SURVEYS = 5_000
FOLDS = 5
PAIRS = 200_000  # of training surveys, drawn, for their mean distance
WHISKER = 1.5
TINY = 1e-12  # in place of a threshold of 0, which training surveys of one environment have


@dataclass(frozen=True)
class Applicability:
    """The training surveys as points: `used` predictors (positions), their `mean` and `spread`, a `tree` of the
    standardised values, the mean distance `unit` between two of them, and the `threshold` of dissimilarity."""

    used: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    tree: cKDTree
    unit: float
    threshold: float

    def dissimilarity(self, values: np.ndarray) -> np.ndarray:
        """float64 (n,) of predictors `values` (n, P) in stored units; a missing one counts as the mean.

        NaN for a place without any predictor.
        """
        points = _standardised(values[:, self.used], self.mean, self.spread)
        nearest, _ = self.tree.query(points)
        known = np.isfinite(values[:, self.used]).any(axis=1)
        return np.where(known, nearest / self.unit, np.nan)

    def over_threshold(self, values: np.ndarray) -> np.ndarray:
        """`dissimilarity` over the threshold: above 1 a place is outside the area."""
        return self.dissimilarity(values) / self.threshold


def fit_applicability(dataset: Dataset, rows: np.ndarray, modality: str = ENVIRONMENT.name) -> Applicability:
    """That of `rows`, the training split, by an even sample; DataError when none has predictors of `modality`."""
    sample = evenly(dataset, rows, modality, MOST_SURVEYS)
    values = np.concatenate(list(portions(dataset, sample, modality)))
    sites = dataset.sites.iloc[sample]
    fold = block_folds(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), FOLDS, degrees=_block(sites))
    return applicability_of(values, fold, modality=modality)


def _block(sites: pd.DataFrame) -> float:
    """Degrees along a block of the folds: one, or a tenth of the extent of surveys that lie closer together."""
    placed = sites[["lon", "lat"]].dropna().to_numpy(float)
    extent = float(np.ptp(placed, axis=0).max()) if len(placed) else 0.0
    return min(1.0, extent / 10) or 1.0


def applicability_of(
    values: np.ndarray, fold: np.ndarray, seed: int = 0, modality: str = ENVIRONMENT.name
) -> Applicability:
    """That of training surveys with predictors `values` (n, P), NaN where missing, in folds (n,) of the map.

    Class codes have no distance and are left out. DataError where nothing varies.
    """
    numeric = ~np.array(MODALITIES[modality].coded or (False,) * values.shape[1])
    known = np.isfinite(values).sum(axis=0) > len(values) / 2
    columns = np.where(np.isfinite(values), values, 0).astype(np.float64)
    count = np.maximum(np.isfinite(values).sum(axis=0), 1)
    mean = columns.sum(axis=0) / count
    spread = np.sqrt(np.where(np.isfinite(values), (columns - mean) ** 2, 0).sum(axis=0) / count)
    used = np.flatnonzero(numeric & known & (spread > 0))
    if len(values) < 2 or not used.size:
        raise DataError("training surveys do not differ in any predictor", got=f"{len(values)} surveys")
    points = _standardised(values[:, used], mean[used], spread[used])
    unit = _mean_distance(points, seed)
    own = np.concatenate([_to_others(points, fold == part) for part in np.unique(fold)]) / unit
    own = own[np.isfinite(own)]
    first, third = np.quantile(own, [0.25, 0.75]) if own.size else (0.0, 1.0)
    whisker = third + WHISKER * (third - first)
    threshold = float(own[own <= whisker].max()) if own.size else float(whisker)
    return Applicability(used, mean[used], spread[used], cKDTree(points), unit, max(threshold, TINY))


def _standardised(values: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return np.nan_to_num((values.astype(np.float64) - mean) / spread)


def _mean_distance(points: np.ndarray, seed: int) -> float:
    """Mean distance of two different points, of drawn pairs."""
    random, n = np.random.default_rng(seed), len(points)
    one = random.integers(0, n, PAIRS)
    other = (one + random.integers(1, n, PAIRS)) % n
    total = sum(
        float(np.linalg.norm(points[one[i : i + 10_000]] - points[other[i : i + 10_000]], axis=1).sum())
        for i in range(0, PAIRS, 10_000)
    )
    return max(total / PAIRS, np.finfo(float).tiny)


def _to_others(points: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """Distance of the points that are `mine` to the nearest that is not; inf where all are."""
    if mine.all():
        return np.full(int(mine.sum()), np.inf)
    return np.asarray(cKDTree(points[~mine]).query(points[mine])[0])


def survey_table(dataset: Dataset, scheme: str, area: Applicability) -> pd.DataFrame:
    """One row per survey of presence and absence with an environment: survey_id, lon, lat, split, over_threshold.

    `over_threshold` is its dissimilarity over the threshold: above 1 it is outside the area. Training surveys are
    left out: they are their own nearest.
    """
    split = dataset.sites[f"split_{scheme}"].astype(str).to_numpy()
    rows = np.flatnonzero(dataset.available(ENVIRONMENT.name) & ~np.isin(split, ("train", "po", "")))
    values = [area.dissimilarity(part) for part in portions(dataset, rows, ENVIRONMENT.name)]
    found = np.concatenate(values) if values else np.zeros(0)
    sites = dataset.sites.iloc[rows][["survey_id", "lon", "lat"]].reset_index(drop=True)
    return sites.assign(split=split[rows], over_threshold=found / area.threshold)
