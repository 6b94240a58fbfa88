"""Quantile normalisation of patches: `percentile` and `interp` over every pixel, against one count of levels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.comparison import Comparison, Figure, Target, compare
from sdm.modalities.quantile import quantile_normalise
from sdm.virtual_europe.imagery import render_patches
from sdm.virtual_europe.sampling import draw

PATCHES = 100


def figures(patches: int = PATCHES) -> Iterator[Figure]:
    """One figure: `patches` simulated patches without missing pixels, one after the other."""
    drawn = render_patches(draw("train", np.arange(patches), seed=0).places).astype(np.float32)
    whole = drawn[(drawn >= 0).all(axis=(1, 2, 3))]

    yield compare(
        Comparison(
            title=f"quantile normalisation, {len(whole)} patches",
            usual_way="numpy percentile + interp per band",
            usual=lambda: [by_percentiles(patch) for patch in whole],
            ours=lambda: [quantile_normalise(patch) for patch in whole],
            target=Target(20),
            note="bit-identical",
        )
    )


def by_percentiles(patch: np.ndarray) -> np.ndarray:
    """float32, shape of `patch` (bands, rows, columns): each band between its 2nd and 98th percentile, min-max."""
    result = np.empty(patch.shape, np.float32)
    for band, out in zip(patch.astype(np.float64), result, strict=True):
        ordered = np.sort(band.ravel())
        mapped = np.interp(band.ravel(), ordered, np.percentile(ordered, np.linspace(2, 98, band.size)))
        span = np.ptp(mapped)
        out[:] = ((mapped - mapped.min()) / span if span > 0 else np.zeros(band.size)).reshape(band.shape)
    return result
