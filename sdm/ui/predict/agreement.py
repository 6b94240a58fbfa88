"""Agreement: which species several models name, and a mixture of these models."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.data.site_words import SPECIES, USUAL, Words, words_of
from sdm.evaluation.predicted_species import (
    NAMED,
    PROBABILITY,
    QUIET,
    agreement,
    named_classes,
    overlap,
    set_f1,
    verdict,
)
from sdm.inference.answers import Answer, missing_inputs
from sdm.number_format import number, percent
from sdm.ui.components import markup
from sdm.ui.components.figure import download
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import empty
from sdm.ui.predict import mixture
from sdm.ui.predict.request import PredictionQuery

MOST_ROWS = 8  # of one level of agreement, before all are asked for


def show(query: PredictionQuery) -> None:
    """Agreement on the left, mixture on the right."""
    answered = [a for a in query.answers if a.prediction is not None and not missing_inputs(a.run, query.survey)]
    without = [answer.run.name for answer in query.answers if answer not in answered]
    if without:
        st.html(markup.fine(f"Without an answer here, and left out: {', '.join(without)}. “Species” says why."))
    if len(answered) < 2:
        empty("Agreement needs two models", "Choose a second model above.")
    elif answered[0].run.card.kind is TargetKind.REGRESSION:
        _values(query, answered)
    else:
        left, right = st.columns([1.15, 1], gap="large")
        with left:
            _agreement(query, answered)
        with right:
            mixture.show(query, answered)


def _values(query: PredictionQuery, answered: Sequence[Answer]) -> None:
    """Numbers side by side: there is nothing to agree on but how far they are apart."""
    card, values = answered[0].run.card, [float(answer.probabilities[0]) for answer in answered]
    rows = [[answer.run.name, number(value)] for answer, value in zip(answered, values, strict=True)]
    rows.append(["mean of these models", number(float(np.mean(values)))])
    if query.same_data and query.survey.known and query.survey.target is not None:
        rows.append([query.true_word, number(query.survey.target)])
    st.html(number_table("Predicted values", (), ["Model", card.unit], rows))
    st.caption("These models give a number. The errors of unlike models partly cancel in their mean.")


def _agreement(query: PredictionQuery, answered: Sequence[Answer]) -> None:
    named = {
        answer.run.name: named_classes(answer.run.card, answer.probabilities, query.decoder) for answer in answered
    }
    known, words = query.truth(answered[0].run) is not None, words_of(query.data)
    table = agreement(named, [one.class_id for one in query.survey.recorded] if known else None)
    models = list(named)
    everywhere = int((table["agree"] == len(models)).sum())
    is_or_are = "is" if everywhere == 1 else "are"
    st.markdown(
        words("#### Agreement: how many models name a species\n")
        + words(f"Of {len(table)} species named, **{everywhere}** {is_or_are} named by {_all(len(models))}.")
    )
    st.html(grouped(table, models, MOST_ROWS, query.true_word, words))
    st.caption(
        "The fuller a cell, the more probable. "
        + (f"✓ and ✕: the model names it; ○: {query.true_word}, not named. Models that err differently seldom err "
           "together: compare the shares in the headings." if known else "With a symbol: the model names it.")
    )  # fmt: skip
    if (table.groupby("agree").size() > MOST_ROWS).any():
        with st.expander(words(f"All {len(table)} species")):
            st.html(grouped(table, models, len(table), query.true_word, words))
    _compared(query, answered, named, table)
    download("Save as CSV", lambda: table, f"survey-{query.survey.survey_id}-agreement", "save_agreement")


def grouped(
    table: pd.DataFrame, models: Sequence[str], most: int, true_word: str = "recorded", words: Words = USUAL
) -> str:
    """An `agreement` as markup: a row per species, `most` for each number of models that agree; `true_word` is
    what is said of those that do grow here."""
    heads = "".join(f'<th scope="col">{markup.text(model)}</th>' for model in models)
    parts = [_group(part, models, most, true_word, words) for _, part in table.groupby("agree", sort=False)]
    known = SPECIES.capitalize()
    return (
        f'<table class="agree"><caption>{markup.unseen(words("Species by how many models name them"))}</caption>'
        f'<thead><tr><th scope="col" class="name">{words(known)}</th>{heads}</tr></thead>{"".join(parts)}</table>'
    )


def _group(part: pd.DataFrame, models: Sequence[str], most: int, true_word: str, words: Words) -> str:
    count, holds = int(part["agree"].iloc[0]), words(f"{len(part)} species")
    if part["recorded"].notna().all():
        holds = f"{int(part['recorded'].sum())} of {len(part)} {true_word}"
    who = "one alone" if count == 1 else _all(count) if count == len(models) else f"{count} of {len(models)}"
    width = len(models) + 1
    head = f'<th colspan="{width}" scope="rowgroup">Named by {who} <small>{holds}</small></th>'
    rows = "".join(_row(row, models, words) for row in part.head(most).to_dict("records"))
    more = len(part) - most
    if more > 0:
        rows += f'<tr><td class="more" colspan="{width}">and {more} more</td></tr>'
    return f'<tbody><tr class="head">{head}</tr>{rows}</tbody>'


def _row(row: dict[Hashable, Any], models: Sequence[str], words: Words) -> str:
    recorded = None if pd.isna(row["recorded"]) else bool(row["recorded"])
    cells = "".join(
        _cell(
            float(row[f"{model} {PROBABILITY}"]), verdict(named=bool(row[f"{model} {NAMED}"]), recorded=recorded)
        )
        for model in models
    )
    name = markup.named(row["name"], latin=words.known == SPECIES)
    return f'<tr><th scope="row" class="name">{name}</th>{cells}</tr>'


def _cell(probability: float, word: str) -> str:
    """A probability as a bar with its verdict; empty for a species the model does not know."""
    if np.isnan(probability):
        return f"<td>{markup.unseen('unknown to this model')}</td>"
    share = max(0.0, min(1.0, probability))
    symbol = markup.SYMBOLS.get(word, "") if word != QUIET else ""
    return (
        f'<td class="{word.replace(" ", "-") or "quiet"}" style="background-size:{100 * share:.0f}% 100%">'
        f"<b>{symbol}</b>{markup.unseen(word or 'not named')} {percent(share)}</td>"
    )


def _compared(
    query: PredictionQuery, answered: Sequence[Answer], named: dict[str, pd.DataFrame], table: pd.DataFrame
) -> None:
    """What each model names, how well, and how much of it another names as well."""
    rows = []
    for answer in answered:
        name = answer.run.name
        chosen = np.flatnonzero(named[name][NAMED])
        truth = query.truth(answer.run)
        f1 = "" if truth is None else number(set_f1(chosen, truth), 2)
        others = [math.nan if other == name else overlap(table, name, other) for other in named]
        shared = ["" if math.isnan(share) else percent(share, 0) for share in others]
        rows.append([name, str(len(chosen)), f1, *shared])
    heads = ["Model", "names", "F1 here", *(f"shared with {name}" for name in named)]
    with st.container(key="models_compared"):
        st.html(number_table("Models compared", (), heads, rows))
    shared_words = "Shared: of all species that either of two models names, the part that both name"
    st.caption(f"{words_of(query.data)(shared_words)} (Jaccard's index).")


def _all(count: int) -> str:
    return "both" if count == 2 else f"all {count}"
