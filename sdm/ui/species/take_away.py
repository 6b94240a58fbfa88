"""Everything about a species as one zip: made in the background when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.exports.bundle import zipped
from sdm.exports.subject import subject_of
from sdm.jobs import Jobs, Report
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import job
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.state import Key

WORDS = (
    "One zip with the table of predictions, the map as a cloud-optimised GeoTIFF where the data have rasters of "
    "the predictors, figures, a protocol in the headings of ODMAP (Zurell et al. 2020) filled in from what is "
    "known, the records and the run, and a script that makes the map again."
)
MOST_ANSWERS = 4  # that are remembered; one has some megabytes


@memo(1)
def jobs() -> Jobs:
    """Of this process."""
    return Jobs(MOST_ANSWERS)


def show(query: SpeciesQuery, run: Run) -> None:
    """A button that makes the zip, how far that is, and the button that saves it."""
    if run.card.kind is not TargetKind.MULTILABEL or run.card.view or not run.card.ranks:
        return
    st.markdown("#### Take away")
    st.caption(WORDS)
    class_id = int(query.data.targets.class_ids[query.column])
    name = f"{query.data.identity} {run.card.digest} {class_id}"
    latest = jobs().get(name)
    asked = st.session_state.get(Key.EXPORT) == name
    if latest is None or (latest.state != "running" and not asked):
        st.button("Make the zip", on_click=_start, args=(name, query, run), key="make_export",
                  icon=":material/archive:")  # fmt: skip
        return
    if latest.state == "done":
        st.download_button(
            "Save the zip", latest.result, file_name=f"species-{class_id}-{run.name}.zip", mime="application/zip",
            key="save_export", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        return
    again = partial(_start, name, query, run)
    job.unfinished(latest, "export", "The zip could not be made", "Make the zip", again)


def _start(name: str, query: SpeciesQuery, run: Run) -> None:
    st.session_state[Key.EXPORT] = name
    jobs().start(name, partial(_work, query, run)).wait(TICK_SECONDS)


def _work(query: SpeciesQuery, run: Run, report: Report) -> bytes:
    class_id = str(int(query.data.targets.class_ids[query.column]))
    return zipped(subject_of(query.data, run, class_id), report)
