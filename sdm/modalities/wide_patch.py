"""The whole Sentinel-2 patch of GeoLifeCLEF 2024: four bands of 128 x 128 pixels round the survey.

`patch` is its middle, in the units and size of 2025, so that models of either edition fit both.
"""

from __future__ import annotations

from dataclasses import replace

from sdm.modalities.patch import PATCH

SIDE = 128

WIDE_PATCH = replace(
    PATCH,
    name="wide_patch",
    title="Whole Sentinel-2 patch",
    phrase="the whole patch",
    meaning="1,280 m x 1,280 m around the survey, 10 m pixels, surface reflectance in steps of 8 bits",
    shape=(len(PATCH.channels), SIDE, SIDE),
    source="GeoLifeCLEF 2024 (kaggle.com/competitions/geolifeclef-2024), Ecodatacube Sentinel-2 mosaics",
    layouts=tuple(row for row in PATCH.layouts if row.edition == 2024),
    simulator=None,
    view="whole picture",
    order=6,
)
"""Its values are those of `patch`, whose summary and features fit any side."""
