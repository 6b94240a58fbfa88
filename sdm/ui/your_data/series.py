"""Monthly series in CSV become a data set: labelled pixels are its rows, files without classes its scenes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from sdm.data.uploads import MEGABYTE
from sdm.errors import SdmError
from sdm.jobs import Report
from sdm.number_format import counted, whole
from sdm.rasters.uploads import Sent
from sdm.series.build import import_series
from sdm.series.import_report import SeriesImport
from sdm.series.options import ImportOptions
from sdm.series.preview import SeriesPreview, preview_series
from sdm.series.report import problem_lines
from sdm.series.scene import series_modality
from sdm.series.uploads import MOST_BYTES, MOST_FILES, store_exports
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup, runs
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem
from sdm.ui.components.shown_paths import relative_paths
from sdm.ui.state import Key
from sdm.ui.your_data import import_job
from sdm.ui.your_data.uploaded_files import stored_once

NO_CLASSES = "none: to look at them only"
MOST_ROWS = 12  # files in the preview
LEAD = (
    "Exports of Google Earth Engine: a row per pixel and month, with bands and indices, position and date "
    "(docs/earth-engine.md has a script). Files with a column “Class” become labelled pixels, files without one "
    "the scene of a site, on which class maps are painted."
)


@memo(4, "Reading the files …")
def _preview(folder: str, _files: tuple[Path, ...]) -> SeriesPreview:  # noqa: ARG001  the folder names the files
    """What an import would read."""
    return preview_series(_files)


def show() -> None:
    """Files and choices on the left, what was read and what came of it on the right."""
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        files = _sent_files()
        seen = None if files is None else _seen(files)
        options = None if seen is None else _choices(seen)
    with right:
        import_job.show()
        if files is None or seen is None or options is None:
            st.caption(LEAD)
            return
        _show_preview(seen)
        st.button(
            "Make the data set", on_click=partial(_start, files, options), type="primary", key="import_begin",
            icon=":material/play_arrow:", disabled=import_job.running(),
        )  # fmt: skip


def _sent_files() -> tuple[Path, ...] | None:
    """The box for files; where they were stored."""
    sent = st.file_uploader(
        "Series (CSV, also in gzip)", type=["csv", "gz", "zip"], accept_multiple_files=True, key=Key.SERIES_FILES,
        max_upload_size=MOST_BYTES // MEGABYTE,
        help=f"At most {MOST_FILES} files, {MOST_BYTES // MEGABYTE} MB together; more by python -m sdm series.",
    )  # fmt: skip
    return stored_once(
        Key.SERIES_UPLOAD, sent or [],
        lambda folder: store_exports(folder, [Sent(file.name, file.getvalue()) for file in sent or []]),
    )  # fmt: skip


def _seen(files: tuple[Path, ...]) -> SeriesPreview | None:
    try:
        return _preview(str(files[0].parent), files)
    except SdmError as error:
        problem("The files cannot be read", error)
        return None


def _choices(seen: SeriesPreview) -> ImportOptions:
    title = st.text_input("Name of the data set", "my series", max_chars=40, key=Key.DATA_NAME)
    classes = None
    if (not seen.classes and seen.complete) or not any(file.labelled for file in seen.report.files):
        known = _known_classes(seen)
        chosen = st.selectbox(
            "Classes to predict", [*known, NO_CLASSES], key=Key.CLASSES_OF,
            help="No file has classes. Those of a model that reads these very bands can be predicted.",
        )  # fmt: skip
        classes = known.get(chosen)
    return ImportOptions(title=title, classes=classes)


def _known_classes(seen: SeriesPreview) -> dict[str, tuple[str, ...]]:
    """Words -> classes of the runs that read series of these bands."""
    modality = series_modality(seen.report.bands)
    every = runs.finished_runs().values()
    able = [run.card for run in every if set(run.card.inputs) == {modality} and not run.card.view]
    lists = dict.fromkeys(tuple(card.class_names) for card in able if card.class_names)
    return {", ".join(names): names for names in lists}


def _show_preview(seen: SeriesPreview) -> None:
    """Bands, dates and place, then a row per file and per kind of trouble."""
    west, south, east, north = seen.corners
    so_far = "" if seen.complete else " in the first lines"
    st.html(markup.facts([
        (counted(len(seen.report.bands), "band"), ", ".join(seen.report.bands)),
        ("Dates", f"{seen.dates[0]} to {seen.dates[1]}"),
        ("Place", f"{south:.3f} to {north:.3f}° N, {west:.3f} to {east:.3f}° E"),
        (f"Pixels{so_far}", whole(seen.report.pixels)),
        *([(f"Classes{so_far}", ", ".join(f"{name} {whole(n)}" for name, n in seen.classes.items()))]
          if seen.classes else []),
    ]))  # fmt: skip
    rows = [
        [file.name, "labelled pixels" if file.labelled else f"scene {file.site}", whole(file.rows)]
        for file in seen.report.files[:MOST_ROWS]
    ]
    st.html(number_table("Files", (), ("File", "Is", f"Rows{so_far}"), rows, words=True))
    more = len(seen.report.files) - MOST_ROWS
    lines = [f"And {counted(more, 'more file')}."] if more > 0 else []
    lines += [f"Not read: {name}: {reason}" for name, reason in seen.report.failed.items()]
    lines += problem_lines(seen.report.problems)
    st.html("".join(markup.fine(relative_paths(line)) for line in lines))


def _start(files: Sequence[Path], options: ImportOptions) -> None:
    def work(out: Path, report: Report) -> SeriesImport:
        return import_series(files, out, options, report)

    import_job.begin(options.title, work)
