"""Thumbnails of patches."""

from __future__ import annotations

import numpy as np
from PIL import Image

from sdm.analysis.stretches import composite
from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.maps.png import encode
from sdm.modalities import PATCH

WIDTH = 96  # pixels of the picture, and of the screen: it need not be made smaller at every rerun


def thumbnail(dataset: Dataset, row: int) -> bytes | None:
    """Return the natural-colour picture as a PNG, None where no patch can be read."""
    try:
        values = dataset.reader.read(PATCH.name, np.array([row]))[0]
    except DataError:
        return None
    if not np.isfinite(values).any():
        return None
    picture = Image.fromarray(composite(values)).resize((WIDTH, WIDTH), Image.Resampling.BOX)
    return encode(np.asarray(picture))
