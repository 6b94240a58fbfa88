"""Rasters and polygons become a data set: choices, preview, the job, its report."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.jobs import Report
from sdm.number_format import counted
from sdm.rasters.build import import_polygons
from sdm.rasters.ecosystem_types import HIERARCHY
from sdm.rasters.report import ImportReport
from sdm.rasters.sources import SIDES, ImportOptions, LayerFiles, SiteFiles
from sdm.rasters.uploads import Preview, Upload, code_columns, preview
from sdm.ui.cache.memo import memo
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key
from sdm.ui.your_data import import_job
from sdm.ui.your_data.uploaded_files import sent_files, show_preview

MOST_SITES = 4
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
        _earlier()
        upload = sent_files(_ending())
        sites = None if upload is None else _choices(upload)
    with right:
        import_job.show()
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
        if site.name in (one.name for one in _sites()):
            st.error(f"There is a site called {literal(site.name)} already: give this one another name.")
            return
        with st.container(horizontal=True):
            st.button("Make the data set", on_click=partial(_start, site, options), type="primary",
                      key="import_begin", icon=":material/play_arrow:", disabled=import_job.running())  # fmt: skip
            if len(_sites()) < MOST_SITES - 1:
                st.button(
                    "Add another site", on_click=_add, args=(site,), key="add_site", icon=":material/add:",
                    help="Its files come next. Sites need the same bands; then one of them can be the test.",
                )  # fmt: skip


def _sites() -> list[SiteFiles]:
    """Those given before the one whose files are in the boxes."""
    return list(st.session_state.get(Key.SITES, ()))


def _ending() -> str:
    """Of the keys of the boxes that each site has for itself."""
    return f"_{len(_sites())}" if _sites() else ""


def _earlier() -> None:
    """The sites given before, each with a way to take it back."""
    for place, site in enumerate(_sites()):
        with st.container(horizontal=True, vertical_alignment="center"):
            files = counted(len(site.layers[0].files), "raster"), counted(len(site.polygons), "mapper")
            st.caption(f"**{literal(site.name)}**: {', '.join(files)}.", width="content")
            st.button("Remove", on_click=_remove, args=(place,), key=f"remove_site_{place}", type="tertiary")


def _add(site: SiteFiles) -> None:
    """Put the site aside with its files, and empty the boxes."""
    st.session_state[Key.SITES] = [*_sites(), site]
    st.session_state.pop(Key.UPLOAD, None)


def _remove(place: int) -> None:
    st.session_state[Key.SITES] = [site for i, site in enumerate(_sites()) if i != place]
    st.session_state.pop(Key.UPLOAD, None)


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
    code = st.selectbox("Column with the code", columns, key=f"{Key.CODE_COLUMN}{_ending()}")
    usual = f"my site {len(_sites()) + 1}" if _sites() else "my site"
    name = st.text_input("Site", usual, max_chars=40, key=f"{Key.SITE_NAME}{_ending()}")
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


def _start(site: SiteFiles, options: ImportOptions) -> None:
    sites = (*_sites(), site)

    def work(out: Path, report: Report) -> ImportReport:
        return import_polygons(sites, out, options, report)

    import_job.begin(options.title, work)
