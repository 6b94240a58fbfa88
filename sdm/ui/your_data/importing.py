"""Rasters and polygons become a data set: choices, preview, the job, its report."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path

import streamlit as st

from sdm.data.catalogue import known_datasets
from sdm.errors import SdmError
from sdm.jobs import Job, Report
from sdm.rasters.build import import_polygons
from sdm.rasters.ecosystem_types import HIERARCHY
from sdm.rasters.report import ImportReport
from sdm.rasters.sources import SIDES, ImportOptions, LayerFiles, SiteFiles
from sdm.rasters.uploads import Preview, Upload, code_columns, plain_name, preview
from sdm.ui.cache.memo import memo
from sdm.ui.components import import_report, job
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key
from sdm.ui.your_data.files import sent_files, show_preview, visit_folder

SAMPLES = {0: "single pixels", **{side: f"images of {side} × {side} pixels" for side in SIDES}}
TARGETS = {"classes": "classes (the code)", "lime": "lime richness of the ecosystem type"}
LEVELS = dict(zip(HIERARCHY, ("main-type group", "main type", "ground type"), strict=True))


@memo(4, "Reading the files …")
def _preview(folder: str, code: str, _upload: Upload) -> Preview:  # noqa: ARG001  the folder names the upload
    """What an import would read."""
    return preview(_upload, code)


def show() -> None:
    """Files and choices on the left, what was read and what came of it on the right."""
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        upload = sent_files()
        sites = None if upload is None else _choices(upload)
    with right:
        _job()
        if upload is None or sites is None:
            st.caption(
                "A pixel, or an image, becomes a sample where it lies wholly inside one polygon, whose code is "
                "its class. Codes of Nature in Norway (T4-C-5) are read with their hierarchy, others as they "
                "are."
            )
            return
        site, options = sites
        try:
            show_preview(_preview(str(upload.folder), site.code, upload))
        except SdmError as error:
            problem("The files cannot be read together", error)
            return
        st.button("Make the data set", on_click=partial(_start, site, options), type="primary", key="import_begin",
                  icon=":material/play_arrow:", disabled=_running())  # fmt: skip


def _choices(upload: Upload) -> tuple[SiteFiles, ImportOptions] | None:
    """The boxes; None where the polygons have no column."""
    try:
        columns = code_columns(next(iter(upload.polygons.values())))
    except SdmError as error:
        problem("The polygons cannot be read", error)
        return None
    if not columns:
        st.error("The polygons have no column that could hold a code.", icon=":material/error:")
        return None
    code = st.selectbox("Column with the code", columns, key=Key.CODE_COLUMN)
    name = st.text_input("Site", "my site", max_chars=40, key=Key.SITE_NAME)
    sample = st.selectbox("Samples", list(SAMPLES), key=Key.SAMPLE, format_func=SAMPLES.__getitem__)
    target = st.selectbox("Target", list(TARGETS), key=Key.TARGET, format_func=TARGETS.__getitem__)
    level = HIERARCHY[-1]
    if target == "classes":
        level = st.selectbox(
            "Level", HIERARCHY, len(HIERARCHY) - 1, key=Key.CLASSES_AT, format_func=LEVELS.__getitem__
        )
    title = st.text_input("Name of the data set", "my data", max_chars=40, key=Key.DATA_NAME)
    layer = LayerFiles(upload.rasters)
    site = SiteFiles(" ".join(name.split()) or "site", (layer,), upload.polygons, code)
    return site, ImportOptions(
        title=title, image=sample or None, target="lime" if target == "lime" else "classes", level=level
    )


def _running() -> bool:
    latest: Job[ImportReport] | None = st.session_state.get(Key.IMPORT)
    return latest is not None and latest.state == "running"


def _start(site: SiteFiles, options: ImportOptions) -> None:
    out = _free(visit_folder(), plain_name(options.title, "my-data"))

    def work(report: Report) -> ImportReport:
        return import_polygons((site,), out, options, report)

    started = st.session_state[Key.IMPORT] = Job(work, out.name)
    started.wait(job.TICK_SECONDS)


def _free(folder: Path, name: str) -> Path:
    """A new folder of that name, numbered where there is one: pages hold an opened data set by its name."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(folder / each for each in numbered if not (folder / each).exists())


def _job() -> None:
    """The import begun last: how far it is, why it failed, or its report."""
    latest: Job[ImportReport] | None = st.session_state.get(Key.IMPORT)
    if latest is None:
        return
    if latest.state != "done":
        job.unfinished(latest, "import", "The data set could not be made", "Close", _close)
        return
    out = visit_folder() / latest.name
    key = next((key for key, path in known_datasets().items() if path == out), None)
    if key is None:  # it was deleted since
        return
    st.success(f"“{key}” is in the list of data sets.", icon=":material/check_circle:")
    import_report.show(latest.result)
    st.page_link("pages/about.py", label="About this data", icon=":material/info:", query_params={"data": key})


def _close() -> None:
    st.session_state.pop(Key.IMPORT, None)
