"""What all views of a dossier share: columns side by side, missing data said, and a choice in the heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.data.survey import Dossier
from sdm.figures import Figure
from sdm.figures.common_scale import same_scale
from sdm.modalities import MODALITIES
from sdm.ui.cache.figures import drawn
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import empty

ENDINGS = ("", "_pinned")  # of the keys of the current survey and of the pinned one


def sides(dossiers: Sequence[Dossier]) -> Iterator[tuple[str, Dossier]]:
    """Each dossier in a column of its own, with the ending of its keys; the survey looked at comes last."""
    if len(dossiers) == 1:
        yield ENDINGS[0], dossiers[0]
        return
    columns = st.columns(len(dossiers), gap="medium")
    for column, ending, dossier in zip(columns, ENDINGS[::-1], dossiers, strict=True):
        with column:
            yield ending, dossier


def having(dossiers: Sequence[Dossier], modality: str) -> bool:
    """Whether any has the modality; says of those that lack it why."""
    lacking = [dossier for dossier in dossiers if dossier.values.get(modality) is None]
    if lacking and any(modality in dossier.values for dossier in dossiers):
        for _, dossier in sides(dossiers):
            if dossier in lacking:
                note = dossier.notes.get(modality, "not there")
                empty(f"{MODALITIES[modality].title}: {note}", MODALITIES[modality].meaning)
    return len(lacking) < len(dossiers)


def arrays(dossiers: Sequence[Dossier], modality: str) -> Iterator[tuple[str, Dossier, np.ndarray]]:
    """Each dossier that has the modality in its column: ending of its keys, dossier, array."""
    for ending, dossier in sides(dossiers):
        values = dossier.values.get(modality)
        if values is not None:
            yield ending, dossier, values


def side_by_side(
    dossiers: Sequence[Dossier], modality: str, draw: Callable[[Dossier], Figure], name: str, twin: bool = True
) -> None:
    """The figure of each dossier that has the modality, on one scale; `twin`: with its table."""
    plots = {id(dossier): draw(dossier) for dossier in dossiers if dossier.values.get(modality) is not None}
    same_scale([figure.plot for figure in plots.values()])
    for ending, dossier, _ in arrays(dossiers, modality):
        file = f"survey-{dossier.survey_id}-{name}" if twin else ""
        show_figure(plots[id(dossier)], f"figure_{name}{ending}", file)


def figures(
    dossiers: Sequence[Dossier], modality: str, draw: Callable[[np.ndarray], Figure], name: str, twin: bool = True
) -> None:
    """`side_by_side` of figures that show nothing but the values."""

    def figure(dossier: Dossier) -> Figure:
        values = dossier.values[modality]
        assert values is not None
        return drawn(draw, values) if len(dossiers) == 1 else draw(values)  # what is held is not put to scale

    side_by_side(dossiers, modality, figure, name, twin)


def heading(title: str) -> DeltaGenerator:
    """A row with the title at the left; what is drawn into it stands at the right."""
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    row.markdown(f"#### {title}", width="content")
    return row
