"""What each kind of input adds to one answer, by asking the service again without each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sdm.data.dataset import TargetKind
from sdm.data.splits import VALIDATION
from sdm.data.survey import Dossier
from sdm.errors import ServiceError
from sdm.evaluation.run_decoding import decoder_of, stored_predictions
from sdm.evaluation.run_inputs import seen, sees_place
from sdm.evaluation.run_model import open_member
from sdm.inference.answers import RunService, missing_inputs, request_of
from sdm.inference.loaded_model import Request
from sdm.inference.service import DEADLINE_SECONDS, Prediction
from sdm.inference.shapley import coalitions, shapley_values, training_share
from sdm.modalities import MODALITIES, in_order
from sdm.models.registry import REGISTRY
from sdm.runs import ModelCard, Run

MOST_CLASSES = 5  # of a multiclass prediction
MEAN_OF = 1000  # validation surveys whose mean is the base value


@dataclass(frozen=True)
class Attribution:
    """Modality -> what it adds to each output, float64 (S,), 0 of one that the survey lacks; the output before any
    of them is looked at, and with all: float64 (S,), `without` and all that is added.

    `missing` names those that the survey lacks.
    """

    added: dict[str, np.ndarray]
    without: np.ndarray
    whole: np.ndarray
    missing: tuple[str, ...]


def attribute(
    submit: Callable[[Request], Future[Prediction]],
    request: Request,
    inputs: Sequence[str],
    usual: np.ndarray | None = None,
) -> Attribution:
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
    return Attribution(
        {name: values.get(name, nothing) for name in inputs},
        worth[0].astype(np.float64),
        worth[-1].astype(np.float64),
        tuple(name for name in inputs if name not in there),
    )


def attribution(service: RunService, run: Run, survey: Dossier) -> Attribution:
    """What each input of `run` adds to its prediction for `survey`, in the order of lists of inputs."""
    inputs = in_order(run.card.inputs)
    return attribute(partial(service.submit, run), request_of(survey), inputs, usual_prediction(run))


def why_not(run: Run, survey: Dossier) -> str:
    """Why no attribution is possible for this model, "" when it is."""
    inputs = [MODALITIES[name].title for name in run.card.inputs]
    if not run.card.predicts:
        return "Only stored predictions are here. The model itself is not, so it cannot be asked without an input."
    if not inputs:
        return f"All this model sees is {' and '.join(seen(run))}: no inputs could share the prediction."
    if len(inputs) == 1:
        besides = "Besides the place, " if sees_place(run) else ""
        return f"{besides}{inputs[0]} is all this model sees. Choose a model of several inputs."
    if missing_inputs(run, survey):
        return f"This survey has none of what the model sees: {', '.join(inputs)}."
    return ""


def columns_to_explain(card: ModelCard, probabilities: np.ndarray, decoder: str) -> np.ndarray:
    """int64, the most probable first: the species named; of single classes those of highest probability."""
    order = np.argsort(-probabilities, kind="stable")
    if card.kind is not TargetKind.MULTILABEL:
        return order[:MOST_CLASSES]
    named = decoder_of(card, decoder).decode(probabilities[None].astype(np.float32)).indices
    return order[np.isin(order, named)]


def usual_prediction(run: Run) -> np.ndarray | None:
    """The mean (S,) of the stored predictions of validation surveys; None where there are none."""
    if VALIDATION not in run.splits():
        return None
    stored = stored_predictions(run, VALIDATION)
    rows = np.linspace(0, len(stored) - 1, min(len(stored), MEAN_OF)).astype(int)
    return stored.rows(rows).mean(axis=0, dtype=np.float64) if len(rows) else None


def never_without_inputs(run: Run) -> list[str]:
    """The networks of `run` that were never trained with an input missing."""
    return [one.name for one in _networks(run) if one.card.inputs and not _dropout(one)]


@dataclass(frozen=True)
class SingleInputs:
    """How a network of `inputs` modalities learnt to do without them: each was left out with probability
    `dropout`, and a share `single` of its training showed exactly one, each of them a share `each`."""

    name: str
    inputs: int
    dropout: float
    single: float
    each: float


def single_inputs(run: Run) -> list[SingleInputs]:
    """One per network of `run` that learnt to do without some of several inputs; of surveys that have all."""
    return [
        _single_inputs(one, dropout)
        for one in _networks(run)
        if len(one.card.inputs) > 1 and (dropout := _dropout(one))
    ]


def _single_inputs(run: Run, dropout: float) -> SingleInputs:
    inputs, card = len(run.card.inputs), run.card
    place = int(
        REGISTRY[card.model].sees_place(card.model_config)
    )  # dropped like an input, but never asked without
    each = training_share(inputs + place, 1 + place, dropout)
    return SingleInputs(run.name, inputs, dropout, inputs * each, each)


def _networks(run: Run) -> list[Run]:
    return [open_member(run.path, member) for member in run.card.members] or [run]


def _dropout(run: Run) -> float:
    """The probability with which each input was left out in training."""
    card = run.card
    if card.model not in REGISTRY:
        return 0.0
    return float(getattr(REGISTRY[card.model].configuration(card.model_config), "modality_dropout", 0))
