"""What a click or a box chooses: a class that was recorded, one that was predicted, or both.

Both the same: the surveys where it was found. Recorded alone: missed. Predicted alone: a false alarm. Two: one was
predicted instead of the other.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.evaluation.confusion.outcome_scores import per_set
from sdm.evaluation.confusion.outcomes import Outcome
from sdm.figures.colour_scale import F1, RIGHT
from sdm.figures.style import LONGEST_LABEL
from sdm.number_format import whole
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import linked
from sdm.ui.components.data_table import count_column
from sdm.ui.components.markup import text
from sdm.ui.components.survey_list import SurveyList
from sdm.ui.state import Key

SETS = {
    "recorded": count_column("Rec.", help="Species recorded", width=44),
    "predicted": count_column("Pred.", help="Species predicted", width=46),
    "hits": count_column("Hits", help="Both recorded and predicted", width=40),
    "f1": st.column_config.NumberColumn("F1", format="%.2f", width=42),
}
SINGLES = {
    "truth_name": st.column_config.TextColumn("True"),
    "predicted_name": st.column_config.TextColumn("Predicted"),
    "right": st.column_config.CheckboxColumn("Right"),
}


def forget() -> None:
    """Nothing is chosen any more: the classes, or their names, may be others."""
    for key in (Key.RECORDED, Key.PREDICTED):
        st.session_state[key] = None
    st.session_state[Key.BLOCK] = []
    elsewhere()


def elsewhere() -> None:
    """The choice was made outside the figures, which must not go on showing theirs."""
    st.session_state[Key.SELECTION_VERSION] = st.session_state.get(Key.SELECTION_VERSION, 0) + 1
    st.session_state[Key.LISTED_SURVEY] = None


def pick_pair(query: ConfusionQuery, recorded: int | None, predicted: int | None) -> None:
    """Choose columns of the matrices."""
    for key, column in ((Key.RECORDED, recorded), (Key.PREDICTED, predicted)):
        class_id = None if column is None else int(tables.classes(query)["class_id"].iloc[column])
        st.session_state[key] = class_id if class_id in tables.labels(query) else None
    st.session_state[Key.LISTED_SURVEY] = None


def pick_outcome(query: ConfusionQuery, column: int, outcome: int) -> None:
    """Choose where a class had this outcome."""
    alone = {Outcome.MISS: (column, None), Outcome.FALSE_ALARM: (None, column), Outcome.HIT: (column, column)}
    pick_pair(query, *alone[Outcome(outcome)])


def pick_survey(site: int) -> None:
    """Choose one survey, by its row in the data set."""
    st.session_state[Key.LISTED_SURVEY] = site


def boxes(query: ConfusionQuery) -> tuple[int | None, int | None]:
    """Columns recorded and predicted, chosen by name: the keyboard's way to everything a click can do."""
    chosen: list[int | None] = []
    with st.container(key="boxes"):
        sides = st.columns(2, gap="small")
    for side, key, label in zip(sides, (Key.RECORDED, Key.PREDICTED), ("Recorded", "Predicted"), strict=True):
        with side:
            class_id = linked.optional_selectbox(label, tables.labels(query), key, elsewhere, placeholder="any")
        chosen.append(None if class_id is None else int(tables.columns_of(query, [class_id])[0]))
    return chosen[0], chosen[1]


def sentence(query: ConfusionQuery, recorded: int | None, predicted: int | None, count: int, italic: bool) -> str:
    """What the surveys have in common, as a heading; `italic`: how names are written."""
    names = tables.classes(query)["name"].astype(str)
    a = "" if recorded is None else _name(names.iloc[recorded], italic)
    b = "" if predicted is None else _name(names.iloc[predicted], italic)
    if recorded is None and predicted is None:
        what = "All that was compared"
    elif recorded == predicted:
        what = f"{a} found"
    elif a and b:
        what = f"{b} instead of {a}"
    else:
        what = f"{a} missed" if a else f"{b} predicted, not recorded"
    return f"<h2 class='list-title'>{what} <small>{whole(count)}</small></h2>"


def _name(name: str, italic: bool) -> str:
    short = text(name if len(name) <= 2 * LONGEST_LABEL else f"{name[: 2 * LONGEST_LABEL]}…")
    return f"<i>{short}</i>" if italic else short


def listed(query: ConfusionQuery, items: np.ndarray, name: str) -> SurveyList:
    """The surveys of `items` with what is worth knowing of each."""
    site = tables.item_sites(query)[items]
    run = query.run
    if run.card.kind is TargetKind.MULTILABEL:
        table = per_set(tables.class_outcomes(query), items).drop(columns="row")
        table = table.assign(site=site).sort_values("f1", kind="stable", ignore_index=True)
        return SurveyList(table, "f1", F1, SETS, name, run.name)
    table = tables.singles(query)
    table = table[table["row"].isin(items)].reset_index(drop=True)
    table = table.assign(site=tables.item_sites(query)[table["row"]])
    return SurveyList(table[[*SINGLES, "site"]], "right", RIGHT, SINGLES, name, run.name)
