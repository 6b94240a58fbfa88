"""What the networks of finished runs import when they are first built, imported ahead of that."""

from __future__ import annotations

from collections.abc import Iterable

from sdm.errors import SdmError
from sdm.modalities import PATCH
from sdm.models.encoders import ENCODERS
from sdm.models.encoders.timm_import import timm
from sdm.models.registry import REGISTRY
from sdm.runs.card import ModelCard
from sdm.runs.folder import Run


def import_libraries(runs: Iterable[Run]) -> None:
    """Import timm, which takes seconds, if a network of `runs` is made with it."""
    if any(run.finished and needs_timm(run.card) for run in runs):
        timm()


def needs_timm(card: ModelCard) -> bool:
    """Whether one of the encoders is an image network."""
    if card.model not in REGISTRY:
        return False
    try:
        configuration = REGISTRY[card.model].configuration(card.model_config)
    except SdmError:  # a run that cannot be built needs nothing
        return False
    encoders = getattr(configuration, "encoders", (card.model,))
    return any(name in ENCODERS and ENCODERS[name].modality == PATCH.name for name in encoders)
