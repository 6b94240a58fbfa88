"""The values of any modality as a table."""

from __future__ import annotations

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
    """One row per channel and position on the last axis: the channel, that axis, unit, value, title.

    `values` (*shape), two axes or more, stored units; value is the mean over the axes between, NaN without any.
    """
    channel, axis = modality.axes[0], modality.axes[-1]
    groups = value_table(values, modality).groupby([channel, axis, "unit"], sort=False)
    usual = groups["value"].mean().reset_index()
    return usual.assign(title=usual[channel].map(modality.titles))
