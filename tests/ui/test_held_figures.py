"""Figures that are held between reruns are those that would be drawn, and only for the same values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
import streamlit as st

from sdm.figures import Figure
from sdm.figures.style import quiet
from sdm.ui.cache.figures import drawn, drawn_in_words
from sdm.ui.cache.memo import memo

ROWS = 60_000  # of which Streamlit itself would look at a sample


@pytest.fixture(autouse=True)
def nothing_held() -> None:
    st.cache_resource.clear()


def line(values: np.ndarray, name: str = "a species") -> Figure:
    plot = quiet(go.Figure().add_scatter(x=np.arange(len(values)), y=values, name=name), 200)
    return Figure(plot, pd.DataFrame({"value": values}), f"{name}.", f"Of {name}.")


def sent(figure: Figure) -> str:
    """What Streamlit makes of the plot."""
    return str(
        plotly.io.to_json(plotly.tools.return_figure_from_figure_or_data(figure.plot, True), validate=False)
    )


def test_a_held_figure_is_sent_as_the_one_drawn() -> None:
    values = np.linspace(0, 1, 30)
    held, new = drawn(line, values), line(values)
    assert sent(held) == sent(new)
    assert (held.caption, held.alt) == (new.caption, new.alt)
    pd.testing.assert_frame_equal(held.table, new.table)
    assert drawn(line, values.copy()) is held


def test_other_values_other_figures() -> None:
    values = np.linspace(0, 1, 30)
    changed = values.copy()
    changed[17] += 1e-12
    assert drawn(line, changed) is not drawn(line, values)
    assert drawn(line, values, "another") is not drawn(line, values)
    assert drawn(line, values, name="another").alt == "Of another."
    assert drawn_in_words(lambda text: text.replace("species", "class"), line, values).caption == "a class."


def test_functions_are_told_apart_by_what_they_close_over() -> None:
    def of(factor: float) -> Callable[[np.ndarray], Figure]:
        return lambda values: line(values * factor)

    values = np.ones(3)
    assert drawn(of(2.0), values).table["value"].tolist() == [2.0] * 3
    assert drawn(of(3.0), values).table["value"].tolist() == [3.0] * 3
    assert drawn(of(2.0), values) is drawn(of(2.0), values)
    assert drawn(lambda values: line(values + 1), values) is not drawn(lambda values: line(values + 2), values)


@pytest.mark.parametrize("kind", ["table", "array"])
def test_every_value_of_a_long_argument_counts(kind: str) -> None:
    calls = []

    @memo(8)
    def count(values: pd.DataFrame | np.ndarray) -> int:
        calls.append(len(values))
        return len(calls)

    numbers = np.arange(10 * ROWS, dtype=float)
    make = (lambda: pd.DataFrame({"value": numbers[:ROWS]}).copy()) if kind == "table" else numbers.copy
    seen = {count(make())}
    for place in range(0, ROWS, ROWS // 5):
        numbers[place] += 0.5
        seen.add(count(make()))
    assert len(seen) == 6 and count(make()) in seen and len(calls) == 6


def test_a_change_of_names_or_types_of_columns_counts() -> None:
    @memo(8)
    def kinds(table: pd.DataFrame) -> list[str]:
        return [f"{name} {kind}" for name, kind in table.dtypes.items()]

    table = pd.DataFrame({"a": [1, 2]})
    assert kinds(table) == ["a int64"]
    assert kinds(table.astype(float)) == ["a float64"]
    assert kinds(table.rename(columns={"a": "b"})) == ["b int64"]
