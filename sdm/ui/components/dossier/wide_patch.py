"""The whole patch of the 2024 edition: its composites, around what the patch shows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sdm.analysis.renderings import LOOKS, render
from sdm.analysis.stretches import COMPOSITES
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures import patch
from sdm.maps.png import FORMAT
from sdm.modalities import WIDE_PATCH
from sdm.ui.cache.figures import drawn
from sdm.ui.components.dossier.sides import arrays, having


def show(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """Composites side by side."""
    if not having(dossiers, WIDE_PATCH.name):
        return
    for ending, _dossier, values in arrays(dossiers, WIDE_PATCH.name):
        with st.container(key=f"wide_patches{ending}"):
            for column, name in zip(st.columns(len(COMPOSITES), gap="small"), COMPOSITES, strict=True):
                shown = drawn(patch.picture, render(values, LOOKS[name]))
                column.image(shown.png, width="stretch", alt=shown.alt, output_format=FORMAT)
                column.caption(shown.caption)
    st.caption(f"{WIDE_PATCH.meaning}; its middle is the patch. Source: {WIDE_PATCH.source}.")


def glance(_dossiers: Sequence[Dossier], _: Dataset) -> None:
    """Nothing: the patch, its middle, stands there."""
