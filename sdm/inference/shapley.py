"""What each group of inputs adds to a prediction: Shapley values over all its absences.

The value of a group is the mean, over all orders in which groups could be revealed, of what it adds (Shapley 1953;
for models: Lundberg and Lee 2017, "A unified approach to interpreting model predictions"). With n groups all 2^n
subsets are predicted, so that the values are exact: together they are the prediction with all less that with none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import factorial

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.modalities import MODALITIES

BASE, PREDICTION = "base value", "prediction"  # without any input, and with all


def coalitions(count: int) -> np.ndarray:
    """bool (2^count, count): every subset of `count` groups, the empty one first and the full one last.

    >>> coalitions(2).tolist()
    [[False, False], [True, False], [False, True], [True, True]]
    """
    return (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)


def training_share(count: int, present: int, dropout: float) -> float:
    """How much of training showed exactly one given choice of `present` of `count` inputs, 0 < present <= count.

    Each input of a survey that has all is left out with probability `dropout`, but never all of them: as
    `sdm.models.fusion.drop_modalities` does it.

    >>> round(training_share(4, 1, 0.15), 4), round(training_share(4, 4, 0.15), 3)
    (0.003, 0.522)
    """
    chance: float = dropout ** (count - present) * (1 - dropout) ** present
    return chance + dropout**count / count if present == 1 else chance


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """float64 (n, ...): the share of each of n groups in `worth` (2^n, ...), in the order of `coalitions`.

    >>> shapley_values(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [2.0, 3.0]
    """
    count = len(worth).bit_length() - 1
    if len(worth) != 2**count:
        raise DataError("not a worth for every subset", expected=f"{2**count}", got=len(worth))
    values = np.zeros((count, *worth.shape[1:]))
    subsets = coalitions(count)
    for group in range(count):
        for index in np.flatnonzero(~subsets[:, group]):
            size = int(subsets[index].sum())
            chance = factorial(size) * factorial(count - size - 1) / factorial(count)
            values[group] += chance * (np.asarray(worth[index | 1 << group], np.float64) - worth[index])
    return values


def attribution_table(
    classes: pd.DataFrame, base: np.ndarray, added: Mapping[str, np.ndarray], outputs: Sequence[int] | np.ndarray
) -> pd.DataFrame:
    """Return one row per class of `outputs`, columns of the model, in that order.

    Columns: those of `classes` (class_id and name), BASE (`base` (S,)), each modality of `added` and PREDICTION,
    the sum of all these.
    """
    columns = np.asarray(outputs, int)
    table = classes.iloc[columns].reset_index(drop=True)
    table[BASE] = base[columns]
    for name, values in added.items():
        table[name] = values[columns]
    return table.assign(**{PREDICTION: table[[BASE, *added]].sum(axis=1)})


def mean_contributions(
    table: pd.DataFrame, modalities: Sequence[str], missing: Collection[str], factor: float = 1.0
) -> pd.DataFrame:
    """Return one row per modality (the index): input, in words; mean, `factor` times what it adds or takes away on
    the average of an `attribution_table`."""
    means = [factor * float(table[name].abs().mean()) for name in modalities]
    return pd.DataFrame({"input": _titles(modalities, missing), "mean": means}, list(modalities))


def contribution_steps(
    row: pd.Series, modalities: Sequence[str], missing: Collection[str], factor: float = 1.0
) -> pd.DataFrame:
    """Return the rows BASE, each modality, PREDICTION (the index) of one class of an `attribution_table`: step, in
    words; value, `factor` times the output or what is added to it."""
    start, added = factor * float(row[BASE]), factor * row[list(modalities)].to_numpy(float)
    values = [start, *added, start + added.cumsum()[-1]]
    steps = [BASE, *_titles(modalities, missing), PREDICTION]
    return pd.DataFrame({"step": steps, "value": values}, [BASE, *modalities, PREDICTION])


def _titles(modalities: Sequence[str], missing: Collection[str]) -> list[str]:
    return [MODALITIES[name].title + (" (missing)" if name in missing else "") for name in modalities]
