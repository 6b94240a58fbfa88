"""How far a data set can be trusted: a look into its files, the simulation beside real figures, licences."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from sdm.data.check import check
from sdm.data.dataset import Dataset
from sdm.data.provenance import GEOLIFECLEF, VIRTUAL_EUROPE, Provenance
from sdm.data.record_types import of_records
from sdm.errors import SdmError
from sdm.figures import overview as figures
from sdm.files import PROJECT
from sdm.ui.about import bands
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup
from sdm.ui.components.data_table import count_column, data_table
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.shown_paths import relative_paths
from sdm.virtual_europe.description import world_of
from sdm.virtual_europe.validate import validate_files

PATCH_SHEET = PROJECT / "docs" / "patch-sheet.png"
LEVELS = {"ok": "✓ there", "note": "• note", "missing": "○ missing", "wrong": "✕ wrong"}
MADE_HERE = "Rasters, polygons and photographs were made by this program: they are free like it (MIT)."
OWN_TABLES = (
    "The licences are those of the records and predictors it was made of: ask whoever published them. Records of "
    "GBIF are cited by their data sets, which a download lists."
)
OWN_FILES = "The licences are those of the rasters and polygons it was made of: ask whoever made them."

report = memo(4, "Reading a sample of the files …")(check)
validation = memo(4, "Comparing the simulation with the real figures …")(validate_files)


def checked(data: Dataset) -> None:
    """A look into the files, when asked for."""
    with st.expander(
        "Data check: is anything damaged or odd?",
        icon=":material/fact_check:",
        key="check_open",
        on_change="rerun",
    ) as opened:
        if not opened.open:
            return
        if data.place is None:
            empty("Nothing to check", "This data set lies in memory only.")
            return
        table = pd.DataFrame([asdict(finding) for finding in report(data.place).findings])
        table["detail"] = table["detail"].map(relative_paths)
        table["level"] = table["level"].map(LEVELS)
        data_table(
            table,
            {"level": "", "subject": "What", "count": count_column("Number"), "of": count_column("of"),
             "detail": "Detail"},
            phone=("level", "subject", "count"), key="check_table", height=330,
            alt="Findings of the check of the data set.",
        )  # fmt: skip
        st.caption(
            "As `python -m sdm check` tells it: an even sample of the files was opened, tables were read whole."
        )
        download("Save as CSV", lambda: table, "check", "save_check")


def judged(data: Dataset) -> None:
    """How like the real data the virtual Europe is, when asked for."""
    if data.place is None or world_of(data) is None:
        return
    with st.expander(
        "Validation of the simulation: how like the real data is it?",
        icon=":material/balance:",
        key="judge_open",
        on_change="rerun",
    ) as opened:
        if not opened.open:
            return
        try:
            verdicts = validation(data.place)
        except SdmError as error:
            problem("This simulation cannot be judged", error)
            return
        show_figure(figures.validation(verdicts), "figure_judged", "simulated-against-real")
        if PATCH_SHEET.is_file():
            st.image(
                str(PATCH_SHEET), width="stretch",
                alt="Forty simulated satellite patches, natural colour and infrared side by side, without names.",
            )  # fmt: skip
            st.caption(
                "Forty simulated patches of all fifteen covers, natural colour left, infrared right. How they are "
                "made and what people recognised in them: docs/virtual-europe.md, docs/imagery.md."
            )


def licences(data: Dataset) -> None:
    """Sources and licences."""
    st.markdown("#### Sources and licences")
    if bands.inputs(data):
        st.caption(MADE_HERE if data.simulated else OWN_FILES)
        return
    if of_records(data):
        st.caption(OWN_TABLES)
        return
    rows = GEOLIFECLEF if not data.simulated else VIRTUAL_EUROPE if world_of(data) else VIRTUAL_EUROPE[:1]
    st.html(_table(rows))
    if not data.simulated:
        st.caption(
            "Cite GeoPlant (Picek et al. 2024, arXiv:2408.13928). Licences as their publishers state them; where "
            "none is named, ask at the source before passing the data on."
        )


def _table(rows: tuple[Provenance, ...]) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("What", "By whom", "Licence", "Where it says so"))
    body = "".join(
        f"<tr>{''.join(f'<td>{markup.text(value)}</td>' for value in asdict(row).values())}</tr>" for row in rows
    )
    return f'<table class="sources"><tr>{head}</tr>{body}</table>'
