"""What inputs add: the table, and figures that add up and can be read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.figures.attribution import Unit, bars, summary, waterfall
from sdm.inference.shapley import BASE, PREDICTION, attribution_table, contribution_steps, mean_contributions

MODALITIES = ("environment", "landsat")
CLASSES = pd.DataFrame({"class_id": [3, 10, 11], "name": ["Poa annua", "<b>Bellis & co</b>", "Calluna vulgaris"]})
ADDED = {"environment": np.array([0.1, -0.05, 0.3]), "landsat": np.array([0.2, 0.4, 0.0])}
TABLE = attribution_table(CLASSES, np.array([0.1, 0.2, 0.05]), ADDED, [1, 0])


def test_rows_are_the_chosen_in_their_order_and_add_up() -> None:
    assert TABLE["class_id"].tolist() == [10, 3]
    assert TABLE[BASE].tolist() == [0.2, 0.1]
    assert TABLE[PREDICTION].tolist() == pytest.approx([0.55, 0.4])


def test_bars_go_right_and_left_with_a_diamond_for_the_sum() -> None:
    figure = bars(TABLE, MODALITIES)
    environment, landsat, diamond = figure.plot.data
    assert list(environment.x) == pytest.approx([-5, 10])
    assert list(landsat.x) == pytest.approx([40, 20])
    assert list(diamond.x) == pytest.approx([35, 30])
    assert figure.plot.layout.barmode == "relative"
    assert "(%)" in figure.plot.layout.xaxis.title.text
    assert "<b>" not in str(figure.plot.layout.yaxis.ticktext)
    assert "Landsat series 40" in figure.alt


def test_the_summary_counts_both_ways() -> None:
    figure = summary(mean_contributions(TABLE, MODALITIES, ("landsat",), 100), len(TABLE))
    assert figure.table["mean"].tolist() == pytest.approx([7.5, 30])
    assert "Landsat series (missing)" in figure.alt


def test_each_step_of_the_waterfall_begins_where_the_last_ends() -> None:
    figure = waterfall(contribution_steps(TABLE.iloc[0], MODALITIES, (), 100), "Bellis")
    begin, environment, landsat, end = figure.plot.data
    assert (begin.base[0], begin.x[0]) == pytest.approx((0, 20))
    assert (environment.base[0], environment.x[0]) == pytest.approx((20, -5))
    assert (landsat.base[0], landsat.x[0]) == pytest.approx((15, 40))
    assert (end.base[0], end.x[0]) == pytest.approx((0, 55))
    assert [trace.text[0] for trace in figure.plot.data] == ["20", "−5", "+40", "55"]
    assert figure.table["step"].tolist() == ["base value", "Environment", "Landsat series", "prediction"]


def test_values_keep_their_unit() -> None:
    unit = Unit(1.0, "lime 1..9", "lime 1..9")
    figure = waterfall(contribution_steps(TABLE.iloc[1], MODALITIES, ()), "Poa", unit)
    assert figure.plot.layout.xaxis.title.text == "lime 1..9"
    assert figure.plot.data[0].x[0] == pytest.approx(0.1)
