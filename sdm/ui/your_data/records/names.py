"""Spellings of one species: a switch that takes them for one, and what becomes what."""

from __future__ import annotations

import streamlit as st

from sdm.number_format import counted, whole
from sdm.occurrences.preview import Preview
from sdm.ui.components.merged_names import merged_names_table
from sdm.ui.state import Key

HELP = (
    "Names that differ in case, spacing, accents or authorship alone. Subspecies, varieties, hybrids, names with "
    "cf., aff., sp. or agg., and names whose authors differ stay apart. Your file stays as it is."
)


def show(seen: Preview) -> None:
    """The switch, off until it is moved, and the table; nothing where every species has one spelling."""
    if not seen.spellings:
        return
    species = counted(len({one.becomes for one in seen.spellings}), "species")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.checkbox(
            f"Merge spellings of one species · {whole(len(seen.spellings))}", key=Key.MERGE_NAMES, help=HELP
        )
        with st.popover(f"What becomes what, {species}", icon=":material/merge:", type="tertiary"):
            merged_names_table(seen.spellings, "spellings")
