"""The curve table: the form of every log after reading.

One row per logged value:

- `run`, `series`: names fit for the screen (one line, at most 120 characters);
- `step` (of the optimiser), `epoch` (from 1), `seconds` (since the run began): float64, NaN where the log does
  not tell;
- `value`: float64; NaN or infinite when that is what was logged. What was not logged has no row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sdm.errors import UnknownNameError

PLACES = ("step", "epoch", "seconds")
COLUMNS = ("run", "series", *PLACES, "value")
LONGEST_NAME = 120
AXES = {"epoch": "Epochs done", "step": "Steps", "seconds": "Time since the run began"}


def screen_name(text: str) -> str:
    """Return `text` on one line without control characters, cut to 120 characters.

    >>> screen_name(" val\\tloss\\x00 ")
    'val loss'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_NAME]).split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"


def epochs_from_one(epochs: np.ndarray) -> np.ndarray:
    """Return `epochs` (n,) counted from 1. Lightning and Keras count from 0, which their first epoch shows.

    >>> epochs_from_one(np.array([0.0, np.nan, 1.0])).tolist()
    [1.0, nan, 2.0]
    """
    return epochs + 1 if (epochs == 0).any() else epochs


def empty_table() -> pd.DataFrame:
    """Return the table of a run without any logged value."""
    names = {name: pd.Series(dtype=str) for name in COLUMNS[:2]}
    return pd.DataFrame(names | {name: pd.Series(dtype=float) for name in COLUMNS[2:]})


def join(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return all rows of `tables`, each in its order."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty_table()


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
