"""Climate cubes with known values."""

from __future__ import annotations

import numpy as np

from sdm.modalities import CLIMATE


def stored(pr: np.ndarray, tas: np.ndarray, low: float = 5, high: float = 5) -> np.ndarray:
    """A cube, in stored units, from precipitation (mm) and temperature (°C), each broadcast to (19, 12)."""
    cube = np.empty(CLIMATE.shape)
    cube[0], cube[1], cube[2], cube[3] = pr, tas, tas + high, tas - low
    scale, offset = (np.array(x).reshape(4, 1, 1) for x in (CLIMATE.scale, CLIMATE.offset))
    return ((cube - offset) / scale).astype(np.float32)
