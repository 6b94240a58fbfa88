"""The views of a confusion: bars per class, pairs, the matrix, and survey by survey."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.data.dataset import TargetKind
from sdm.data.site_words import item_name, words_of
from sdm.evaluation.confusion.block import MOST_SPECIES, in_pairs
from sdm.evaluation.confusion.levels import CLASS
from sdm.evaluation.confusion.multiclass import MOST_CLASSES, class_matrix
from sdm.evaluation.confusion.outcomes import Outcome
from sdm.evaluation.confusion.pairs import MIN_SUPPORT
from sdm.figures import confusion
from sdm.number_format import whole
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import linked
from sdm.ui.components.data_table import count_column
from sdm.ui.components.figure import download
from sdm.ui.components.first_screen import stands
from sdm.ui.components.page_frame import empty
from sdm.ui.confusion import clickable, pairs, report, selection
from sdm.ui.state import Key

OF_KIND = {
    TargetKind.MULTILABEL: ("species", "pairs", "matrix"),
    TargetKind.MULTICLASS: ("matrix", "report", "species", "pairs", "surveys"),
}
# Title, column of the table, ascending.
ORDERS = {
    "misses": ("Most often missed", "misses", False),
    "false alarms": ("Most false alarms", "false_alarms", False),
    "recorded": ("Most often recorded", "support", False),
    "worst": ("Lowest F1 first", "f1", True),
    "best": ("Highest F1 first", "f1", False),
}
SHADES = {"surveys": "Counts", "row_share": "Row shares"}
WHICH = {"all": "All", "confused": "Most confused"}
BARS = 15
BLOCK_SIZE = 12  # by lift, until the reader chooses: numbers fit into the cells
# The clicked column of the table of species -> the outcome whose surveys are meant; else a miss.
OUTCOME_OF = {
    "hits": Outcome.HIT, "f1": Outcome.HIT, "false_alarms": Outcome.FALSE_ALARM, "predicted": Outcome.FALSE_ALARM,
    "precision": Outcome.FALSE_ALARM,
}  # fmt: skip
share = partial(st.column_config.NumberColumn, format="%.2f")
SPECIES_COLUMNS = {
    "name": st.column_config.TextColumn("Name", pinned=True, width=138),
    "support": count_column("Recorded", width=68),
    "hits": count_column("Hits", width=44),
    "misses": count_column("Misses", width=56),
    "false_alarms": count_column("False alarms", width=88),
    "f1": share("F1", width=42),
    "precision": share("Precision", width=68),
    "recall": share("Recall", width=46),
}


def show(query: ConfusionQuery) -> None:
    """The view chosen; its options stand in the same row."""
    words = words_of(query.data)
    views = {name: (words(VIEWS[name][0]), VIEWS[name][1]) for name in OF_KIND[query.run.card.kind]}
    row = st.container(horizontal=True, vertical_alignment="center", key="views")
    with row:
        view = linked.view("View", views, Key.CONFUSION_VIEW)
    view(query, row)


def _species(query: ConfusionQuery, row: DeltaGenerator) -> None:
    titles = {name: title for name, (title, _, _) in ORDERS.items()}
    with row:
        order = linked.selectbox("Order", titles, Key.ORDER, label_visibility="collapsed", width=190)
    _, column, ascending = ORDERS[order]
    table = tables.species(query).sort_values(
        [column, "support"], ascending=[ascending, False], kind="stable", ignore_index=True
    )
    clickable.figure(
        query, "species", partial(selection.pick_outcome, query),
        confusion.species_bars, table[table[column].notna()].head(BARS), clickable.italic(query),
    )  # fmt: skip
    if not stands():
        return
    st.markdown(f"##### All {whole(len(table))}, recorded or predicted anywhere")
    clickable.table(table, SPECIES_COLUMNS, "species", query, "single-cell", partial(_cell, query, table))
    st.caption(words_of(query.data)("Click a number for its surveys, a head to sort."))


def _cell(query: ConfusionQuery, table: pd.DataFrame, row: int, column: str) -> None:
    selection.pick_outcome(query, int(table["column"].iloc[row]), OUTCOME_OF.get(column, Outcome.MISS))


def _matrix(query: ConfusionQuery, row: DeltaGenerator) -> None:
    with row:
        shade = linked.segmented_control("Colour", SHADES, Key.CELL_COLOUR, label_visibility="collapsed")
        all_fit = _all_fit(query)
        if all_fit and tables.class_outcomes(query).species > BLOCK_SIZE:
            which = linked.segmented_control("Which", WHICH, Key.MATRIX_OF, label_visibility="collapsed")
            all_fit = which == "all"
    usual = "All of them" if all_fit else "Those most confused with each other"
    some = linked.multiselect(
        "Which", tables.labels(query), Key.BLOCK, max_selections=MOST_SPECIES, wrap=True,
        label_visibility="collapsed", placeholder=f"{usual}; or choose up to {MOST_SPECIES}",
    )  # fmt: skip
    cells = _cells(query, tables.columns_of(query, some), all_fit)
    if cells is None:
        empty("Nothing is mistaken for another", "Choose some by name to see where they were found.")
        return
    clickable.figure(
        query, "matrix", partial(selection.pick_pair, query),
        confusion.matrix, cells, shade, clickable.italic(query), _groups(query, cells), item_name(query.data),
        _titles(query),
    )  # fmt: skip
    download("The matrix", lambda: cells, "confusion-matrix", "save_matrix")


def _titles(query: ConfusionQuery) -> dict[str, str]:
    """What the names of the classes mean in words, where they are codes."""
    classes = tables.classes(query)
    if "title" not in classes:
        return {}
    known = zip(classes["name"].astype(str), classes["title"].astype(str), strict=True)
    return {name: title for name, title in known if name != title}


def _groups(query: ConfusionQuery, cells: pd.DataFrame) -> list[str]:
    """The next coarser class of each row, where the classes have a hierarchy; they are in its order."""
    hierarchy = query.data.targets.hierarchy
    column = "name" if query.level == CLASS else query.level
    place = hierarchy.index(column) if column in hierarchy else 0
    if place == 0:
        return []
    parents = query.data.targets.classes.drop_duplicates(column).set_index(column)[hierarchy[place - 1]]
    names = cells["predicted_name"].head(round(len(cells) ** 0.5))
    return parents.reindex(names).fillna("").astype(str).tolist()


def _cells(query: ConfusionQuery, columns: np.ndarray, all_fit: bool) -> pd.DataFrame | None:
    """The cells of `columns`; without any, of all classes where they fit, else of those most confused.

    Classes with a hierarchy stand in its order, so that main types stay together.
    """
    judged, classes = tables.class_outcomes(query), tables.classes(query)
    if not columns.size and all_fit:
        return class_matrix(judged, classes)
    if not columns.size:
        columns = _most_confused(query)
    if query.data.targets.hierarchy:
        columns = np.sort(columns)
    return tables.cells(query, tuple(columns.tolist())) if columns.size else None


def _most_confused(query: ConfusionQuery) -> np.ndarray:
    """int64: the columns of the pairs that stand out most, at most BLOCK_SIZE."""
    tests = tables.tests(query, MIN_SUPPORT)
    if tests is not None and len(tests.pairs):
        return in_pairs(tests.pairs, BLOCK_SIZE)
    columns = in_pairs(tables.pairs(query, MIN_SUPPORT), BLOCK_SIZE)
    return columns if columns.size else in_pairs(tables.pairs(query, 1), BLOCK_SIZE)


def _all_fit(query: ConfusionQuery) -> bool:
    """Whether the whole matrix can be shown; of sets of species it would be nearly empty."""
    return query.run.card.kind is TargetKind.MULTICLASS and tables.class_outcomes(query).species <= MOST_CLASSES


def _surveys(query: ConfusionQuery, _: DeltaGenerator) -> None:
    table, site = tables.singles(query), tables.item_sites(query)
    clickable.figure(
        query, "surveys", lambda item: selection.pick_survey(int(site[item])), confusion.true_and_predicted, table
    )
    download("True and predicted", lambda: table, "true-and-predicted", "save_singles")


def _report(query: ConfusionQuery, _: DeltaGenerator) -> None:
    report.show(query, partial(_cell, query))


VIEWS: dict[str, tuple[str, Callable[[ConfusionQuery, DeltaGenerator], None]]] = {
    "species": ("Hits and misses", _species),
    "pairs": ("Predicted instead", pairs.show),
    "report": ("Report", _report),
    "matrix": ("Matrix", _matrix),
    "surveys": ("Survey by survey", _surveys),
}
