"""The members of an ensemble beside it: their weights and their scores."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from sdm.data.splits import short_split
from sdm.evaluation.leaderboard.board import splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.number_format import percent
from sdm.runs.card import Member
from sdm.ui.components import linked, runs
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import grouped_table, headed, shortened, written


def show(one: RunScores, standings: Sequence[RunScores]) -> None:
    """A row per member, by falling weight, and the ensemble last; a name leads to that model."""
    of = {other.run.name: other for other in standings}
    members = sorted(one.run.card.members, key=lambda member: -member.weight)
    scored = [(member, of.get(member.run)) for member in members]
    scored = [(m, each if each and each.run.card.digest == m.digest else None) for m, each in scored]
    splits = splits_of([one, *(each for _, each in scored if each is not None)])
    heads = ["Member", "weight", *map(short_split, splits)]
    rows = [[_name(m, each), *_cells([percent(m.weight, 1), *_scores(each, splits)])] for m, each in scored]
    own = (f"<b>{score}</b>" for score in _scores(one, splits))
    rows.append(["<b>the ensemble</b>", *_cells(["", *own])])
    st.markdown("#### Its members")
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(map(headed, cells, heads[1:]))}</tr>' for name, *cells in rows
    )
    st.html(grouped_table("Members of the ensemble", (), heads, body, " named"))
    metric = METRICS[HEADLINE[one.run.card.kind]].title
    st.caption(
        f"{metric} of each, by its own decoder. The ensemble is the mean of what its members say, by these "
        "weights; it is worth its price where it beats the best of them."
    )


def _cells(figures: Sequence[str]) -> list[str]:
    return [f"<td>{figure}</td>" for figure in figures]


def _name(member: Member, run_scores: RunScores | None) -> str:
    if run_scores is None:
        why = "has changed since" if member.run in runs.finished_runs() else "is not here"
        return f"{text(member.run)}<small>{why}</small>"
    link = "scores?" + urlencode(linked.query(run=member.run))
    title = text(shortened(run_scores.run.card.title))
    return f'<a href="{text(link)}" target="_self">{text(member.run)}</a><small>{title}</small>'


def _scores(run_scores: RunScores | None, splits: Sequence[str]) -> list[str]:
    """The headline on every split."""
    if run_scores is None:
        return ["–"] * len(splits)
    headline = HEADLINE[run_scores.run.card.kind]
    scores = [run_scores.scores.get(split, {}).get(headline) for split in splits]
    return [written(score).partition("\n")[0] or "–" for score in scores]
