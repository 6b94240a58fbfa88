"""What is compared: which run, which surveys, how probabilities become species, and from how far away."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import item_name, words_of
from sdm.data.splits import split_title
from sdm.data.views import SINGLE_LABEL, seen_through
from sdm.errors import SdmError
from sdm.evaluation.confusion.levels import coarser, level_names, level_title, why_off
from sdm.evaluation.run_decoding import decoder_of
from sdm.number_format import counted, fixed, percent, plural, whole
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import linked, markup, runs
from sdm.ui.components.decoder_choice import decoder_choice
from sdm.ui.components.no_model import no_model
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.confusion import selection
from sdm.ui.state import Key

FIRST = ("validation", "test_near", "test", "test_far")


def choose(data: Dataset) -> ConfusionQuery | None:
    """The question; None after saying why there is nothing to compare, and what to do."""
    able, reasons = runs.fitting(data)
    if not able:
        no_model(data, reasons)
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        titles = runs.titles(able, data)
        run = able[linked.selectbox("Model", titles, Key.RUN, on_change=selection.forget, width=210)]
        splits = sorted(run.splits(), key=lambda name: (FIRST.index(name) if name in FIRST else 9, name))
        if not splits:
            empty("No stored predictions", f"{run.name} has none beside it.")
            return None
        names = {name: split_title(name) for name in splits}
        split = linked.selectbox(
            f"{plural(item_name(data)).capitalize()}", names, Key.SPLIT, on_change=selection.forget, width=150
        )
        query = ConfusionQuery(seen_through(data, run.card.view), run, split)
        targets = query.data.targets
        levels = {name: level_title(targets, name) for name in level_names(targets, run.card.kind)}
        if len(levels) > 1:
            level = linked.selectbox("Level", levels, Key.LEVEL, on_change=selection.forget, width=130)
            query = query._replace(level=level)
        decoder = decoder_choice(run.card.kind, [run])
    if run.card.kind is TargetKind.MULTILABEL:
        query = query._replace(decoder=str(decoder_of(run.card, decoder)))
    return query if _answerable(query) else None


def _answerable(query: ConfusionQuery) -> bool:
    """Whether there is something to compare; says why not."""
    try:
        if len(tables.item_sites(query)):
            return True
    except SdmError as error:
        problem("The stored predictions cannot be compared", error)
        return False
    words = words_of(query.data)
    empty(
        words("Nothing is known of these surveys"),
        f"What was recorded at the {words.items} of “{split_title(query.split)}” is not part of the data, so "
        f"nothing can be called right or wrong. Choose others above; there are predictions of: "
        f"{', '.join(query.run.splits())}.",
    )
    return False


def headline(query: ConfusionQuery) -> None:
    """Counts and ratios, and the F1 at every level."""
    kind, targets = query.run.card.kind, query.data.targets
    facts = _sets(query) if kind is TargetKind.MULTILABEL else _singles(query)
    names = level_names(targets, kind)
    scores = [fixed(tables.totals(query._replace(level=level))["f1"], 2) for level in names]
    titles = " · ".join(level_title(targets, level) for level in names)
    facts.append((f"F1 over all: {titles}", " · ".join(scores)))
    st.html(markup.facts(facts))
    reasons = [why_off(targets.classes, column) for column in coarser(targets)]
    if len(names) == 1 and any(reasons):
        st.html(f"<p class='lead'>{markup.text(f'No roll-up: {reasons[0]}')}</p>")


def _sets(query: ConfusionQuery) -> list[tuple[str, str]]:
    total = tables.totals(query)
    titles = (("hits", "Hits"), ("misses", "Misses"), ("false_alarms", "False alarms"))
    facts = [(words, whole(total[name])) for name, words in titles]
    facts += [(name.capitalize(), percent(total[name])) for name in ("precision", "recall")]
    return [*facts, ("F1, mean of surveys", fixed(tables.sets(query)["f1"].mean(), 2))]


def _singles(query: ConfusionQuery) -> list[tuple[str, str]]:
    right = tables.singles(query)["right"]
    macro = tables.species(query)["f1"].mean()
    facts = [("Right", whole(right.sum())), ("Wrong", whole((~right).sum()))]
    return [*facts, ("Accuracy", percent(right.mean())), ("F1, mean of classes", fixed(macro, 2))]


def compared_line(query: ConfusionQuery) -> None:
    """Model, surveys and decoder, as chips."""
    run = query.run
    item = "recorded species" if run.card.view == SINGLE_LABEL else item_name(query.data)
    chips = [(run.card.title, "strong"), (counted(len(tables.item_sites(query)), item), "plain")]
    if query.decoder:
        chips.append((query.decoder, "plain"))
    if query.split == "validation" and query.decoder and query.decoder == run.card.decoder:
        chips.append((words_of(query.data)("decoder chosen on these very surveys"), "warn"))
    st.html(markup.chips(chips))
    if note := runs.left_out_note(run, query.data):
        st.html(markup.fine(note))
