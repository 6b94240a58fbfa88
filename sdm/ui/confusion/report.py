"""The classification report: precision, recall, F1 and support of each class, with their averages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from sdm.data.site_words import item_name
from sdm.evaluation.confusion.class_report import RATIOS, averages
from sdm.number_format import counted, fixed, plural
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components.data_table import count_column
from sdm.ui.components.markup import fine
from sdm.ui.components.number_table import number_table
from sdm.ui.confusion import clickable

share = partial(st.column_config.NumberColumn, format="%.3f")
COLUMNS = {
    "name": st.column_config.TextColumn("Class", pinned=True),
    "precision": share("Precision"),
    "recall": share("Recall"),
    "f1": share("F1"),
    "support": count_column("Support"),
}
AVERAGES = {
    "macro": "Macro average\nall classes alike",
    "weighted": "Weighted average\nclasses by their support",
    "micro": "Micro average\nall alike: the accuracy",
}


def show(query: ConfusionQuery, pick: Callable[[pd.DataFrame, int, str], None]) -> None:
    """Averages, then a row per class in the order of the hierarchy; a click on a number `pick`s its surveys."""
    table = tables.species(query)
    means = averages(table)
    rows = [[title, *(_written(means.loc[[name], ratio].iloc[0]) for ratio in RATIOS)]
            for name, title in AVERAGES.items()]  # fmt: skip
    st.html(number_table("Averages over classes", (), ("Average", "Precision", "Recall", "F1"), rows))
    clickable.table(table, COLUMNS, "report", query, "single-cell", partial(pick, table))
    items = plural(item_name(query.data))
    st.caption(
        f"Precision: of the {items} predicted as a class, the share that is it. Recall: of the {items} of a "
        f"class, the share found. F1: their harmonic mean. Support: {items} of the class. Click a number for its "
        f"{items}."
    )
    undefined = int(means["undefined"].max())
    if undefined:
        words = f"{counted(undefined, 'class')} never recorded here, or never predicted:"
        st.html(fine(f"{words} a ratio without anything to divide by is a dash, and left out of its averages."))


def _written(value: float) -> str:
    return "" if pd.isna(value) else fixed(value)
