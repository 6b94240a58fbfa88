"""Mixing colours of the four patch bands by shares of the pixel."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.imagery.spectra import MATERIALS


def visible(name: str) -> np.ndarray:
    """The four patch bands of a material, reflectance x 10,000, (4,)."""
    return MATERIALS[name][:4]


def mix(*parts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Sum of share (n,) times colour, (4,) or (4, n), as (4, n)."""
    total = np.zeros((4, len(parts[0][0])), np.float32)
    for share, colour in parts:
        total += colour.reshape(4, -1) * share
    return total


def overlay(image: np.ndarray, weight: np.ndarray, colour: np.ndarray) -> None:
    """Moves `image` (4, n) towards `colour` (4,) by `weight` (n,) of the way, in place."""
    at = np.flatnonzero(weight)
    part = image[:, at]
    image[:, at] = part + (colour[:, None] - part) * weight[at]
