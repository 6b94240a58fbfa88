"""Names of species that became, or would become, another, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from sdm.occurrences.report import MergedName
from sdm.ui.components.data_table import count_column, data_table


def merged_names_table(merged: Sequence[MergedName], key: str) -> None:
    """A row per name."""
    table = pd.DataFrame([asdict(one) for one in merged])
    columns = {"name": "Name", "becomes": "Taken for", "records": count_column("Records")}
    data_table(table, columns, phone=("name", "becomes"), key=key,
               alt="Table of names and the names they are taken for.")  # fmt: skip
