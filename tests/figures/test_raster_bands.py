"""Figures of bands and classes: everything in the table is drawn or said to be left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.analysis.group_separation import group_separation
from sdm.analysis.site_shift import site_shift
from sdm.figures.raster_bands import (
    MOST_GROUPS,
    class_counts,
    group_violins,
    scatter_matrix,
    shift_bars,
    values_by_class,
)

MODALITY = "pixel-B2-B3-VV"


def bands(groups: int = 2) -> pd.DataFrame:
    random = np.random.default_rng(0)
    count = 60 * groups
    values = {name: random.normal(size=count) for name in ("B2", "B3", "VV")}
    source = np.where(np.arange(count) % 2, "A", "<b>B</b>")
    return pd.DataFrame(
        {"row": np.arange(count), "source": source, "class": np.arange(count) % groups, **values}
    ).astype({"class": str})


def test_scatter_matrix() -> None:
    drawn = scatter_matrix(bands(), MODALITY, ["B2", "VV"], "source")
    assert [trace.type for trace in drawn.plot.data] == ["splom", "splom"]
    assert "dB" in drawn.caption and "<b>" not in "".join(trace.name for trace in drawn.plot.data)
    assert drawn.plot.layout.xaxis2.nticks == 3  # their labels would touch on a phone
    many = scatter_matrix(bands(9), MODALITY, ["B2", "B3"], "class")
    assert len(many.plot.data) == MOST_GROUPS and "3 rarer groups left out" in many.caption


def test_shift() -> None:
    shift = site_shift(bands(), MODALITY)
    assert shift is not None
    drawn = shift_bars(shift.bands, shift.a, shift.b)
    assert len(drawn.plot.data[0].x) == 3 and drawn.table is shift.bands
    nothing = shift_bars(shift.bands.assign(d=np.nan), shift.a, shift.b)
    assert "none" in nothing.alt


def test_class_counts() -> None:
    table = pd.DataFrame({"class": ["T4", "T4", "V1"], "source": ["A", "B", "A"], "sites": [30, 10, 4]})
    drawn = class_counts(table, "source")
    assert [list(trace.x) for trace in drawn.plot.data] == [[30, 4], [10, 0]]
    assert "10 times" in drawn.caption


def test_values_by_class() -> None:
    table = pd.DataFrame({"class": ["T4", "T4", "V1"], "value": [1.0, 2.5, 9.0], "sites": [3, 1, 2]})
    drawn = values_by_class(table, "lime richness")
    assert [list(trace.x) for trace in drawn.plot.data] == [[0.75, 0], [0.25, 0], [0, 1]]


def test_two_groups_side_by_side() -> None:
    table = bands()
    drawn = group_violins(table, MODALITY, group_separation(table, ["B2", "VV"], "class"), "class")
    assert [trace.side for trace in drawn.plot.data] == ["negative", "negative", "positive", "positive"]
    assert "VV: overlap" in drawn.caption
