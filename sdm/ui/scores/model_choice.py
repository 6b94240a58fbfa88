"""How a run was chosen among others by folds of the records."""

from __future__ import annotations

import streamlit as st

from sdm.errors import SdmError
from sdm.models.registry import REGISTRY
from sdm.number_format import fixed
from sdm.runs import Run
from sdm.runs.model_choice import ModelChoice, read_choice
from sdm.ui.components.number_table import number_table, shortened
from sdm.ui.components.page_frame import problem

CAPTION = (
    "AUC of records of the blocks left out against other sites of the target group (of fewer than five species: "
    "against background sites), mean over species: the model of the highest mean has learnt from all records. "
    "Its validation scores are those of its folds."
)


def show(run: Run) -> None:
    """The AUC of every candidate on every fold; nothing of a run that was not chosen so."""
    try:
        choice = read_choice(run.path)
    except SdmError as error:
        problem("How this model was chosen cannot be read", error)
        return
    if choice is not None:
        st.markdown("**Chosen by folds of the records**")
        st.html(_table(choice))
        st.caption(CAPTION)


def _table(choice: ModelChoice) -> str:
    table = choice.table()
    heads = ["Model", *(f"Fold {number}" for number in range(1, len(choice.folds) + 1)), "Mean", "Boyce", "TSS"]
    columns = [*choice.folds, "auc", "boyce", "tss"]
    rows = []
    for _, row in table.iterrows():
        name = str(row["model"])
        title = REGISTRY[name].title if name in REGISTRY else name
        chosen = "\nchosen" if name == choice.best else ""
        rows.append(
            [f"{shortened(title)}{chosen}", *("" if row[c] != row[c] else fixed(row[c], 3) for c in columns)]
        )
    return number_table("Models on each fold", (), heads, rows, cards=True)
