"""Which inputs of a run the surveys to predict have."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.input_coverage import InputCoverage, count_inputs
from sdm.errors import RunError
from sdm.evaluation.run_model import open_member
from sdm.modalities import MODALITIES
from sdm.models.registry import REGISTRY
from sdm.runs import Run


def seen(run: Run) -> list[str]:
    """All that the model sees, in words."""
    card = run.card
    if card.model in REGISTRY:
        return REGISTRY[card.model].sees(card.model_config)
    return [MODALITIES[name].title if name in MODALITIES else name for name in card.inputs]


def sees_place(run: Run) -> bool:
    """Whether the model knows where a survey is."""
    card = run.card
    return card.model in REGISTRY and REGISTRY[card.model].sees_place(card.model_config)


def dropout(run: Run) -> float:
    """The share of units dropped in training; 0 where the model has no such option."""
    card = run.card
    if card.model not in REGISTRY:
        return 0.0
    return float(getattr(REGISTRY[card.model].configuration(card.model_config), "dropout", 0.0))


def training_means(run: Run, modality: str) -> np.ndarray:
    """float64 (B,): the mean of each channel of `modality` over the training surveys; of an ensemble, the mean by
    weight over the members that read it."""
    members = [(open_member(run.path, member).card, member.weight) for member in run.card.members]
    reading = [(card, weight) for card, weight in members or [(run.card, 1.0)] if modality in card.inputs]
    means = [card.statistics.mean[modality] for card, _ in reading]
    return np.asarray(np.average(means, axis=0, weights=[weight for _, weight in reading]))


def prediction_coverage(run: Run, dataset: Dataset, rows: np.ndarray, split: str) -> InputCoverage:
    """Count which of `rows`, surveys of `split`, have each input of `run`; RunError where none has any of them.

    A model that knows the place of a survey, alone or in an ensemble, answers without inputs too.
    """
    coverage = count_inputs(dataset, rows, run.card.inputs, split)
    if coverage.empty and not _answers_without(run):
        inputs = ", ".join(coverage.having)
        raise RunError(
            f"no survey of {split} has any input of {run.name}", where=dataset.place or dataset.name,
            expected=inputs, got=f"none of them at {coverage.surveys:,} surveys",
            remedy=f"Download {inputs} of these surveys, or choose another model: `python -m sdm models`.",
        )  # fmt: skip
    return coverage


def _answers_without(run: Run) -> bool:
    return sees_place(run) or any(sees_place(open_member(run.path, member)) for member in run.card.members)
