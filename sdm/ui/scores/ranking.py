"""Our models: the verdict, the leaderboard, and local scores against hidden ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.splits import short_split
from sdm.errors import SdmError
from sdm.evaluation.leaderboard import RunScores, Standings, board, measures
from sdm.evaluation.leaderboard.board import by_headline, orders, question_of, reordered, splits_of
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.reference_scores import METRIC, ReferenceScores
from sdm.figures import scores as figures
from sdm.figures.markdown import literal
from sdm.figures.style import number
from sdm.ui.cache import leaderboard
from sdm.ui.components import linked, runs
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.page_state import empty
from sdm.ui.scores import table
from sdm.ui.scores.verdict import verdict
from sdm.ui.state import Key

COSTS = {"milliseconds": "Fastest", "seconds": "Trained fastest", "parameters": "Smallest"}


def standings(key: str) -> Standings:
    """All finished runs, as they stand on the data set."""
    return leaderboard.standings(key, tuple(runs.finished_runs().values()))


def chosen(standings: Sequence[RunScores]) -> list[RunScores]:
    """The standings that answer one question, the best first: scores of different questions are never mixed."""
    groups: dict[str, list[RunScores]] = {}
    titles: dict[str, str] = {}
    for one in standings:
        name, title = question_of(one.run)
        groups.setdefault(name, []).append(one)
        titles[name] = literal(title)
    if len(groups) == 1:
        return by_headline(next(iter(groups.values())))
    picked = linked.segmented_control(
        "Board", titles, Key.BOARD,
        help="Models that answer another question, or were validated on other surveys, have a board of their own.",
    )  # fmt: skip
    return by_headline(groups[picked])


def show(key: str, data: Dataset, standings: list[RunScores]) -> None:
    """Verdict, board, figures, of the measure chosen."""
    names, splits = measures(standings, standings[0].run.card.kind), splits_of(standings)
    if not names:
        empty("No scores yet", "What was recorded at the surveys of these runs is not known.")
        return
    above = st.container()
    references = _references(key, data, standings[0].run.card.scheme)
    with st.container(horizontal=True, vertical_alignment="bottom", key="score_boxes"):
        metric = linked.selectbox("Measure", {name: METRICS[name].title for name in names}, Key.METRIC, width=250)
        ranked = board(standings, metric, references)
        titles = {name: _order_title(name) for name in (*orders(ranked, splits), *COSTS)}
        order = linked.selectbox("Best first", titles, Key.RANK_BY, width=190)
        download("Save as CSV", lambda: ranked, f"scores-{metric}", "save_board")
    ranked = reordered(ranked, order, rising=order in COSTS or not METRICS[metric].higher_is_better)
    above.html(verdict(key, ranked, standings, metric))
    st.html(table.board(ranked, splits, key, rising=not METRICS[metric].higher_is_better))
    st.caption(_reading(data, metric, references))
    _figures(data, ranked, metric, references)


def _references(key: str, data: Dataset, scheme: str) -> dict[str, ReferenceScores]:
    """What is measured by now."""
    future = leaderboard.measuring(key, scheme) if data.simulated else None
    if future is None or not future.done():
        return {}
    try:
        return future.result()
    except SdmError as problem:
        st.warning(f"The best reachable score cannot be measured: {literal(problem.what)}.")
        return {}


def waiting(key: str, standings: Sequence[RunScores]) -> bool:
    """Whether something is still being measured beside the page."""
    schemes = {one.run.card.scheme for one in standings if one.run.config.data.simulated}
    return any(not leaderboard.measuring(key, scheme).done() for scheme in schemes)


def _order_title(name: str) -> str:
    return COSTS.get(name) or figures.SERIES.get(name, (name,))[0].capitalize()


def _reading(data: Dataset, metric: str, references: dict[str, ReferenceScores]) -> str:
    """What the columns are and how to read them."""
    said = [
        "★ the best of a column. Small below a score: its 95 % bootstrap interval over surveys; below a name: the "
        "run, and how it is decoded. A name leads to what that model mistakes for what."
    ]
    if references and metric == METRIC:
        ends = "; ".join(
            f"{short_split(split)} {number(one.best)} (baseline {number(one.baseline)})"
            for split, one in references.items()
        )
        said.append(
            "Best: what the true probabilities of this simulated world allow, "
            f"{ends}. Skill: 0 is the country baseline, 1 the best reachable."
        )
    elif data.simulated and metric == METRIC:
        said.append("The best reachable score is being measured …")
    if data.simulated:
        said.append("No Kaggle score can be had on simulated surveys: the hidden tests take its place.")
    return " ".join(said)


def _figures(data: Dataset, ranked: pd.DataFrame, metric: str, references: dict[str, ReferenceScores]) -> None:
    title, best = METRICS[metric].title, {}
    if metric == METRIC:
        best = {split: one.best for split, one in references.items()}
    unit = data.targets.unit if metric == "rmse" else "0 to 1"
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        show_figure(figures.intervals(ranked, f"{title} ({unit})", best), "figure_scores", f"scores-{metric}")
    with right:
        local = figures.local_against_hidden(ranked, title)
        if local is None:
            empty(
                "Local against leaderboard",
                "Shown once a model has both a local validation score and one on a hidden test: record what "
                "Kaggle said below.",
            )
        else:
            show_figure(local, "figure_local", f"local-against-hidden-{metric}")
