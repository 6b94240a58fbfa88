"""Species records become a data set: files and choices on the left, what was read and what is in doubt beside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from sdm.jobs import Report
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import Preview
from sdm.occurrences.report import OccurrenceImport
from sdm.ui.state import Key
from sdm.ui.your_data import import_job
from sdm.ui.your_data.records import doubts, environment, reading
from sdm.ui.your_data.records.sent import sent_files

LEAD = (
    "A table of sightings: a row per record with species, longitude and latitude, such as a download of GBIF. "
    "Everything else has a default: send the file, press the button."
)


def show() -> None:
    """Files and choices on the left, the rest on the right."""
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        files = sent_files()
        seen = None if files is None else _choices(files)
    with right:
        import_job.show()
        if files is None or seen is None:
            st.caption(LEAD)
            return
        reading.show(seen)
        doubts.show(seen)


def _choices(files: OccurrenceFiles) -> Preview | None:
    """The boxes and the button; what was read."""
    found = reading.read(files.records)
    if found is None:
        return None
    seen, read = found
    used, options = environment.choices(files, seen)
    title = st.text_input("Name of the data set", "my records", max_chars=40, key=Key.DATA_NAME)
    options = replace(options, title=title, crs=read.crs, roles=read.roles, swap_xy=read.swap_xy)
    st.button(
        "Make the data set", on_click=_start, args=(used, options), type="primary", key="import_begin",
        icon=":material/play_arrow:", disabled=import_job.running() or not seen.usable, width="stretch",
    )  # fmt: skip
    return seen


def _start(files: OccurrenceFiles, options: ImportOptions) -> None:
    filtered = replace(options, filters=doubts.chosen())

    def work(out: Path, report: Report) -> OccurrenceImport:
        return import_occurrences(files, out, filtered, report)

    import_job.begin(options.title, work)
