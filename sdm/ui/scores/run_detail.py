"""One model: all its scores, where it errs, its submission, and what Kaggle says of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from sdm.data import kaggle
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import of_records
from sdm.data.site_words import Words, words_of
from sdm.data.splits import short_split
from sdm.errors import SdmError
from sdm.evaluation.leaderboard.board import splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import metric_title
from sdm.evaluation.run_inputs import seen
from sdm.evaluation.submissions.write import hidden_splits, write_run_submission
from sdm.modalities.raster_bands import family_of
from sdm.number_format import compact, duration, fixed, number
from sdm.runs import Run
from sdm.runs.kaggle_scores import KaggleScore, record_score
from sdm.ui.components import linked, markup, measure_notes
from sdm.ui.components.number_table import number_table, shortened, written
from sdm.ui.components.page_frame import problem
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.scores import by_distance, by_source, members, model_choice, run_description
from sdm.ui.state import Key

ERRORS_PAGE = "pages/confusion.py"


def show(data: Dataset, standings: Sequence[RunScores]) -> None:
    """The model picked, and what can be done with it."""
    of = {one.run.name: one for one in standings}
    st.subheader("One model", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="one_boxes"):
        one = of[linked.selectbox("Model", of.keys(), Key.RUN, width=260)]
        st.page_link(
            ERRORS_PAGE, label="Its confusion", icon=":material/compare_arrows:",
            query_params=linked.query(run=one.run.name),
        )  # fmt: skip
        _submission(data, one.run)
    st.html(markup.facts(_facts(one.run)))
    if one.run.card.members:
        members.show(one, standings)
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        st.html(_all_scores(one, words_of(data)))
        st.caption(words_of(data)(f"{_scores_caption(one)} {measure_notes.note(data, one.run)}"))
        model_choice.show(one.run)
        by_source.show(data, one.run)
    with right:
        _kaggle(data, one)
        by_distance.show(data, one.run)


def _facts(run: Run) -> list[tuple[str, str]]:
    card = run.card
    facts = [("Model", shortened(card.title))]
    if card.kind is not TargetKind.REGRESSION:
        facts += [("Calibration", run_description.calibration(card)), ("Decoder", run_description.decoder(card))]
    if card.imported is not None:
        held = {"sets": "sets: each species has probability 1"}.get(card.imported.holds, card.imported.holds)
        return [*facts, ("Comes from", shortened(card.imported.file)), ("Holds", held)]
    return [
        *facts,
        ("Sees", markup.sentence(", ".join(seen(run)))),
        ("Parameters", compact(card.parameters) if card.parameters is not None else "weights are not kept"),
        ("One prediction", f"{number(card.milliseconds, 2)} ms"),
        ("Training", f"{duration(card.seconds)} on {card.device}"),
    ]


def _all_scores(one: RunScores, words: Words) -> str:
    splits = splits_of([one])
    names = list(dict.fromkeys(name for split in splits for name in one.scores[split]))
    rows = [
        [words(metric_title(name)), *(written(one.scores[split].get(name)) for split in splits)] for name in names
    ]
    return number_table(f"Scores of {one.run.name}", (), ["Measure", *map(short_split, splits)], rows)


def _scores_caption(one: RunScores) -> str:
    measured = any(score.low is not None for scores in one.scores.values() for score in scores.values())
    interval = ", with its 95 % interval where it has one" if measured else ""
    return f"Every score there is{interval}. What is undefined is left out of a mean, and counted."


def _submission(data: Dataset, run: Run) -> None:
    """The run's species for every test survey, as a file."""
    if run.card.kind is TargetKind.REGRESSION or not hidden_splits(run):
        return
    st.download_button(
        "Submission", lambda: _bytes(data, run), file_name=f"{run.name}.csv", mime="text/csv",
        key="save_submission", on_click="ignore", icon=":material/download:", type="tertiary",
    )  # fmt: skip


def _bytes(data: Dataset, run: Run) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submission.csv"
        write_run_submission(run, data, path)
        return path.read_bytes()


def _kaggle(data: Dataset, one: RunScores) -> None:
    """The score on Kaggle, a form to record one, and a way to send the submission; of data of one's own none."""
    if any(map(family_of, data.modalities)) or of_records(data):
        return
    st.markdown("#### On Kaggle")
    if data.simulated:
        st.html(
            "<p class='lead'>This model has learnt from simulated surveys, which no competition scores. Open a "
            "GeoLifeCLEF tree to record a leaderboard score or to send a submission.</p>"
        )
        return
    if one.kaggle is not None:
        said = [(side, "–" if value is None else fixed(value, 5))
                for side, value in (("Public", one.kaggle.public), ("Private", one.kaggle.private))]  # fmt: skip
        st.html(markup.facts([*said, ("Competition", one.kaggle.competition), ("Recorded", one.kaggle.recorded)]))
    with st.form("kaggle_score", border=False):
        competition = st.text_input("Competition", one.kaggle.competition if one.kaggle else kaggle.COMPETITION)
        with st.container(horizontal=True):
            public = _side("Public score", one.kaggle.public if one.kaggle else None)
            private = _side("Private score", one.kaggle.private if one.kaggle else None)
        if st.form_submit_button("Record what Kaggle said"):
            _record(one.run, competition, public, private)
    _send(data, one.run)


def _side(label: str, value: float | None) -> float | None:
    return st.number_input(label, 0.0, 1.0, value, 0.00001, format="%.5f", placeholder="unknown")


def _record(run: Run, competition: str, public: float | None, private: float | None) -> None:
    try:
        today = datetime.now(UTC).date().isoformat()
        record_score(run, KaggleScore(competition.strip()[:100], public, private, today))
    except SdmError as error:
        problem("This score was not recorded", error)
        return
    st.rerun()


def _send(data: Dataset, run: Run) -> None:
    """Kaggle's own client sends it, where it is installed and has a token."""
    if run.card.kind is TargetKind.REGRESSION or not hidden_splits(run):
        return
    try:
        kaggle.find_client()
    except SdmError as error:
        lacking, then = map(markup.text, (relative_paths(error.remedy or error.what), kaggle.GET_TOKEN))
        st.html(f"<p class='lead'>To send submissions from here: {lacking}. Then {then}</p>")
        return
    with st.form("kaggle_send", border=False):
        note = st.text_input("Note beside the submission", run.name)
        if st.form_submit_button("Send the submission to Kaggle", help="Counts as one of the day's submissions."):
            _submit(data, run, note)


def _submit(data: Dataset, run: Run, note: str) -> None:
    try:
        with st.spinner("Sending …"), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{run.name}.csv"
            write_run_submission(run, data, path)
            answer = kaggle.submit(path, note)
    except SdmError as error:
        problem("Kaggle did not take it", error)
    else:
        st.success("Sent. Kaggle's client answered:")
        st.html(f"<p class='lead'>{markup.text(answer)}</p>")
