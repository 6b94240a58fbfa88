"""Published scores, study by study, with ours of the same design in columns of their own."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.splits import short_split
from sdm.evaluation.leaderboard.board import splits_of
from sdm.evaluation.leaderboard.published_tables import STUDIES, Study, ours, published
from sdm.evaluation.leaderboard.run_scores import RunScores, validation_score
from sdm.evaluation.metrics import METRICS, PER_SURVEY
from sdm.evaluation.published import MEASURES
from sdm.figures import scores as figures
from sdm.figures.markdown import literal
from sdm.ui.components import linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import number_table, written
from sdm.ui.scores import ranking
from sdm.ui.state import Key

BY_AUTHORS = "reported by its authors"


def show(data: Dataset) -> None:
    """The study picked: its table, its figure, its sources."""
    standings = ranking.standings(data).scores
    studies = {study.key: study for study in STUDIES}
    titles = {name: each.title for name, each in studies.items()}
    study = studies[linked.selectbox("Study", titles, Key.STUDY, width=320)]
    theirs = published(study)
    if study.note:
        st.html(f"<p class='lead'>{text(study.note)}</p>")
    known = zip(theirs["model"], theirs["source"], theirs["setting"], strict=True)
    beside = [_best(ours(model, source, setting, standings)) for model, source, setting in known]
    st.html(_table(study, theirs, beside, data))
    st.caption(_caption(study, beside, data))
    for source in dict.fromkeys(theirs["source"]):
        st.caption(f"Source: {source}.")
    scores = {key: MEASURES[key].title for key in study.measures if not MEASURES[key].lower_is_better}
    show_figure(figures.published(theirs, scores), "figure_published", f"published-{study.key}")


def _best(candidates: Sequence[RunScores]) -> RunScores | None:
    """The best of our runs of a design on the surveys it was validated on."""

    return max(candidates, key=lambda one: validation_score(one.run, PER_SURVEY[one.run.card.kind]), default=None)


def _table(study: Study, theirs: pd.DataFrame, beside: Sequence[RunScores | None], data: Dataset) -> str:
    splits = splits_of([one for one in beside if one is not None])
    reported = [BY_AUTHORS if only else "" for only in theirs["reported_only"]]
    remarks = ["\n".join(filter(None, pair)) for pair in zip(theirs["remark"], reported, strict=True)]
    heads = ["Model", *(MEASURES[key].title for key in study.measures), *(["Remarks"] if any(remarks) else [])]
    groups = [("", 1), ("As published", len(heads) - 1)]
    if splits:
        heads += ["Our run", *map(short_split, splits)]
        groups.append((f"Ours, on {data.title}{' (simulated)' if data.simulated else ''}", len(splits) + 1))
    rows = [
        [*_theirs(row, study), *([f"\n{remark}"] if any(remarks) else []), *(_ours(one, splits) if splits else [])]
        for row, remark, one in zip(theirs.to_dict("records"), remarks, beside, strict=True)
    ]
    return number_table(study.title, groups, heads, rows)


def _theirs(row: dict[Hashable, Any], study: Study) -> list[str]:
    return [
        f"{row['model']}\n{row['setting']}",
        *("" if pd.isna(row[key]) else row[key] for key in study.measures),
    ]


def _ours(one: RunScores | None, splits: Sequence[str]) -> list[str]:
    if one is None:
        return [""] * (len(splits) + 1)
    name = PER_SURVEY[one.run.card.kind]
    scores = (one.scores.get(split, {}).get(name) for split in splits)
    return [f"{one.run.name}\n{METRICS[name].title}", *map(written, scores)]


def _caption(study: Study, beside: Sequence[RunScores | None], data: Dataset) -> str:
    """What each column measures, and what must not be compared."""
    sentences = [
        f"{MEASURES[key].title}: {MEASURES[key].meaning} ({MEASURES[key].data})." for key in study.measures
    ]
    if any(one is not None for one in beside):
        where = "a simulated Europe" if data.simulated else literal(data.title)
        sentences.append(f"Ours: the same design on {where}: other surveys, not to be compared figure by figure.")
    return " ".join(sentences)
