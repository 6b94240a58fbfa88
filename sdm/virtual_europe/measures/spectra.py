"""How much of the niche axes Landsat means show within one cover.

Spectra come from cover, use, biomass, phenology and wet ground. So what they show of soil and climate goes through
these, and should be little within a cover.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdm.analysis.simulation_check import Statement
from sdm.geo.projections import laea_km
from sdm.virtual_europe.imagery import landsat_cubes
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.sampling import draw

AXES = {"warmth": "temperature", "continentality": "seasonality", "moisture": "moisture", "reaction": "reaction",
        "nutrients": "nutrients"}  # fmt: skip
MOST = 0.15
OURS = "our target: at most .15; 100 extremely randomised trees on six band means, five folds of 50 km squares"
_PLOTS, _LEAST = 6_000, 200  # training plots drawn, and of a cover that counts
_FOLDS, _SQUARE = 5, 50.0  # km: neighbours lie in one fold, so that no place is recognised


def spectra_statements(seed: int) -> Iterator[Statement]:
    """A statement per niche axis: its R² in the cover that shows it best."""
    drawn = draw("train", np.arange(_PLOTS), seed).places
    means = np.nanmean(landsat_cubes(drawn), axis=(2, 3))
    found = axes_from(means, drawn)
    for axis in AXES:
        best = max(shown[axis] for shown in found.values())
        yield Statement("", f"Landsat: R² of {axis} within a cover, highest", "", max(best, 0.0), 0.0, MOST, OURS)


def axes_from(features: np.ndarray, here: Places) -> dict[str, dict[str, float]]:
    """R² of each niche axis from `features` (N, F) within each cover that has plots enough."""
    axes = np.stack([getattr(here, name) for name in AXES.values()], axis=1)
    fold = folds(here.lon, here.lat)
    found = {}
    for cover, name in enumerate(COVERS):
        mine = np.flatnonzero(here.centre == cover)
        if len(mine) >= _LEAST:
            shown = cross_validated_r2(features[mine], axes[mine], fold[mine])
            found[name] = dict(zip(AXES, shown.tolist(), strict=True))
    return found


def folds(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Fold 0..4 of each position, the same for a whole square, drawn by lot."""
    square = np.floor(np.column_stack(laea_km(lon, lat)) / _SQUARE)
    number = np.unique(square, axis=0, return_inverse=True)[1].ravel()
    return np.asarray((np.random.default_rng(0).permutation(number.max() + 1) % _FOLDS)[number])


def cross_validated_r2(features: np.ndarray, targets: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """R² of each target (N, T) as foretold by trees that saw the other folds, (T,)."""
    from sklearn.ensemble import ExtraTreesRegressor  # slow to load, and only this needs it

    scaled = (targets - targets.mean(axis=0)) / targets.std(axis=0)
    foretold = np.zeros_like(scaled)
    for one in np.unique(fold):
        out = fold == one
        trees = ExtraTreesRegressor(100, min_samples_leaf=5, random_state=0)
        foretold[out] = trees.fit(features[~out], scaled[~out]).predict(features[out])
    return np.asarray(1 - ((scaled - foretold) ** 2).mean(axis=0))
