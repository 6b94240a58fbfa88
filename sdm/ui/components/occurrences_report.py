"""What an import of tables of occurrences read, and what it left out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.number_format import whole
from sdm.occurrences.report import KINDS, OccurrenceImport
from sdm.ui.components import markup
from sdm.ui.components.data_table import count_column, data_table
from sdm.ui.components.merged_names import merged_names_table


def show(report: OccurrenceImport) -> None:
    """Totals, then a row per kind of trouble."""
    sites = ", ".join(f"{name} {whole(count)}" for name, count in report.sites.items())
    facts = [("Records", whole(report.records)), ("Species", whole(report.species)), ("Sites", sites)]
    if report.groups:
        groups = ", ".join(f"{name} {whole(count)}" for name, count in report.groups.items())
        facts.append(("Species per group", groups))
    facts.append(("Class codes", ", ".join(report.codes) or "none"))
    st.html(markup.facts(facts))
    if not report.placed:
        st.caption("Positions are in a reference system that is not known: there are no maps.")
    if report.merged:
        with st.popover(f"Names taken for another: {whole(len(report.merged))}", icon=":material/merge:"):
            merged_names_table(report.merged, "merged_names")
    rows = [
        {"table": one.table, "count": one.count, "of": KINDS[one.kind][0], "what": KINDS[one.kind][1],
         "first": ", ".join(one.examples)}
        for one in report.problems
    ]  # fmt: skip
    if not rows:
        st.caption("Nothing was left out.")
        return
    columns = {
        "table": "Table", "count": count_column("How many"), "of": "Of", "what": "What", "first": "The first"
    }  # fmt: skip
    data_table(
        pd.DataFrame(rows), columns, phone=("count", "of", "what"), key="occurrences_report",
        alt="Table of what was wrong in the tables of occurrences.",
    )  # fmt: skip
