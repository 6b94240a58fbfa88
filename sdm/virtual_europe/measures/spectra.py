"""How much of the niche axes Landsat means show within one cover.

Spectra come from cover, use, biomass, phenology and wet ground. So what they show of soil and climate goes through
these, and should be little within a cover. What they show of climate, through snow, season and drought, tells of
soil too where soils change with climate: that part is taken off in rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdm.analysis.simulation_check import Statement
from sdm.geo.projections import laea_km
from sdm.virtual_europe.imagery import landsat_cubes
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.sampling import draw

AXES = {"warmth": "temperature", "continentality": "seasonality", "moisture": "moisture", "reaction": "reaction",
        "nutrients": "nutrients"}  # fmt: skip
_CLIMATE = 2  # of these, the first ones
MOST = 0.15
OURS = "our target: at most .15; 100 extremely randomised trees on six band means, five folds of 50 km squares"
_PLOTS, _LEAST = 6_000, 200  # training plots drawn, and of a cover that counts
_FOLDS, _SQUARE = 5, 50.0  # km: neighbours lie in one fold, so that no place is recognised


def spectra_statements(seed: int) -> Iterator[Statement]:
    """A statement per niche axis: its R² in the cover that shows it best; of soil also beyond climate."""
    drawn = draw("train", np.arange(_PLOTS), seed).places
    means = np.nanmean(landsat_cubes(drawn), axis=(2, 3))
    axes = np.stack([getattr(drawn, name) for name in AXES.values()], axis=1)
    fold = folds(drawn.lon, drawn.lat)
    shown, beyond = [], []
    for cover in range(len(COVERS)):
        mine = np.flatnonzero(drawn.centre == cover)
        if len(mine) >= _LEAST:
            shown.append(cross_validated_r2(means[mine], axes[mine], fold[mine]))
            beyond.append(cross_validated_r2(means[mine], beyond_climate(axes[mine]), fold[mine]))
    for axis, r2 in zip(AXES, np.max(shown, axis=0), strict=True):
        yield _statement(f"Landsat: R² of {axis} within a cover, highest", r2)
    for axis, r2 in zip(tuple(AXES)[_CLIMATE:], np.max(beyond, axis=0), strict=True):
        yield _statement(f"Landsat: the same of {axis} beyond climate", r2)


def _statement(name: str, r2: float) -> Statement:
    return Statement("", name, "", max(float(r2), 0.0), 0.0, MOST, OURS)


def beyond_climate(axes: np.ndarray) -> np.ndarray:
    """What a quadratic form of the climate axes leaves of the axes of soil, (N, T - 2)."""
    climate = (axes[:, :_CLIMATE] - axes[:, :_CLIMATE].mean(axis=0)) / axes[:, :_CLIMATE].std(axis=0)
    form = np.column_stack([np.ones(len(axes)), climate, climate**2, climate.prod(axis=1)])
    soil = axes[:, _CLIMATE:]
    return np.asarray(soil - form @ np.linalg.lstsq(form, soil, rcond=None)[0])


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
