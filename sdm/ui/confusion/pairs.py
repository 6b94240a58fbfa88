"""Which class is predicted instead of which: pairs tested against what the model's own probabilities foretell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.data.dataset import TargetKind
from sdm.data.site_words import words_of
from sdm.evaluation.confusion.pair_tests import FALSE_DISCOVERIES, PairTests
from sdm.evaluation.confusion.pairs import MIN_SUPPORT
from sdm.figures import confusion
from sdm.number_format import counted, percent, whole
from sdm.runs import Run
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import linked, markup
from sdm.ui.components.data_table import count_column
from sdm.ui.components.page_frame import empty
from sdm.ui.confusion import clickable, selection
from sdm.ui.state import LINK, Key

WHICH = {"significant": "Significant", "all": "All seen"}
TITLES = {"significant": "By ratio", "all": "By p-value"}
BARS = 15
LISTED = 500
number_column = partial(st.column_config.NumberColumn, format="%.1f")
scientific = partial(st.column_config.NumberColumn, format="%.1e", width=50)
ENDS = {
    "missed_name": st.column_config.TextColumn("Missed", width=126),
    "predicted_name": st.column_config.TextColumn("Predicted instead", width=132),
}
UNTESTED = {
    "expected": number_column("By totals", width=62, help="misses × false alarms / surveys"),
    "lift": number_column("Lift", width=42, help="observed / expected by totals"),
}
TESTED = {
    "expected": number_column("Expected", width=58, help="by the probabilities, survey by survey"),
    "ratio": number_column("Ratio", width=42, help="observed / expected"),
    "q_value": scientific("q", help="least false discovery rate at which it is significant"),
    "p_value": scientific("p", help="one-sided: as many surveys or more"),
}
NO_PROBABILITIES = (
    "Only sets of species are known here, no probabilities: nothing can be tested. Expected is what the totals "
    "of misses and false alarms alone foretell; species of one habitat exceed it without being mistaken for each "
    "other."
)


def show(query: ConfusionQuery, row: DeltaGenerator) -> None:
    """Bars and a table of pairs; which of them, and how often they must be seen, stand in `row`."""
    if not tables.testable(query.run):
        _untested(query, _support(query, row, 2))
        return
    with row:
        which = linked.segmented_control("Pairs", WHICH, Key.PAIRS_OF, label_visibility="collapsed")
    tests = tables.tests(query, _support(query, row, MIN_SUPPORT))
    assert tests is not None
    pairs = tests.discoveries if which == "significant" else tests.pairs
    if pairs.empty:
        empty(*_nothing(query, tests))
    else:
        _shown(query, pairs, f"{TITLES[which]}: {counted(len(pairs), 'pair')}", TESTED, "tested_pairs")
    st.html(markup.fine(_method(query.run, tests)))


def _support(query: ConfusionQuery, row: DeltaGenerator, least: int) -> int:
    support: int = row.slider(
        words_of(query.data)("Seen at this many surveys"), least, 50, MIN_SUPPORT, key=Key.SUPPORT, bind=LINK,
        width=220, help="A pair seen only a few times may be chance, however high its ratio.",
    )  # fmt: skip
    return support


def _untested(query: ConfusionQuery, support: int) -> None:
    words, pairs = words_of(query.data), tables.pairs(query, support)
    if pairs.empty:
        advice = "Move the slider to fewer surveys, or choose other surveys above."
        empty("No pair was seen that often", words(advice))
        return
    _shown(query, pairs, f"By lift: {counted(len(pairs), 'pair')}", UNTESTED, "pairs")
    if query.run.card.kind is TargetKind.MULTILABEL:
        st.html(markup.fine(NO_PROBABILITIES))


def _shown(
    query: ConfusionQuery, pairs: pd.DataFrame, title: str, columns: Mapping[str, object], name: str
) -> None:
    words, listed = words_of(query.data), pairs.head(LISTED)
    clickable.figure(
        query, "pairs", partial(selection.pick_pair, query),
        confusion.pair_bars, pairs.head(BARS), clickable.italic(query), words.item,
    )  # fmt: skip
    more = f", the first {whole(LISTED)} listed" if len(pairs) > LISTED else ""
    st.markdown(f"##### {title}{more}")
    order = {**ENDS, "surveys": count_column(words("Surveys"), width=52), **columns}
    clickable.table(listed, order, name, query, "single-row", partial(_pair, query, listed))


def _pair(query: ConfusionQuery, pairs: pd.DataFrame, row: int, _: str) -> None:
    missed, predicted = pairs[["missed", "predicted"]].iloc[row].astype(int)
    selection.pick_pair(query, missed, predicted)


def _nothing(query: ConfusionQuery, tests: PairTests) -> tuple[str, str]:
    words = words_of(query.data)
    if not len(tests.pairs):
        return "No pair was seen that often", words("Choose other surveys above.")
    seen = counted(len(tests.pairs), "pair")
    text = (
        f"None of {counted(tests.tests, 'pair')} tested errs together significantly more often than the model's "
        f"own probabilities foretell. {seen} were seen this often: shared habitat explains them. "
        f"“{WHICH['all']}” lists them."
    )
    return "No pair stands out", words(text)


def _method(run: Run, tests: PairTests) -> str:
    """How pairs are tested, in words."""
    return (
        "Null hypothesis: species are recorded independently of each other, with the model's probabilities "
        f"({calibration_words(run)}). Expected is their sum over surveys of P(missed) × P(false alarm), the "
        "odds of each species' errors shifted to its actual totals: else a model wrong about prevalence would "
        f"inflate every pair of a species. {counted(tests.tests, 'pair')} tested, one-sided and exactly "
        f"(Poisson-binomial); false discovery rate at most {percent(FALSE_DISCOVERIES, 0)} (Benjamini–Hochberg). "
        "Surveys count as independent, though near ones are alike."
    )


def calibration_words(run: Run) -> str:
    """How the probabilities of a run are calibrated, in words."""
    calibration = run.card.calibration
    return (
        "as the network gives them, uncalibrated" if calibration is None else f"calibrated: {calibration.method}"
    )
