"""A submission or a table of probabilities dropped in: checked, scored, kept as a run."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import words_of
from sdm.data.splits import short_split
from sdm.data.survey_blocks import block_title
from sdm.errors import SdmError
from sdm.evaluation.imported_runs import import_run, submission_scores
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.evaluation.submissions.check import CheckedSubmission, check_submission
from sdm.files import temporary_file
from sdm.number_format import counted, fixed, whole
from sdm.runs.folder import named_folder
from sdm.runs.records import Scores
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup, runs
from sdm.ui.components.figure import download
from sdm.ui.components.number_table import number_table, written
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

SHOWN = 200
MINUTES_10 = 600  # how long what was read of a file is held for its visitor
ICON = ":material/bookmark_added:"
FORMS = {
    TargetKind.MULTILABEL: (
        "surveyId,predictions\n4711,3 42 700",
        "surveyId,speciesId,probability\n4711,3,0.87",
        "surveyId,3,42,700\n4711,0.87,0.62,0.30",
    ),
    TargetKind.MULTICLASS: ("surveyId,predictions\n4711,3", "surveyId,1,2,3\n4711,0.1,0.2,0.7"),
    TargetKind.REGRESSION: ("surveyId,value\n4711,4.5",),
}
HELD = {"sets": "sets of species", "probabilities": "probabilities", "values": "values"}


@memo(8, "Checking …", seconds=MINUTES_10)
def _checked(data: Dataset, content: bytes) -> CheckedSubmission:
    with temporary_file(content) as path:
        return check_submission(path, data)


@memo(8, "Scoring …", seconds=MINUTES_10)
def _scores(data: Dataset, content: bytes) -> dict[str, Scores]:
    return submission_scores(_checked(data, content), data)


def show(data: Dataset) -> None:
    """Drop a file, see what is wrong with it or what it scores, keep it."""
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        dropped = st.file_uploader(
            "A submission, or a table of probabilities", type=["csv", "txt", "tsv"], key=Key.SUBMISSION
        )
    with right:
        st.markdown("##### What it may look like")
        st.code("\n\n".join(FORMS[data.targets.kind]), language="csv")
        st.caption(words_of(data)("Every survey of the validation split, or of all test splits, each once."))
    with left:
        _storing_result()
        if dropped is not None:
            _check_and_score(data, dropped.name, dropped.getvalue())


def _check_and_score(data: Dataset, name: str, content: bytes) -> None:
    checked = _checked(data, content)
    if not checked.valid or checked.submission is None:
        _refused(checked)
        return
    splits = ", ".join(map(short_split, in_order(checked.splits)))
    if unchecked := checked.unchecked_sentence():
        st.warning(f"{checked.checked_sentence()} {unchecked}", icon=":material/rule:")
    else:
        said = (
            "a competition would take it" if checked.submission.holds == "sets" else "every survey is there, once"
        )
        st.success(f"Valid: {said}.", icon=":material/check_circle:")
    facts = [("Surveys", whole(len(checked.rows))), ("Of", splits), ("Holds", HELD[checked.submission.holds])]
    if checked.submission.holds == "sets":
        facts.append(("Species a survey", fixed(checked.submission.values.nnz / max(len(checked.rows), 1), 1)))
    st.html(markup.facts(facts))
    scores = _scores(data, content)
    if scores:
        _scored(data, scores)
    else:
        st.html(_quiet("The truth of these surveys is not part of the data, so the file has no score here."))
    _offer_storing(data, name, content, checked)


def _refused(checked: CheckedSubmission) -> None:
    count = checked.problems.total
    st.error(f"This file would be refused: {counted(count, 'problem')}.", icon=":material/error:")
    lines = pd.DataFrame(
        [("whole file" if each.line is None else whole(each.line), each.what) for each in checked.problems],
        columns=["line", "what is wrong"],
    )
    shown = lines.head(SHOWN).to_numpy().tolist()
    st.html(number_table("Problems by line", (), ["Line", "What is wrong"], shown, words=True))
    if count > SHOWN:
        st.caption(f"The first {SHOWN} of {whole(count)}; the file has {whole(len(lines))}.")
    download("Problems", lambda: lines, "problems", "save_problems")


def _scored(data: Dataset, scores: dict[str, Scores]) -> None:
    headline, splits = HEADLINE[data.targets.kind], in_order(scores)
    names = dict.fromkeys(name for of_split in scores.values() for name in of_split if name in METRICS)
    rows = [
        [METRICS[name].title, *(written(scores[split].get(name)) for split in splits)]
        for name in sorted(names, key=lambda name: name != headline)
    ]
    st.html(number_table("Scores of this file", (), ["Measure", *map(short_split, splits)], rows))
    st.caption(f"Small: the 95 % bootstrap interval, for which whole {block_title(data)} are drawn.")


def _offer_storing(data: Dataset, name: str, content: bytes, checked: CheckedSubmission) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the run", _suggested(name), key=Key.SUBMISSION_NAME, width=260)
        st.button(
            "Keep it as a run", type="primary", on_click=_import, args=(data, name, content, checked),
            help="A run without weights: every page shows it like any other, on the surveys of its file.",
        )  # fmt: skip


def _suggested(name: str) -> str:
    """A plain name like the file's."""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name).stem).strip("-._")[:60]
    return words or "imported"


def _import(data: Dataset, name: str, content: bytes, checked: CheckedSubmission) -> None:
    try:
        folder = named_folder(runs.home_of(data), st.session_state[Key.SUBMISSION_NAME].strip())
        with temporary_file(content) as path:
            run = import_run(path, folder, data, checked, name)
    except SdmError as error:
        st.session_state[Key.SUBMISSION_STORED] = error
        return
    st.session_state[Key.SUBMISSION_STORED] = run.name


def _storing_result() -> None:
    """How the last keeping went, shown once."""
    stored = st.session_state.pop(Key.SUBMISSION_STORED, None)
    if isinstance(stored, SdmError):
        problem("It was not kept", stored)
    elif stored is not None:
        st.success(f"Kept as the run “{stored}”: it stands among our models now.", icon=ICON)


def _quiet(words: str) -> str:
    return f"<p class='lead'>{markup.text(words)}</p>"
