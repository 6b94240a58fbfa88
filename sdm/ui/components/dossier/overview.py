"""A survey at a glance: images, what was recorded, then every other modality in short."""

from __future__ import annotations

from collections.abc import Sequence

from sdm.data.survey import Dossier
from sdm.modalities import MODALITIES
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.species import recorded
from sdm.ui.components.dossier.views import known_modalities, view_of


def show(shown: Sequence[Dossier], key: str) -> None:  # noqa: ARG001 nothing here compares with the data set
    """Everything in short."""
    names = known_modalities(shown)
    images = [name for name in names if MODALITIES[name].is_image]
    for name in images:
        view_of(name).glance(shown)
    for _, dossier in sides(shown):
        recorded(dossier)
    for name in names[len(images) :]:
        view_of(name).glance(shown)
