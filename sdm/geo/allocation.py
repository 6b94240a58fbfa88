"""Kinds of land given to pieces of a mosaic so that each kind has its share of the area."""

from __future__ import annotations

import numpy as np

_ROUNDS = 400


def allocate(scores: np.ndarray, area: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The kind (P,) of each piece of a mosaic: the best after offsets that bring areas to the shares `target`.

    `scores` (P, K): how well a piece suits a kind; `area` (P,). A kind that no piece is best for gets the small
    piece that suits it best.
    """
    offset = np.zeros(len(target))
    total = max(area.sum(), 1.0)
    for i in range(_ROUNDS):
        share = np.bincount((scores + offset).argmax(1), area, len(target)) / total
        offset += (1.0 - i / _ROUNDS) * 0.6 * np.log((target + 2e-4) / (share + 2e-4))
    chosen = np.asarray((scores + offset).argmax(1))
    for kind in np.argsort(target):
        if np.bincount(chosen, area, len(target))[kind] == 0 and (area > 0).any():
            fit = (area > 0) & (area <= np.quantile(area[area > 0], 0.6))
            chosen[np.where(fit, scores[:, kind], -np.inf).argmax()] = kind
    return chosen
