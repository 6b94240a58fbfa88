"""Figures by themselves in a browser: what a click on them says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page
from plotly.io import to_html

from sdm.evaluation.confusion.multiclass import class_matrix, class_outcomes
from sdm.figures import confusion, species
from sdm.figures.europe_map import Ground, colour_axis, lay
from sdm.figures.plot import Plot
from sdm.figures.sent_to_browser import dressed
from sdm.figures.species import Curve
from sdm.figures.style import quiet
from tests.browser.settling import settled_page
from tests.browser.steps import PHONE, SIZE, by_menu, figure
from tests.evaluation.confusion.dense import classes

pytestmark = pytest.mark.browser
PLACES = (0, 0, 0, 0), (2, 5, -0.4, 0.4), (7, 7, 0.4, -0.4), (6, 1, -0.4, -0.4)
"""Row, column, and how far from the middle of the cell."""


def test_a_click_anywhere_in_a_cell_is_that_cell(browser: Browser, tmp_path: Path):
    """However wide the cells are drawn, and whether or not they hold surveys."""
    truth = np.arange(8)
    cells = class_matrix(class_outcomes(truth, truth, 8), classes(8))
    confusion.matrix(cells).plot.write_html(tmp_path / "matrix.html", include_plotlyjs=True)
    with browser.new_page() as tab:
        tab.goto((tmp_path / "matrix.html").as_uri())
        tab.wait_for_selector(".scatterlayer .point", state="attached")
        tab.evaluate(RECORD_CLICKS)
        for size in (SIZE, PHONE):
            tab.set_viewport_size(size)
            tab.wait_for_function(DRAWN_WIDE, arg=size["width"])
            for row, column, right, down in PLACES:
                x, y = tab.evaluate(POSITION, [column + right, row + down])
                tab.mouse.move(x, y)
                tab.wait_for_timeout(100)
                tab.mouse.click(x, y)
                tab.wait_for_function("clicked !== null")
                assert tab.evaluate("const last = clicked; clicked = null; last") == [row, column]


def test_margins_are_wide_enough_at_once(browser: Browser, tmp_path: Path) -> None:
    """No axis, legend or colour bar widens one, which would draw the figure twice."""
    curve = Curve(pd.DataFrame({"precision": [1, 0.4], "recall": [0.1, 1], "threshold": [0.9, 0.1]}))
    lines, bare, ground = Plot(), Plot(), Plot()
    for name in ("fusion-series", "fusion-convnext-atto", "fusion-swinv2-mini", "fusion-statistics"):
        lines.add_scatter(x=[1, 100], y=[0.01, 0.25], name=name, mode="lines")
    bare.add_scatter(x=["Jan", "Feb"], y=[1200, 40])
    ground.add_scatter(
        x=[5], y=[50], mode="markers", showlegend=False, marker={"color": [0.5], "coloraxis": "coloraxis"}
    )
    flat = Ground("light")
    plots = [
        species.precision_recall({"Validation": curve}, 0.2).plot,
        quiet(lines, 360, xaxis={"title": {"text": "epoch"}}, yaxis={"title": {"text": "samples-F1"}}),
        quiet(bare, 260),
        lay(ground, flat).update_layout(coloraxis=colour_axis(flat, "Probability", 0.7)),
    ]
    (tmp_path / "figures.html").write_text("".join(
        to_html(
            dressed(plot.to_dict(), "light"), full_html=False, include_plotlyjs=plot is plots[0], validate=False
        )
        for plot in plots
    ), encoding="utf-8")  # fmt: skip
    with browser.new_page(viewport={"width": 497, "height": 900}) as tab:
        tab.goto((tmp_path / "figures.html").as_uri())
        tab.wait_for_function(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {len(plots)}")
        assert tab.evaluate(WIDENED) == [""] * len(plots)


def test_a_chart_is_not_drawn_again_once_it_stands(page: Page, address: str) -> None:
    """Streamlit hands it to Plotly a second time, which must find nothing changed."""
    page.goto(f"{address}/your_data")
    settled_page(page)
    page.evaluate(COUNT_DRAWINGS)
    by_menu(page, "training")
    figure(page, "loss").locator(".main-svg").first.wait_for()
    settled_page(page)
    page.wait_for_function("handed.length && handed.every(times => times > 1)")
    assert page.evaluate("drawnAgain") == 0


DRAWN_WIDE = """width => {
  const drawn = document.querySelector('.js-plotly-plot')._fullLayout.width;
  return drawn <= width && drawn > width / 2;
}"""
COUNT_DRAWINGS = """() => {
  [window.handed, window.drawnAgain] = [[], 0];
  Object.defineProperty(HTMLElement.prototype, '_ev', { configurable: true, set(events) {
    Object.defineProperty(this, '_ev', { value: events, writable: true, configurable: true });
    const place = handed.push(0) - 1;
    events.on('plotly_react', () => { handed[place] += 1; });
    events.on('plotly_beforeplot', () => { drawnAgain += handed[place] > 0; });
  } });
}"""
WIDENED = """[...document.querySelectorAll(".js-plotly-plot")].map(chart =>
  [..."lrtb"].filter(side => Math.round(chart._fullLayout._size[side]) !== chart.layout.margin[side]).join(""))"""
RECORD_CLICKS = """() => {
  window.clicked = null;
  document.querySelector('.js-plotly-plot').on('plotly_click', event => { clicked = event.points[0].customdata; });
}"""
POSITION = """([column, row]) => {
  const plot = document.querySelector('.js-plotly-plot'), box = plot.getBoundingClientRect();
  const { _size, xaxis, yaxis } = plot._fullLayout;
  return [box.x + _size.l + xaxis.c2p(column), box.y + _size.t + yaxis.c2p(row)];
}"""
