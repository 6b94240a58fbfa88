"""What each group of inputs adds to a prediction: Shapley values over all its absences.

The value of a group is the mean, over all orders in which groups could be revealed, of what it adds (Shapley 1953;
for models: Lundberg and Lee 2017, "A unified approach to interpreting model predictions"). With n groups all 2^n
subsets are predicted, so that the values are exact: together they are the prediction with all less that with none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from sdm.errors import DataError

if TYPE_CHECKING:
    from sdm.data.prepare import Batch

MOST_GROUPS = 8


def coalitions(count: int) -> np.ndarray:
    """bool (2^count, count): every subset of `count` groups, the empty one first and the full one last.

    >>> coalitions(2).tolist()
    [[False, False], [True, False], [False, True], [True, True]]
    """
    return (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)


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


def modality_values(
    predict: Callable[[Batch], Any], batch: Batch, groups: Mapping[str, Sequence[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """float64 (n, B, C) and (B, C): what each of n `groups` of modalities adds to each of C outputs of `predict`,
    a tensor of logits or probabilities, at each of the B surveys of `batch`; and the output with none of them.

    An absent modality is as a survey without its file: nothing of it is valid. All 2^n subsets go through
    `predict` in one batch. DataError for no group, more than MOST_GROUPS, and for a modality that is not in the
    batch or in two groups.
    """
    modalities = [modality for group in groups.values() for modality in group]
    odd = [name for name in modalities if f"{name}_valid" not in batch or modalities.count(name) > 1]
    if odd or not 1 <= len(groups) <= MOST_GROUPS:
        expected = f"1 to {MOST_GROUPS} groups, of modalities of the batch, each once"
        raise DataError("these groups cannot be told apart", expected=expected, got=", ".join(odd) or len(groups))
    subsets = coalitions(len(groups))
    surveys = len(next(iter(batch.values())))
    output = predict(_without(batch, groups, subsets)).detach().cpu().numpy()
    worth = output.reshape(len(subsets), surveys, -1).astype(np.float64)
    return shapley_values(worth), worth[0]


def _without(batch: Batch, groups: Mapping[str, Sequence[str]], subsets: np.ndarray) -> Batch:
    """`batch` once for each of `subsets`, without the modalities of the groups that are not in it."""
    repeated = {name: values.repeat(len(subsets), *[1] * (values.ndim - 1)) for name, values in batch.items()}
    for group, present in zip(groups.values(), subsets.T, strict=True):
        for name in group:
            for key in (name, f"{name}_valid"):
                values = repeated[key].reshape(len(subsets), *batch[key].shape).clone()
                values[np.flatnonzero(~present)] = 0
                repeated[key] = values.flatten(0, 1)
    return repeated
