"""The values of any modality as a table."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from sdm.modalities import Modality


def value_table(values: np.ndarray, modality: Modality) -> pd.DataFrame:
    """One row per value of `values` (*shape), stored units: a column per axis, then value and unit, physical."""
    others = zip(modality.axes[1:], modality.shape[1:], strict=True)
    names = [modality.channels, *(modality.coordinates.get(axis, range(extent)) for axis, extent in others)]
    table = pd.MultiIndex.from_product(names, names=modality.axes).to_frame(index=False)
    unit = np.repeat(modality.units, values.size // len(modality.channels))
    return table.assign(value=modality.to_physical(values).astype(float).ravel(), unit=unit)


def usual_table(values: np.ndarray, modality: Modality) -> pd.DataFrame:
    """One row per channel and position on the last axis: title, that axis, value, unit; NaN without any value.

    `values` (*shape), at least two axes, in stored units; value is the mean over the axes between, physical.
    """
    physical = modality.to_physical(values).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what is never known stays NaN
        usual = np.nanmean(physical, axis=tuple(range(1, physical.ndim - 1)))
    axis, extent = modality.axes[-1], modality.shape[-1]
    names = [modality.channel_titles, modality.coordinates.get(axis, range(extent))]
    table = pd.MultiIndex.from_product(names, names=["title", axis]).to_frame(index=False)
    return table.assign(value=usual.ravel(), unit=np.repeat(modality.units, extent))
