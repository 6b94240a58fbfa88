"""How well a run finds a species: its curve, the threshold chosen on validation, and what it is mistaken for."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.data.site_words import words_of
from sdm.data.splits import VALIDATION, short_split, split_title
from sdm.errors import SdmError
from sdm.evaluation.confusion.pair_tests import FALSE_DISCOVERIES, PairTests
from sdm.evaluation.confusion.pairs import MIN_SUPPORT
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.metrics import ranking
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.species.occurrences import LONGEST
from sdm.evaluation.species.quality import MEASURES
from sdm.evaluation.species.threshold import AtThreshold, at_threshold
from sdm.figures import species
from sdm.figures.species import Curve
from sdm.number_format import counted, fixed, number, percent, whole
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache.figures import drawn_in_words
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import linked, markup, measure_notes, runs
from sdm.ui.components.figure import show_figure
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.species.query import ALL_TITLE


def show(query: SpeciesQuery, run: Run) -> None:
    """Numbers, curve, confusions."""
    st.markdown("#### Accuracy: how well is it found?")
    try:
        evaluated = at_threshold(tables.species_surveys(query), tables.threshold(query))
    except SdmError as error:
        problem("The stored predictions cannot be read", error)
        return
    alone = query.splits == (VALIDATION,) and tables.background(query.data, run) is not None
    facts = _facts(query, evaluated)
    st.html(markup.facts([(facts[0][0], f"{counted(evaluated.recorded, 'record')}")] if alone else facts))
    if note := runs.left_out_note(run, query.data):
        st.html(markup.fine(note))
    if note := measure_notes.few_species(query.data, run):
        st.caption(note)
    _measures(query, run)
    if alone:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Precision and recall**")
        _curve(query, evaluated)
    with right:
        st.markdown("**Most confused with**")
        _confused(query, run)


def _facts(query: SpeciesQuery, evaluated: AtThreshold) -> list[tuple[str, str]]:
    item = words_of(query.data).item
    facts = [("Evaluated on", f"{whole(evaluated.recorded)} of {counted(evaluated.surveys, item)}")]
    if evaluated.threshold == evaluated.threshold:
        facts += [
            ("Threshold, from validation", percent(evaluated.threshold)),
            ("F1 there", number(evaluated.f1, 2)),
        ]
        facts += [
            ("Precision there", _interval(evaluated.precision)),
            ("Recall there", _interval(evaluated.recall)),
        ]
    return facts


def _measures(query: SpeciesQuery, run: Run) -> None:
    """A row per measure, a column per split; calibration is told where absence is known."""
    words, (threshold, table) = words_of(query.data), tables.measures(query)
    if measure_notes.of_records(query.data, run):
        table = table.assign(**{
            "calibration-slope": table["calibration-slope"].where(table["split"] != VALIDATION)
        })  # fmt: skip
    sizes = zip(table["presences"].map(whole), table["surveys"].map(whole), strict=True)
    rows = [[words("Surveys with it"), *(" of ".join(size) for size in sizes)]]
    for key, (title, _) in MEASURES.items():
        gloss = measure_notes.gloss(key, query.data, run)
        rows.append([words(f"{title}\n{gloss}"), *("" if v != v else fixed(v, 2) for v in table[key].tolist())])
    st.html(number_table("Measures by split", (), ["Measure", *map(short_split, table["split"])], rows))
    chosen = f"Threshold of maximal TSS on validation: {percent(threshold)}. " if threshold == threshold else ""
    few = f"Not measured with fewer than {ranking.MIN_SUPPORT} surveys with it, or without it."
    note = "" if measure_notes.few_species(query.data, run) else measure_notes.note(query.data, run)
    st.caption(words(f"{chosen}{few} {note}"))


def _interval(value: tuple[float, float, float]) -> str:
    middle, low, high = value
    return "–" if middle != middle else f"{percent(middle)} ({percent(low)} to {percent(high)})"


def _curve(query: SpeciesQuery, evaluated: AtThreshold) -> None:
    words = words_of(query.data)
    if not evaluated.recorded:
        empty("No curve", words("The species is at none of these surveys. Choose others under “Evaluated on”."))
        return
    curves = {}
    if evaluated.threshold == evaluated.threshold:
        validation = query._replace(splits=(VALIDATION,))
        at_validation = at_threshold(tables.species_surveys(validation), evaluated.threshold)
        curves[split_title(VALIDATION)] = Curve(tables.curve(validation), at_validation)
    title = split_title(query.splits[0]) if len(query.splits) == 1 else ALL_TITLE
    curves[title] = Curve(tables.curve(query), evaluated if evaluated.threshold == evaluated.threshold else None)
    figure = drawn_in_words(words, species.precision_recall, curves, evaluated.recorded / evaluated.surveys)
    show_figure(figure, "figure_curve", f"{query.run_name}-precision-recall")
    if evaluated.threshold != evaluated.threshold:
        st.caption(words("No threshold could be chosen: the species is at no validation survey."))


def _confused(query: SpeciesQuery, run: Run) -> None:
    decoder, words = decoder_of(run.card), words_of(query.data)
    text = str(decoder) if run.card.kind is TargetKind.MULTILABEL else ""
    try:
        tests = tables.pair_tests(query, text)
        pairs = tables.pairs(query, text) if tests is None else tests.discoveries
    except SdmError as error:
        problem("The mistakes cannot be counted", error)
        return
    if pairs.empty:
        empty("Mistaken for none", words(_not_confused(tests)))
    else:
        name = str(query.data.targets.classes["name"].iloc[query.column])[:LONGEST]
        figure = drawn_in_words(words, species.confused_bars, pairs, name)
        show_figure(figure, "figure_confused", f"{run.name}-confused")
    _to_all(query, run, decoder)


def _not_confused(tests: PairTests | None) -> str:
    if tests is None or not tests.tests:
        return f"No other was predicted in its place, or it in theirs, at {MIN_SUPPORT} surveys or more."
    return (
        "With none of the others does it err together significantly more often than the model's own "
        f"probabilities foretell ({counted(tests.tests, 'pair')} tested, {len(tests.pairs)} seen at "
        f"{MIN_SUPPORT} surveys or more; false discovery rate {percent(FALSE_DISCOVERIES, 0)})."
    )


def _to_all(query: SpeciesQuery, run: Run, decoder: Decoder) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.card.kind is TargetKind.MULTILABEL:
            st.caption(f"Sets by `{decoder}`.", width="content")
        st.page_link(
            "pages/confusion.py", label="All confusions", icon=":material/arrow_forward:",
            query_params=linked.query(
                run=run.name, split=query.splits[0], confusion_view="pairs", pairs_of="all"
            ),
        )  # fmt: skip
