"""Species records become a data set: files and choices on the left, what was read and what is in doubt beside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from sdm.files import atomic
from sdm.jobs import Report
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import Preview
from sdm.occurrences.report import OccurrenceImport
from sdm.ui.state import Key
from sdm.ui.your_data import import_job
from sdm.ui.your_data.records import doubts, environment, gbif, names, reading
from sdm.ui.your_data.records.upload_boxes import sent_files, sent_name

SOURCES = {"file": "A file", "gbif": "GBIF"}
NAME = f"{Key.DATA_NAME}_records"
CITATIONS = "citations.csv"  # in a data set of records from GBIF
LEADS = {
    "file": "A table of sightings: a row per record with species, longitude and latitude, such as a download of "
    "GBIF. Everything else has a default: send the file, press the button.",
    "gbif": "The Global Biodiversity Information Facility has records of most species. They are counted first; "
    "what is downloaded is read like a file of your own, and the data sets to cite are told.",
}


def show() -> None:
    """Files and choices on the left, the rest on the right."""
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        source = st.segmented_control(
            "Records from", list(SOURCES), default="file", required=True, key=Key.RECORDS_FROM,
            format_func=SOURCES.__getitem__, label_visibility="collapsed",
        )  # fmt: skip
        files = gbif.files() if source == "gbif" else sent_files()
        fetched = gbif.fetched() if source == "gbif" else None
        usual = sent_name() if fetched is None else "gbif"
        seen = None if files is None else _choices(files, usual, None if fetched is None else fetched.cited)
    with right:
        import_job.show()
        if files is None or seen is None:
            st.caption(LEADS[source])
            return
        if fetched is not None:
            gbif.cite(fetched)
        reading.show(seen)
        names.show(seen)
        doubts.show(seen)


def _choices(files: OccurrenceFiles, usual: str, cited: Path | None) -> Preview | None:
    """The boxes and the button; what was read. `usual`: name of the data set; `cited`: a table of what to cite,
    which goes with it."""
    found = reading.read(files.records)
    if found is None:
        return None
    seen, read = found
    used, options = environment.choices(files, seen)
    if NAME not in st.session_state or st.session_state.get(Key.NAMED_AFTER) != usual:
        st.session_state[NAME] = st.session_state[Key.NAMED_AFTER] = usual
    st.text_input("Name of the data set", max_chars=40, key=NAME)
    options = replace(options, roles=read.roles, swap_xy=read.swap_xy, merge_names=read.merge_names)
    st.button(
        "Make the data set", on_click=_start, args=(used, options, cited), type="primary", key="import_begin",
        icon=":material/play_arrow:", disabled=import_job.running() or not seen.usable, width="stretch",
    )  # fmt: skip
    return seen


def _start(files: OccurrenceFiles, options: ImportOptions, cited: Path | None) -> None:
    """Begin with what the boxes hold now: a click on the button ends what was being typed."""
    title = st.session_state.get(NAME) or ""
    filtered = replace(options, title=title, crs=reading.typed_system(), filters=doubts.chosen())

    def work(out: Path, report: Report) -> OccurrenceImport:
        made = import_occurrences(files, out, filtered, report)
        if cited is not None:
            with atomic(out / CITATIONS) as file:
                file.write(cited.read_bytes())
        return made

    import_job.begin(title, work)
