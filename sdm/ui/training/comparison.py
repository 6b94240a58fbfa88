"""Runs side by side in tables: their best epochs, and the settings in which they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sdm.training_logs.catalogue import Log, configuration_difference
from sdm.ui.cache import training
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import download
from sdm.ui.components.page_frame import empty

BEST_COLUMNS = {
    "run": "Run",
    "series": "Curve",
    "value": "Best",
    "epoch": "In epoch",
    "epochs_to_best": "Epochs to best",
    "seconds": "Seconds to best",
    "epochs": "Epochs",
    "last_epochs": "Mean of the last 10",
    "total_seconds": "Seconds",
}


def best_epochs(table: pd.DataFrame) -> None:
    """The best epoch of every curve, and what it took."""
    st.markdown("#### Best epochs and their cost")
    best = training.best_of_each(table).sort_values("series", kind="stable")
    if best["epoch"].equals(best["epochs_to_best"]):
        best = best.drop(columns="epoch")
    shown = best[[name for name in BEST_COLUMNS if name in best]].rename(columns=BEST_COLUMNS)
    seconds = {name: st.column_config.NumberColumn(format="%,.1f") for name in ("Seconds to best", "Seconds")}
    data_table(
        shown,
        seconds,
        phone=("Run", "Best", "Epochs to best"),
        key="best_epochs",
        alt="Best epoch of every curve.",
    )
    download("Save as CSV", lambda: shown, "best-epochs", "save_best_epochs")


def settings(chosen: Sequence[Log | str], marked: Mapping[str, str]) -> None:
    """The settings in which the runs differ; `marked`: name of a log -> its name on the page."""
    st.markdown("#### Configuration: what was set differently")
    known: Mapping[str, Mapping[str, Any]] = {
        marked[log.name]: log.settings() for log in chosen if isinstance(log, Log) and log.configuration
    }
    if len(known) < 2:
        empty("Nothing to compare", "Choose two runs that tell their settings (config.json).")
        return
    table = configuration_difference(known).rename_axis("setting").reset_index()
    if table.empty:
        empty("No difference", "These runs were trained with the same settings on the same data.")
        return
    data_table(table, key="settings", alt="Settings that differ between the runs.")
    download("Save as CSV", lambda: table, "settings", "save_settings")
