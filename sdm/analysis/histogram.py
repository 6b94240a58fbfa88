"""How bright the pixels of a patch are, band by band, against the patches a model was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset
from sdm.modalities import PATCH

STEP = 100  # stored units a bin: reflectance 0.01
BINS = 120  # up to reflectance 1.2; real patches reach 1.19
MOST_PATCHES = 512  # eight million pixels a band settle every bin


@dataclass(frozen=True)
class PatchReference:
    """The training distribution: `shares` (bands, BINS) of pixels, each band summing to 1; `surveys` counted."""

    shares: np.ndarray
    surveys: int


def fit_patches(dataset: Dataset, rows: np.ndarray) -> PatchReference:
    """The distribution over `rows`, the training split; DataError when none has a patch."""
    sample = evenly(dataset, rows, PATCH.name, MOST_PATCHES)
    counts = np.sum([_counts(patches) for patches in portions(dataset, sample, PATCH.name)], axis=0)
    return PatchReference(_shares(counts), len(sample))


def histogram(patch: np.ndarray, reference: PatchReference | None = None) -> pd.DataFrame:
    """One row per band and bin: band, low, high (reflectance), share, training_share.

    Shares are of the band's valid pixels, NaN where there is none or no reference. The first and last bin
    also hold what lies beyond them. `patch` (4, 64, 64) in stored units.
    """
    edges = np.arange(BINS + 1) * STEP * PATCH.scale[0]
    shares = _shares(_counts(patch[None]))
    training = np.full_like(shares, np.nan) if reference is None else reference.shares
    return pd.DataFrame({
        "band": np.repeat(PATCH.channel_titles, BINS), "low": np.tile(edges[:-1], len(shares)),
        "high": np.tile(edges[1:], len(shares)), "share": shares.ravel(), "training_share": training.ravel(),
    })  # fmt: skip


def _counts(patches: np.ndarray) -> np.ndarray:
    """int64 (bands, BINS): valid pixels of `patches` (n, bands, height, width) per bin."""
    bands = np.moveaxis(patches, 1, 0).reshape(patches.shape[1], -1)
    return np.stack([_count(band[np.isfinite(band)]) for band in bands])


def _count(pixels: np.ndarray) -> np.ndarray:
    return np.bincount(np.clip(pixels // STEP, 0, BINS - 1).astype(np.int64), minlength=BINS)


def _shares(counts: np.ndarray) -> np.ndarray:
    total = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)
