"""Records of few species are no absences of one another: they are measured against background sites instead."""

from __future__ import annotations

import numpy as np
import pandas as pd

NOT_TOLD = ("average-precision", "calibration-slope")
"""Measures that depend on the share of sites with the species, here that of the number of background sites."""


def against_background(surveys: pd.DataFrame, rows: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """The records among `surveys`, a table of `LabelledPredictions.species`, and background sites without them.

    `rows` (B,): the background sites in the data set; `values` (B,): what is predicted there.
    """
    columns = ["row", "recorded", "probability"]
    records = surveys.loc[surveys["recorded"].to_numpy(bool), columns]
    others = pd.DataFrame({"row": rows, "recorded": False, "probability": values.astype(np.float32)})
    return pd.concat([records, others], ignore_index=True)
