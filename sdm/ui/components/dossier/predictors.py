"""A site's own predictors: each with its value, and where it lies among the training sites."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sdm.analysis.predictors import predictor_table
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.modalities import Modality
from sdm.ui.cache import datasets
from sdm.ui.components.data_table import OF_HUNDRED, data_table
from sdm.ui.components.dossier.sides import arrays, having

SHORT = 6  # predictors in short
ROW, HEAD, TALLEST = 35, 38, 480  # pixels
COLUMNS = {
    "title": st.column_config.TextColumn("Predictor"),
    "value": st.column_config.NumberColumn("Value", format="%.5g"),
    "kind": st.column_config.TextColumn("Kind"),
    "percentile": st.column_config.ProgressColumn(
        "Percentile", help="Among the training sites", min_value=0, max_value=100, format="%.0f", width=95
    ),
    "training_share": st.column_config.NumberColumn(
        "Of training", help="Share of training sites with the same class code", format=OF_HUNDRED
    ),
}


def show(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Every predictor."""
    _tables(modality, dossiers, data, None)
    st.caption(
        f"{modality.meaning[:1].upper()}{modality.meaning[1:]}, as they stand there: the tables tell no units. "
        f"Source: {modality.source}."
    )


def glance(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The first of them."""
    _tables(modality, dossiers, data, SHORT)


def _tables(modality: Modality, dossiers: Sequence[Dossier], data: Dataset, most: int | None) -> None:
    if not having(dossiers, modality.name):
        return
    st.markdown("#### Predictors")
    known = datasets.predictor_values(data, modality.name)
    for ending, _, values in arrays(dossiers, modality.name):
        table = predictor_table(values, modality, known)
        shown = table.assign(training_share=100 * table["training_share"]).head(most or len(table))
        data_table(
            shown, COLUMNS, height=min(HEAD + ROW * len(shown), TALLEST), phone=("title", "value", "percentile"),
            key=f"predictors_table{ending}", alt="Table of predictors: value, percentile among training sites.",
        )  # fmt: skip
