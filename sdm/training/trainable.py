"""Which models can learn from a data set, and under which split schemes."""

from __future__ import annotations

from collections.abc import Mapping

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind
from sdm.data.splits import TRAIN, VALIDATION
from sdm.errors import SdmError, TrainingError
from sdm.models.registry import REGISTRY
from sdm.models.specification import ModelSpec
from sdm.training.task import known_rows


def trainable(data: Dataset) -> list[ModelSpec]:
    """The networks, but those that want a GPU, that can learn from `data`; TrainingError or UnknownNameError when
    nothing can."""
    first = schemes(data)[0]
    cards = [card for card in REGISTRY.values() if not (card.baseline or card.full_size)]
    there = {name: _has_input(data, name, first) for name in data.modalities}
    cards = [card for card in cards if data.targets.kind in (card.kinds or TargetKind)]
    able = [card for card in cards if all(there.get(name) for name in _inputs(card, data))]
    if not able:
        inputs = ", ".join(name for name in there if there[name])
        raise TrainingError("no model learns from these inputs alone", got=inputs or "none")
    return able


def _inputs(card: ModelSpec, data: Dataset) -> Mapping[str, str]:
    """What the model would see of `data`, and its preparation."""
    return card.inputs_of(card.completed({}, data.modalities))


def schemes(data: Dataset) -> list[str]:
    """The split schemes with known training and validation targets, the usual one first; TrainingError or
    UnknownNameError without any."""
    able, problems = [], []
    for scheme in sorted(data.schemes, key=lambda name: name != DEFAULT_SCHEME):
        try:
            for split in (TRAIN, VALIDATION):
                known_rows(data, split, scheme)
            able.append(scheme)
        except SdmError as problem:
            problems.append(problem)
    if not able:
        raise problems[0] if problems else TrainingError("there is no split into training and validation")
    return able


def _has_input(data: Dataset, modality: str, scheme: str) -> bool:
    """Whether any training survey and any validation survey has the modality."""
    rows = (known_rows(data, split, scheme) for split in (TRAIN, VALIDATION))
    return all(data.available(modality)[of_split].any() for of_split in rows)
