"""What the numbers of a run mean: probabilities, or what models of presence-only records can tell instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.record_types import presence_only
from sdm.data.splits import TRAIN
from sdm.models.presence_only.model import PresenceOnly
from sdm.models.registry import REGISTRY
from sdm.runs import Run


@dataclass(frozen=True)
class PredictionMeaning:
    """`title` of a map or an axis, `unit` in words, `gloss`: what it is and is not."""

    title: str
    unit: str
    gloss: str


PROBABILITY = PredictionMeaning(
    "Predicted probability",
    "probability of presence, 0 to 1",
    "How likely the model takes the species to be there.",
)
INTENSITY = PredictionMeaning(
    "Relative intensity",
    "times the mean intensity of the background",
    "How many times as many records the model expects as at a mean site of the background. Records do not tell "
    "how common a species is, so this is no probability of presence.",
)
SCORE = PredictionMeaning(
    "Relative suitability",
    "score of the model, 0 to 1",
    "It rises with how suitable the model takes a place to be. The model has learnt from records, which do not "
    "tell where the species is absent: this is no probability of presence.",
)


def prediction_meaning(run: Run, dataset: Dataset) -> PredictionMeaning:
    """What `run`, trained on `dataset`, gives."""
    spec = REGISTRY.get(run.card.model)
    if spec is not None and spec.baseline and issubclass(spec.build.load(), PresenceOnly):
        return INTENSITY
    split = dataset.sites.get(f"split_{run.card.scheme}")
    learnt = np.zeros(len(dataset), bool) if split is None else (split == TRAIN).to_numpy()
    return SCORE if learnt.any() and presence_only(dataset)[learnt].all() else PROBABILITY
