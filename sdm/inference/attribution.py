"""What each kind of input adds to one answer, by asking the service again without each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

import numpy as np

from sdm.errors import ServiceError
from sdm.inference.model import Request
from sdm.inference.service import DEADLINE_SECONDS, Prediction
from sdm.inference.shapley import coalitions, shapley_values


@dataclass(frozen=True)
class Reasons:
    """Modality -> what it adds to each output, float64 (S,), 0 of one that the survey lacks; the output before any
    of them is looked at, and with all: float64 (S,), `without` and all that is added.

    `missing` names those that the survey lacks.
    """

    added: dict[str, np.ndarray]
    without: np.ndarray
    whole: np.ndarray
    missing: tuple[str, ...]


def reasons(
    submit: Callable[[Request], Future[Prediction]],
    request: Request,
    inputs: Sequence[str],
    usual: np.ndarray | None = None,
) -> Reasons:
    """The Shapley values (`sdm.inference.shapley`) of `inputs`, the modalities that a model sees, in what `submit`
    answers to `request`.

    All subsets of those the survey has are submitted together, for the service to take as one batch; what is left
    out is missing, as in a survey without its file. SdmError when there is no answer.

    `usual` (S,), the mean of what the model says elsewhere, is what it says before anything is looked at: networks
    learn with some inputs missing, never with all. Without it, they are asked with none.
    """
    there = [name for name in inputs if request.arrays.get(name) is not None]
    every = [np.array(there)[subset] for subset in coalitions(len(there))]
    waiting = [submit(replace(request, arrays={name: request.arrays[name] for name in part})) for part in every]
    try:
        worth = np.stack([future.result(timeout=DEADLINE_SECONDS).probabilities for future in waiting])
    except TimeoutError:
        raise ServiceError("the model gave no answer in time", remedy="Try again shortly.") from None
    if usual is not None:
        worth[0] = usual
    values = dict(zip(there, shapley_values(worth), strict=True))
    nothing = np.zeros(worth.shape[1])
    return Reasons(
        {name: values.get(name, nothing) for name in inputs},
        worth[0].astype(np.float64),
        worth[-1].astype(np.float64),
        tuple(name for name in inputs if name not in there),
    )
