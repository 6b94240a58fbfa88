"""Where the environment of the records comes from, and what they are compared with."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sdm.data.catalogue import known_datasets
from sdm.data.record_types import RECORDS
from sdm.errors import SdmError
from sdm.modalities import ENVIRONMENT
from sdm.occurrences.options import BACKGROUND_SITES, NEAREST_KM, BackgroundKind, ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import Preview
from sdm.ui import visitor
from sdm.ui.cache import datasets
from sdm.ui.state import Key

RASTERS, COLUMNS, OPEN, NOTHING = "rasters", "columns", "open", "nothing"
BACKGROUNDS: dict[BackgroundKind, str] = {
    "": "as the environment allows",
    "random": "random: anywhere in the area",
    "target-group": "target group: where any of the species was recorded",
    "effort": "effort: denser where more was recorded",
}
FEWEST, MOST = 100, 50_000


def choices(files: OccurrenceFiles, seen: Preview) -> tuple[OccurrenceFiles, ImportOptions]:
    """The files that are used, and what was chosen of environment and background."""
    options = ImportOptions()
    sources = _sources(files, seen)
    chosen = st.selectbox(
        "Environment from", list(sources), key=Key.ENVIRONMENT_FROM, format_func=sources.__getitem__
    )
    if chosen == NOTHING:
        st.warning(
            "The table has no column of numbers besides, no raster was sent, and the data set that is open has no "
            "environment: without one no model can learn.", icon=":material/landscape:",
        )  # fmt: skip
    if chosen == OPEN:
        options = replace(options, environment_of=known_datasets(visitor.current())[_surveyed() or ""])
    if chosen != RASTERS:
        files = replace(files, rasters=())
    return files, options if files.background else _background(options)


def _background(options: ImportOptions) -> ImportOptions:
    left, right = st.columns([2, 1], gap="small")
    kind = left.selectbox(
        "Background", list(BACKGROUNDS), key=Key.BACKGROUND_KIND, format_func=BACKGROUNDS.__getitem__,
        help="What records are compared with. A target group was visited as unevenly as the records were.",
    )  # fmt: skip
    number = right.number_input(
        "Sites", FEWEST, MOST, BACKGROUND_SITES, step=1000, key=Key.BACKGROUND_SITES, help="At most so many."
    )
    return replace(options, background=kind, background_sites=int(number))


def _sources(files: OccurrenceFiles, seen: Preview) -> dict[str, str]:
    """What can give the environment, the best first, in words."""
    sources = {}
    if files.rasters:
        sources[RASTERS] = "the rasters"
    if seen.predictors:
        few = ", ".join(seen.predictors[:4])
        sources[COLUMNS] = f"columns of the table: {few}{' …' if len(seen.predictors) > 4 else ''}"
    if (key := _surveyed()) is not None:
        sources[OPEN] = f"{key}, at its nearest survey (within {NEAREST_KM:g} km)"
    return sources or {NOTHING: "nothing"}


def _surveyed() -> str | None:
    """The open data set, if its surveys know their environment; else the last one open whose do."""
    key = st.session_state.get(Key.DATA)
    try:
        data = None if key is None else datasets.dataset(key)
    except SdmError:
        data = None
    if data is not None and ENVIRONMENT.name in data.modalities and not (data.sites["source"] == RECORDS).any():
        st.session_state[Key.ENVIRONMENT_DATA] = key
    last: str | None = st.session_state.get(Key.ENVIRONMENT_DATA)
    return last if last in known_datasets(visitor.current()) else None
