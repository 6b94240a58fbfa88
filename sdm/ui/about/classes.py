"""How many sites each class has, by source or split, and which values of a regression each class holds."""

from __future__ import annotations

import streamlit as st

from sdm.analysis.class_counts import class_counts, values_by_class
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.schemes import scheme_title
from sdm.data.site_words import words_of
from sdm.evaluation.confusion.levels import CLASS, level_names, level_title
from sdm.figures import raster_bands as figures
from sdm.figures.style import worded
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key

SOURCE = "source"
CLASS_COLUMNS = {"main_type": "main type", "code": "class"}
"""Columns of the table of sites that can name the class of a site whose target is a number."""

_counts = memo(16)(class_counts)
_values = memo(8)(values_by_class)


def class_levels(data: Dataset) -> dict[str, str]:
    """Column of the table of classes -> title, coarse to fine, of the levels of the hierarchy."""
    names = reversed(level_names(data.targets, data.targets.kind))
    return {"name" if name == CLASS else name: level_title(data.targets, name) for name in names}


def show(data: Dataset) -> None:
    """Classes, or the values of a regression by class."""
    if data.targets.kind is TargetKind.REGRESSION:
        _regression(data)
    else:
        _classes(data)


def _classes(data: Dataset) -> None:
    st.markdown("#### Class counts: how unequal are the classes?")
    levels = class_levels(data)
    by = {SOURCE: "by source", **{scheme: f"split {scheme_title(scheme)}" for scheme in data.schemes}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = list(levels)[-1]
        if len(levels) > 1:
            level = linked.selectbox("Level", levels, Key.CLASS_LEVEL, level, width=160)
        counted = linked.selectbox("Counted", by, Key.COUNTED_BY, width=190)
    scheme = None if counted == SOURCE else counted
    table = _counts(data, level, scheme)
    if table.empty:
        empty("No class known", words_of(data)("No survey here tells its class."))
        return
    drawn = figures.class_counts(table, SOURCE if scheme is None else "split")
    show_figure(worded(drawn, words_of(data)), "figure_classes", "class-counts")


def _regression(data: Dataset) -> None:
    st.markdown("#### Values by class: which values does each class hold?")
    columns = {name: title for name, title in CLASS_COLUMNS.items() if name in data.sites}
    if not columns:
        empty("No classes here", "The table of sites names no class beside the value.")
        return
    column = next(iter(columns))
    if len(columns) > 1:
        column = linked.segmented_control("By", columns, Key.CLASS_LEVEL, label_visibility="collapsed")
    table = _values(data, column)
    drawn = worded(figures.values_by_class(table, data.targets.unit), words_of(data))
    show_figure(drawn, "figure_values", "values-by-class")
