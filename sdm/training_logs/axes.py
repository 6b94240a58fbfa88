"""Positions of logged values on the horizontal axis."""

from __future__ import annotations

import pandas as pd

from sdm.errors import UnknownNameError

AXES = {"epoch": "Epochs done", "step": "Steps", "seconds": "Time since the run began"}


def positions(table: pd.DataFrame, axis: str) -> pd.Series:
    """Return the position of each row of the curve `table` on `axis`, a key of AXES; NaN where not logged.

    Several values of one epoch are spread evenly over it, the last of a full epoch at its end. How many make a
    full epoch is what the fullest one of the same series holds.
    """
    if axis not in AXES:
        raise UnknownNameError("no such axis", expected=", ".join(AXES), got=axis)
    if axis != "epoch":
        return table[axis]
    epochs = table.groupby(["run", "series", "epoch"], sort=False)["value"]
    count = epochs.transform("size").groupby([table["run"], table["series"]]).transform("max")
    return table["epoch"] - 1 + (epochs.cumcount() + 1) / count
