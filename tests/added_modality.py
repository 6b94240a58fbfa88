"""A modality that the program does not know: monthly snow cover of several sources in one table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.modalities import MONTHS, Modality
from sdm.modalities.layouts import SOURCES, TableLayout, TablePart

TABLE = "SnowCover/snow_cover_monthly.csv"
COLUMNS = tuple(f"month{month:02d}" for month in range(1, 13))


def snow_cover() -> Modality:
    """Its row; nothing simulates it."""
    part = TablePart(TABLE, COLUMNS, tuple(range(12)))
    return Modality(
        name="snow_cover", title="Snow cover", phrase="the snow cover", meaning="share of days with snow by month",
        shape=(1, 12), axes=("variable", "month"), channels=("snow",), channel_titles=("snow cover",),
        units=("%",), scale=(100.0,), offset=(0.0,), dtype="float32", nodata=None, source="made up for tests",
        layouts=tuple(TableLayout(2025, s, (part,), complete=True, source_column="source") for s in SOURCES),
        colour="sky", order=99, coordinates={"month": MONTHS}, encoders=("transformer",),
    )  # fmt: skip


def write_snow_cover(tree: Path, rows: Mapping[tuple[str, int], np.ndarray]) -> None:
    """The table of `rows`: (source, survey id) -> (12,)."""
    table = pd.DataFrame(
        [(*key, *values) for key, values in rows.items()], columns=["source", "surveyId", *COLUMNS]
    )
    (tree / TABLE).parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(tree / TABLE, index=False)
