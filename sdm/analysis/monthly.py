"""The dates of a pixel, band by band, against those of its class in training; which of them are missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sdm.analysis.spectra import GroupSpectra, group_columns
from sdm.modalities import Modality
from sdm.modalities.raster_bands import raster_band

TELLING = ("NDVI", "NDWI", "B8", "B11", "B4", "B5")  # bands that tell vegetation best, in this order
FIRST_SHOWN = 4
DATES = "dates"
"""Column of the table of sites: the date of each step as year-month-day, blanks between them."""


def monthly_table(
    values: np.ndarray, modality: Modality, groups: GroupSpectra | None, own: str | None, other: str | None
) -> pd.DataFrame:
    """One row per band and step of `values` (band, step), stored units: band, title, unit, step (from 1), value,
    level; own_mean, own_low, own_high and other_mean, other_low, other_high of the groups of these keys.

    value is NaN where it is missing. level, 0 to 1, is where it lies between the lowest and the highest spread of
    any group of the band at any step.
    """
    bands, steps = modality.shape
    physical = modality.to_physical(values).astype(float)
    table = pd.DataFrame({
        "band": np.repeat(modality.channels, steps),
        "title": np.repeat([raster_band(name).title for name in modality.channels], steps),
        "unit": np.repeat(modality.units, steps),
        "step": np.tile(np.arange(1, steps + 1), bands),
        "value": physical.ravel(),
        "level": _levels(physical, groups).ravel(),
    })  # fmt: skip
    return table.assign(**group_columns(groups, own, other))


def _levels(values: np.ndarray, groups: GroupSpectra | None) -> np.ndarray:
    """`values` (band, step) between the ends of the groups, or of the values themselves without any."""
    known = values[None] if groups is None else np.concatenate([groups.low, groups.high])
    flat = np.moveaxis(known, 1, 0).reshape(len(values), -1)
    there = np.isfinite(flat).any(axis=1)
    low, high = (np.full(len(values), np.nan) for _ in range(2))
    low[there], high[there] = np.nanmin(flat[there], axis=1), np.nanmax(flat[there], axis=1)
    span = np.where(high > low, high - low, 1.0)
    return np.asarray(np.clip((values - low[:, None]) / span[:, None], 0, 1))


def telling_bands(bands: Sequence[str]) -> list[str]:
    """The bands that are shown until others are chosen.

    >>> telling_bands(["B2", "B8", "NDVI"]), telling_bands(["c1", "c2", "c3", "c4", "c5"])
    (['NDVI', 'B8'], ['c1', 'c2', 'c3', 'c4'])
    """
    return [band for band in TELLING if band in bands][:FIRST_SHOWN] or list(bands[:FIRST_SHOWN])


def missing_steps(values: np.ndarray) -> list[int]:
    """The steps, from 1, of `values` (band, step) that have no value in any band.

    >>> missing_steps(np.array([[1.0, np.nan, np.nan], [np.nan, np.nan, 2.0]]))
    [2]
    """
    return (1 + np.flatnonzero(~np.isfinite(values).any(axis=0))).tolist()


def date_labels(text: str) -> list[str]:
    """What the steps are called, of a value of the column DATES.

    >>> date_labels("2022-03-05 2022-11-30")
    ['5 Mar', '30 Nov']
    """
    return [f"{day.day} {day:%b}" for day in pd.to_datetime(text.split(), format="%Y-%m-%d")]
