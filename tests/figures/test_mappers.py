"""Figures of mappers: shares, map and matrix say the same as their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.figures.mappers import MOST_TYPES, agreement_bars, agreement_map, mapper_matrix
from sdm.rasters.agreement import agreement_table, mapper_confusion
from sdm.rasters.scene_mappers import types_table

TABLE = pd.DataFrame(
    [("T4-C-1", "T4-C-1", 60), ("T4-C-1", "T4-C-5", 30), ("T4-C-5", "V1-C-1", 10), ("T4-C-1", "", 5)],
    columns=["<b>A", "B", "pixels"],
)


def test_agreement_by_level() -> None:
    drawn = agreement_bars(agreement_table(TABLE), {"group": "group", "main_type": "main type", "name": "type"})
    assert list(drawn.plot.data[0].y) == [0.9, 0.9, 0.6]
    assert "<b>" not in drawn.plot.data[0].name


def test_agreement_map() -> None:
    distinct = np.array([[0, 1, 1], [2, 4, 0]], np.uint8)
    drawn = agreement_map(distinct, types_table(distinct), 10.0)
    assert list(drawn.table["pixels"]) == [2, 1, 1]
    assert np.nanmax(drawn.plot.data[0].z) == 3
    nothing = np.zeros((2, 2), np.uint8)
    assert "one type –" in agreement_map(nothing, types_table(nothing), 10.0).alt


def test_matrix_of_mappers() -> None:
    counts = mapper_confusion(TABLE, "<b>A", "B")
    drawn = mapper_matrix(counts, "<b>A", "B")
    assert np.nanmax(drawn.plot.data[0].z) == 1
    assert "60" in drawn.alt
    names = [f"T1-C-{i}" for i in range(40)]
    many = mapper_matrix(pd.DataFrame(np.eye(40, dtype=int), names, names).rename_axis("A"), "A", "B")
    assert len(many.plot.data[0].z) == MOST_TYPES
    assert "16 types" in many.caption
