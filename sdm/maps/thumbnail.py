"""Thumbnails of patches."""

from __future__ import annotations

import numpy as np

from sdm.analysis.stretches import composite
from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.maps.png import encode
from sdm.modalities import PATCH

ZOOM = 3  # sent per pixel of the patch


def thumbnail(dataset: Dataset, row: int) -> bytes | None:
    """Return the natural-colour picture as a PNG, None where no patch can be read."""
    try:
        values = dataset.reader.read(PATCH.name, np.array([row]))[0]
    except DataError:
        return None
    return encode(composite(values).repeat(ZOOM, 0).repeat(ZOOM, 1)) if np.isfinite(values).any() else None
