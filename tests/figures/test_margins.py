"""Margins are wide enough before a figure is drawn, and never narrower than the figure asks for."""

from __future__ import annotations

from typing import Any

import pytest

from sdm.figures.margins import widened, width
from sdm.figures.plot import Plot
from sdm.figures.sent_to_browser import dressed
from sdm.figures.style import quiet


def margin(plot: Any) -> dict[str, float]:
    found: dict[str, float] = dressed(plot.to_dict(), "light")["layout"]["margin"]
    return found


def lines(**axes: Any) -> Any:
    return quiet(Plot().add_scatter(x=[0, 1], y=[0, 0.5]), 200, **axes)


def test_longer_labels_take_more_room() -> None:
    short = margin(lines(yaxis={"ticktext": ["Poa"], "tickvals": [0]}))
    long = margin(lines(yaxis={"ticktext": ["<i>Calamagrostis epigejos</i>", "Poa"], "tickvals": [0, 1]}))
    assert 140 < long["l"] < 170 and short["l"] < 60  # Plotly itself takes 154
    assert long["r"] == short["r"] and long["b"] == short["b"]


def test_titles_take_room() -> None:
    title = {"title": {"text": "NDVI"}}
    bare, titled = margin(lines()), margin(lines(xaxis=title, yaxis=title))
    assert 32 <= bare["b"] < 40 and 55 < titled["b"] < 70  # Plotly itself takes 32 and 60, or 4 more
    assert 25 < titled["l"] - bare["l"] < 45


def test_the_ends_of_numbers_are_labelled() -> None:
    small, large = (quiet(Plot().add_scatter(x=[0, 1], y=[0, top]), 200) for top in (5, 5000))
    fractions = quiet(Plot().add_scatter(x=[0, 1], y=[0, 0.0005]), 200)
    logarithmic = lines(yaxis={"type": "log", "range": [0, 3]})
    assert margin(small)["l"] < margin(large)["l"] == margin(logarithmic)["l"] <= margin(fractions)["l"]


def test_words_on_an_axis_are_its_labels() -> None:
    bars = quiet(Plot().add_bar(x=[1, 2], y=["a", "a rather long name"], orientation="h"), 200)
    assert margin(bars)["l"] > 100


def test_a_legend_above_has_its_row() -> None:
    two = quiet(Plot().add_scatter(x=[0], y=[1], name="a").add_scatter(x=[0], y=[1], name="b"), 200)
    assert 38 <= margin(two)["t"] <= 42 > margin(lines())["t"]
    two.update_layout(showlegend=False)
    assert margin(two)["t"] < 38


@pytest.mark.parametrize(("entries", "rows"), [(5, 1), (6, 2), (10, 2), (11, 3)])
def test_a_legend_of_many_entries_has_a_row_for_each_five(entries: int, rows: int) -> None:
    plot = quiet(Plot(), 200)
    for number in range(entries):
        plot.add_scatter(x=[0], y=[1], name=f"series {number}")
    assert 38 <= margin(plot)["t"] - 19 * (rows - 1) <= 42


def test_the_last_number_stands_out_the_last_category_does_not() -> None:
    places = {"ticktext": ["0", "100 %"], "tickvals": [0, 1]}
    at_the_end, before, named = (
        margin(lines(xaxis={**places, "range": [0, 1]}))["r"],
        margin(lines(xaxis={**places, "range": [0, 2]}))["r"],
        margin(quiet(Plot().add_bar(x=["Poa alpina", "Bellis perennis"], y=[1, 2]), 200))["r"],
    )
    assert at_the_end > before == named == 8


@pytest.mark.parametrize(
    "axis", [{"visible": False}, {"automargin": False}, {"side": "right"}, {"showticklabels": False}]
)
def test_an_axis_that_labels_nothing_there_takes_no_room(axis: dict[str, Any]) -> None:
    plot = lines(margin={"l": 5})
    plot.update_layout(yaxis=axis)
    assert margin(plot)["l"] == 5


def test_labels_within_the_figure_take_none_of_its_margin() -> None:
    axis = {"automargin": True, "tickfont": {"size": 11}, "ticktext": ["a long name indeed"], "anchor": "x2"}
    inside = {"xaxis2": {"domain": [0.5, 1]}, "yaxis2": axis, "margin": {"l": 8}}
    assert widened(inside, []) == {"l": 8}
    assert widened({**inside, "xaxis2": {"domain": [0, 1]}}, [])["l"] > 100


def test_what_the_figure_asks_for_is_kept() -> None:
    assert margin(lines(margin={"l": 300, "r": 31, "t": 99, "b": 77})).items() >= {
        ("l", 300), ("r", 31), ("t", 99), ("b", 77)
    }  # fmt: skip


@pytest.mark.parametrize("values", [[], [None, None], [3, 3], ["", ""], [None, 1e300], [-1e-300, 0]])
def test_any_values_have_a_width(values: list[Any]) -> None:
    layout = {"yaxis": {"automargin": True, "tickfont": {"size": 11}}}
    assert widened(layout, [{"y": values}])["l"] < 100


def test_markup_is_not_shown_and_lines_stand_below_each_other() -> None:
    assert width("<b>ab</b>") == width("ab") == width("ab<br>a") < width("abc")
    assert width("") == 0
