"""The LSTM study on the page: F1 and accuracy every ten epochs at both learning rates, published and measured."""

from __future__ import annotations

import shlex

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.figures.training_curves import learning_study
from sdm.training_logs.lstm_study import study_points, study_rate, study_table
from sdm.training_logs.table import join
from sdm.ui.components import markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import command_data
from sdm.ui.state import LINK, Key
from sdm.ui.training import logs

RATES = {"1e-4": 100, "5e-4": 90}  # epochs at each learning rate; the published table stops at 70 of the second
UNNAMED = "unnamed data"
LEAD = """
How long should one train, and how fast? An LSTM reads the 84 quarters of Landsat and names **one** species per row
(one row per survey and species). In the report F1 and accuracy rise for dozens of epochs, sooner at the higher
learning rate. What is measured here is of other data: compare the shape of the curves, not their height.
"""


def section(data: Dataset) -> None:
    """Published and ours, never mixed."""
    st.markdown(LEAD)
    catalogue = logs.catalogue()
    rates = {name: rate for name, log in catalogue.items() if (rate := study_rate(log.configuration))}
    data_sets = {name: catalogue[name].configuration.get("data") for name in rates}
    titles = {n: d.get("title", UNNAMED) if isinstance(d, dict) else UNNAMED for n, d in data_sets.items()}
    measured = [(f"measured: {name}, on {title}", "strong") for name, title in titles.items()]
    ours = study_points(_curves(rates), rates)
    st.html(markup.chips([("published: open diamonds", "plain"), *measured]))
    alone = not ours.empty and st.toggle("Only what is measured here, enlarged", key=Key.MEASURED_ONLY, bind=LINK)
    show_figure(learning_study(study_table(ours, alone=alone)), "figure_study", "lstm-study")
    if data.trainable and len(ours["learning_rate"].unique()) < len(RATES):
        _how(data)


def _curves(rates: dict[str, float]) -> pd.DataFrame:
    tables = []
    for name in rates:
        try:
            tables.append(logs.curves(logs.catalogue()[name]))
        except SdmError as problem:
            empty(f"{name} cannot be read", problem.what)
    return join(tables)


def _how(data: Dataset) -> None:
    """The commands that measure what is lacking."""
    empty("Not measured here in full", "These commands measure it; the points appear here while they run.")
    place = shlex.quote(str(command_data(data)))
    lines = [
        f"python -m sdm train landsat-lstm --data {place} --view single-label --schedule constant "
        f"--lr {rate} --epochs {epochs} --run runs/lstm-study-{rate}"
        for rate, epochs in RATES.items()
    ]
    st.code("\n".join(lines), language="bash", wrap_lines=True)
