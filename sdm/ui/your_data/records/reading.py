"""How a table of records is read: columns by role, reference system, coordinates that are swapped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from sdm.errors import SdmError
from sdm.number_format import counted, whole
from sdm.occurrences.columns import ROLES
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.preview import NEEDED, Preview, preview
from sdm.occurrences.reading.positions import reference_system
from sdm.occurrences.report import KINDS
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup
from sdm.ui.components.data_table import count_column, data_table
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

NONE = ""
OFFERED = ("species", "x", "y", "year", "uncertainty", "group")
MOST_SPECIES, MOST_COLUMNS = 200, 12


@memo(4, "Reading the records …")
def _preview(path: Path, options: ImportOptions) -> Preview:
    """What an import would read."""
    return preview(path, options)


def read(path: Path) -> tuple[Preview, ImportOptions] | None:
    """The records as the boxes say they are to be read; None where they cannot be, which is said."""
    options = ImportOptions(
        crs=_system(), roles=st.session_state.get(Key.CHANGED_ROLES, {}),
        swap_xy=bool(st.session_state.get(Key.SWAP_XY)),
        merge_names=bool(st.session_state.get(Key.MERGE_NAMES)),
    )  # fmt: skip
    try:
        seen = _preview(path, options)
        of_this = {role: name for role, name in options.roles.items() if name in (NONE, *seen.header)}
        if of_this != options.roles:  # chosen for another file
            st.session_state[Key.CHANGED_ROLES] = of_this
            options = replace(options, roles=of_this)
            seen = _preview(path, options)
    except SdmError as error:
        problem("The records cannot be read", error)
        return None
    _suggestions(seen)
    _roles(seen)
    return None if seen.missing else (seen, options)


def typed_system() -> str:
    """The reference system in the box, "" without one."""
    return str(st.session_state.get(Key.POSITIONS_CRS, st.session_state.get(Key.TYPED_CRS, ""))).strip()


def _system() -> str:
    """The box for the reference system, which is always there; what it holds, "" where it names none, which is
    said."""
    st.session_state[Key.TYPED_CRS] = st.session_state[Key.POSITIONS_CRS] = typed_system()
    st.text_input(
        "Reference system, such as EPSG:2056", key=Key.POSITIONS_CRS, max_chars=60,
        placeholder="as the file tells, else degrees",
    )  # fmt: skip
    try:
        return typed_system() if not typed_system() or reference_system(typed_system()) else ""
    except SdmError as error:
        problem("That is no reference system", error)
        return ""


def _suggestions(seen: Preview) -> None:
    """What an option would put right, with the way to say so."""
    for one in seen.suggestions:
        if one.option == "swap_xy":
            st.warning(one.text, icon=":material/swap_horiz:")
        elif one.option == "crs":
            st.warning(one.text, icon=":material/public_off:")
    if any(one.option == "swap_xy" for one in seen.suggestions) or st.session_state.get(Key.SWAP_XY):
        st.toggle("Swap longitude and latitude", key=Key.SWAP_XY)


def _roles(seen: Preview) -> None:
    """A box per role, open where one is missing."""
    lacking = ", ".join(ROLES[role] for role in seen.missing)
    if lacking:
        st.error(f"No column of {lacking}: choose it.", icon=":material/error:")
    with st.expander("Columns", icon=":material/view_column:", expanded=bool(seen.missing)):
        columns = st.columns(2, gap="small")
        for place, role in enumerate(OFFERED):
            options = [NONE, *dict.fromkeys(name for name in seen.header if name)]
            found = seen.roles.get(role, NONE)
            columns[place % 2].selectbox(
                f"{ROLES[role].removeprefix('the ').capitalize()}{' *' if role in NEEDED else ''}", options,
                options.index(found) if found in options else 0, key=f"{Key.ROLE}_{role}",
                format_func=lambda name: name or "none", on_change=_changed, args=(role,),
            )  # fmt: skip


def _changed(role: str) -> None:
    column = st.session_state[f"{Key.ROLE}_{role}"] or NONE
    st.session_state[Key.CHANGED_ROLES] = {**st.session_state.get(Key.CHANGED_ROLES, {}), role: column}


def show(seen: Preview) -> None:
    """What was read: totals, species, first rows, troubles."""
    st.html(markup.facts([
        ("File", seen.kind), ("Rows", whole(seen.count)), ("Usable records", whole(seen.usable)),
        ("Species", whole(len(seen.species))), ("Reference system", seen.system),
    ]))  # fmt: skip
    left, right = st.columns([1, 1.3], gap="small")
    with left.popover(counted(len(seen.species), "species"), icon=":material/local_florist:", type="tertiary"):
        table = seen.species.head(MOST_SPECIES).rename_axis("species").rename("records").reset_index()
        data_table(table, {"species": "Species", "records": count_column("Records")}, key="species_counts",
                   alt="Table of records per species.")  # fmt: skip
        if len(seen.species) > MOST_SPECIES:
            st.caption(f"The {MOST_SPECIES} with the most records.")
    with right.popover("First rows", icon=":material/table_rows:", type="tertiary"):
        data_table(seen.first.iloc[:, :MOST_COLUMNS], key="first_rows", alt="The first rows of the file.")
    rows = [[f"{whole(one.count)} × {KINDS[one.kind][0]}", KINDS[one.kind][1], ", ".join(one.examples)]
            for one in seen.problems]  # fmt: skip
    if rows:
        st.html(number_table("Troubles", (), ("How many", "What", "The first"), rows, words=True))
