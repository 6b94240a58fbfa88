"""The 64 predictors in full: where they lie among the training surveys, and how far outside all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis.environment import outside, table
from sdm.analysis.novelty import Reference
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.environment import outside_words, percentiles
from sdm.modalities import ENVIRONMENT
from sdm.ui.cache import datasets
from sdm.ui.components.data_table import OF_HUNDRED, data_table
from sdm.ui.components.dossier.sides import arrays, having
from sdm.ui.components.figure import download, show_figure

HEIGHT = 420
PERCENTILE_WIDTH = 95  # pixels: its number is in sight beside a predictor's name and value
ON_A_PHONE = ("title", "value", "percentile")
COLUMNS = {
    "title": st.column_config.TextColumn("Predictor"),
    "value": st.column_config.NumberColumn("Value", format="%.5g"),
    "unit": st.column_config.TextColumn("Unit"),
    "percentile": st.column_config.ProgressColumn(
        "Percentile",
        help="Among the training surveys",
        min_value=0,
        max_value=100,
        format="%.0f",
        width=PERCENTILE_WIDTH,
    ),
    "meaning": st.column_config.TextColumn("Class", help="What a class code means"),
    "training_share": st.column_config.NumberColumn(
        "Of training", help="Share of training surveys with the same class", format=OF_HUNDRED
    ),
    "group": st.column_config.TextColumn("Group"),
    "source": st.column_config.TextColumn("Source"),
}
BEYOND = {
    "title": st.column_config.TextColumn("Predictor"),
    "value": st.column_config.NumberColumn("Value", format="%.5g"),
    "unit": st.column_config.TextColumn("Unit"),
    "training_low": st.column_config.NumberColumn("Lowest in training", format="%.5g"),
    "training_high": st.column_config.NumberColumn("Highest", format="%.5g"),
}


def show(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The site among the training surveys, then every predictor."""
    if not having(dossiers, ENVIRONMENT.name):
        return
    reference = datasets.reference(data)
    for ending, dossier, values in arrays(dossiers, ENVIRONMENT.name):
        rows = table(values, reference)
        if reference is not None:
            _among_training(values, reference, rows, ending)
        data_table(
            rows.assign(training_share=100 * rows["training_share"]), COLUMNS, height=HEIGHT,
            key=f"environment_table{ending}", column_order=list(COLUMNS), phone=ON_A_PHONE,
            alt="Table of the 64 environmental predictors with value, unit and percentile among training surveys.",
        )  # fmt: skip
        st.caption(
            "Percentile: training surveys with a lower value, and half of those with the same one, in per cent of "
            "all. Codes of land cover have a class."
        )
        file = f"survey-{dossier.survey_id}-environment"
        download("This table", rows.copy, file, f"save_environment_table{ending}")


def _among_training(values: np.ndarray, reference: Reference, rows: pd.DataFrame, ending: str) -> None:
    novelty = outside(values, reference)
    st.markdown(outside_words(novelty))
    if len(novelty.beyond):
        with st.expander("What no training survey matches"):
            data_table(
                novelty.beyond, BEYOND, column_order=list(BEYOND), phone=ON_A_PHONE, key=f"beyond{ending}",
                alt="Predictors whose value no training survey matches.",
            )  # fmt: skip
    show_figure(percentiles(rows), key=f"percentiles{ending}")
