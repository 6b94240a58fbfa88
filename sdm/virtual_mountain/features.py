"""The 20 features that the source's export has of an image: bands, atmosphere, true colour and three indices."""

from __future__ import annotations

import numpy as np

from sdm.virtual_mountain.parameters import BANDS

INTEGERS = (*BANDS, "AOT", "WVP", "TCI_R", "TCI_G", "TCI_B")
FLOATS = ("NDVI", "EVI", "NDWI")
FEATURES = (*INTEGERS, *FLOATS)
MASKED = -999
TRUE_COLOUR = {"TCI_R": "B4", "TCI_G": "B3", "TCI_B": "B2"}
_WHITE = 3558.0  # reflectance x 10,000 that is 255 in the true-colour image of the product
_DIGITS = 6  # of an index


def features(reflectance: np.ndarray, aot: np.ndarray, wvp: np.ndarray) -> dict[str, np.ndarray]:
    """Feature -> (N,) from `reflectance` x 10,000 (band, N): int32, indices float64.

    NDWI is (green - near infrared) / (green + near infrared).

    >>> bands = [300, 300, 600, 400, 900, 2000, 2500, 3200, 3000, 3000, 1500, 700]
    >>> one = features(np.array(bands)[:, None], np.array([90]), np.array([500]))
    >>> one["NDVI"].tolist(), one["NDWI"].tolist(), one["TCI_R"].tolist()
    ([0.777778], [-0.684211], [29])
    """
    table = {band: np.rint(values).astype(np.int32) for band, values in zip(BANDS, reflectance, strict=True)}
    table |= {"AOT": np.rint(aot).astype(np.int32), "WVP": np.rint(wvp).astype(np.int32)}
    for colour, band in TRUE_COLOUR.items():
        table[colour] = np.clip(np.rint(table[band] * (255 / _WHITE)), 1, 255).astype(np.int32)
    blue, green, red, infrared = (table[band] / 10_000 for band in ("B2", "B3", "B4", "B8"))
    indices = {
        "NDVI": (infrared - red) / (infrared + red),
        "EVI": 2.5 * (infrared - red) / (infrared + 6 * red - 7.5 * blue + 1),
        "NDWI": (green - infrared) / (green + infrared),
    }
    return table | {name: np.round(values, _DIGITS) for name, values in indices.items()}


def masked(count: int) -> dict[str, np.ndarray]:
    """Features of `count` rows without a value."""
    return {name: np.full(count, MASKED, np.int32 if name in INTEGERS else np.float64) for name in FEATURES}
