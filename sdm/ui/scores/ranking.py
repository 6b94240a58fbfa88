"""Our models: the verdict, the leaderboard, and local scores against hidden ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import of_records
from sdm.data.site_words import words_of
from sdm.data.survey_blocks import block_title
from sdm.evaluation.leaderboard import run_scores
from sdm.evaluation.leaderboard.board import (
    board,
    by_headline,
    measures,
    orders,
    question_of,
    reordered,
    splits_of,
)
from sdm.evaluation.leaderboard.run_scores import RunScores, Standings
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.metrics.ranking import MIN_SUPPORT
from sdm.evaluation.reference_scores import METRIC, ReferenceScores
from sdm.figures import scores as figures
from sdm.figures.markdown import literal
from sdm.runs import Run
from sdm.ui.cache.figures import drawn, drawn_in_words
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, runs
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.first_screen import below
from sdm.ui.components.fragment import fragment
from sdm.ui.components.markup import text
from sdm.ui.components.no_model import no_model, set_aside
from sdm.ui.components.page_frame import empty
from sdm.ui.scores import by_distance, references, run_detail, table
from sdm.ui.scores.verdict import verdict
from sdm.ui.state import Key

RANKS = "auc"
ENOUGH = f"A mean over species with at least {MIN_SUPPORT} presences and as many absences."
EVERY = "1s"  # between looks at what is still being measured
UNITS = {"rmse": "{unit}", "mse": "{unit}, squared", "r2": "at most 1"}
COSTS = {"milliseconds": "Fastest", "seconds": "Trained fastest", "parameters": "Smallest"}


_run_scores = memo(256)(run_scores.run_scores)


@memo(8, "Reading the scores …")
def _standings(data: Dataset, runs: tuple[Run, ...]) -> Standings:
    return run_scores.standings(runs, data, lambda run: _run_scores(run, data))


def standings(data: Dataset) -> Standings:
    """The scores of all finished runs on the data set."""
    return _standings(data, tuple(runs.finished_runs().values()))


def _comparable(standings: Sequence[RunScores]) -> list[RunScores]:
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
        help="Models that answer another question, or were trained on another split, have a board of their own.",
    )  # fmt: skip
    return by_headline(groups[picked])


def show(data: Dataset) -> None:
    """The leaderboard, drawn again by itself when what is measured in the background is there; below it one run,
    and the runs that are not on the board."""
    known = standings(data)
    if not known.scores:
        no_model(data, {})
        _not_on_board(known)
        return
    comparable = _comparable(known.scores)
    waits = references.waiting(data, comparable)
    fragment(_board, run_every=EVERY if waits else None)(data, known, comparable, waits)


def _board(data: Dataset, all_known: Standings, standings: list[RunScores], waited: bool) -> None:
    """Verdict, board, figures, of the measure chosen."""
    if waited and not references.waiting(data, standings):
        st.rerun()

    def runs_one_by_one() -> None:
        run_detail.show(data, standings)
        set_aside()
        _not_on_board(all_known)

    names, splits = measures(standings, standings[0].run.card.kind), splits_of(standings)
    if not names:
        empty("No scores yet", words_of(data)("What was recorded at the surveys of these runs is not known."))
        below(runs_one_by_one)
        return
    above = st.container()
    scheme = standings[0].run.card.scheme
    known = references.measured(data, scheme)
    with st.container(horizontal=True, vertical_alignment="bottom", key="score_boxes"):
        first = RANKS if of_records(data) and RANKS in names else names[0]  # sets of species need plots
        metric = linked.selectbox(
            "Measure", {name: words_of(data)(METRICS[name].title) for name in names}, Key.METRIC, first, width=250
        )
        ranked = board(standings, metric, known)
        titles = {n: figures.SERIES.get(n, (n,))[0].capitalize() for n in orders(ranked, splits)} | COSTS
        order = linked.selectbox("Best first", titles, Key.RANK_BY, width=190)
        download("Save as CSV", lambda: ranked, f"scores-{metric}", "save_board")
    ranked = reordered(ranked, order, rising=order in COSTS or not METRICS[metric].higher_is_better)
    above.html(verdict(data, ranked, standings, metric))
    st.html(table.board(ranked, splits, rising=not METRICS[metric].higher_is_better))
    st.caption(_caption(data, metric, known, figures.has_intervals(ranked)))
    if sentence := by_distance.near_sentence(data, splits, scheme):
        st.caption(sentence)
    if known and metric == METRIC:
        references.show(known, ranked, scheme)

    def rest() -> None:
        _figures(data, ranked, metric, known)
        runs_one_by_one()

    below(rest)


def _not_on_board(known: Standings) -> None:
    """The runs that cannot be read, and those on other data."""
    for problem in known.broken:
        empty("A run that cannot be read", str(problem))
    if known.elsewhere:
        with st.expander(f"Runs on other data: {len(known.elsewhere)}"):
            st.html("".join(f"<p class='lead'>{text(reason)}</p>" for reason in known.elsewhere))


def _caption(data: Dataset, metric: str, known: dict[str, ReferenceScores], intervals: bool) -> str:
    """What the columns are and how to read them."""
    drawn = f"Small below a score: its 95 % bootstrap interval, for which whole {block_title(data)} are drawn, as "
    interval = words_of(data)(f"{drawn}surveys close by are alike. ") if intervals else ""
    sentences = [
        f"★ the best of a column. {interval}Small below a name: the run, and how it is decoded. A name leads to "
        "what that model mistakes for what."
    ]
    if METRICS[metric].over == "class" and METRICS[metric].reads == "probabilities":
        sentences.append(words_of(data)(ENOUGH))
    if not known and data.simulated and metric == METRIC:
        sentences.append("The best reachable score is being measured …")
    if data.simulated and data.targets.kind is TargetKind.MULTILABEL:
        sentences.append("No Kaggle score can be had on simulated surveys: the hidden tests take its place.")
    return " ".join(sentences)


def _figures(data: Dataset, ranked: pd.DataFrame, metric: str, known: dict[str, ReferenceScores]) -> None:
    words = words_of(data)
    title, best = words(METRICS[metric].title), {}
    if metric == METRIC:
        best = {split: one.best for split, one in known.items()}
    unit = UNITS.get(metric, "0 to 1").format(unit=data.targets.unit)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        compared = drawn_in_words(words, figures.intervals, ranked, f"{title} ({unit})", best)
        show_figure(compared, "figure_scores", f"scores-{metric}")
    with right:
        local = drawn(figures.local_against_hidden, ranked, title)
        if local is None:
            empty(
                "Local against leaderboard",
                "Shown once a model has both a local validation score and one on a hidden test: record what "
                "Kaggle said below.",
            )
        else:
            show_figure(local, "figure_local", f"local-against-hidden-{metric}")
