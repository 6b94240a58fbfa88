"""Figures by themselves in a browser: what a click on them says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from sdm.evaluation.confusion.multiclass import class_matrix, class_outcomes
from sdm.figures import confusion
from tests.browser.steps import PHONE, SIZE
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


DRAWN_WIDE = """width => {
  const drawn = document.querySelector('.js-plotly-plot')._fullLayout.width;
  return drawn <= width && drawn > width / 2;
}"""
RECORD_CLICKS = """() => {
  window.clicked = null;
  document.querySelector('.js-plotly-plot').on('plotly_click', event => { clicked = event.points[0].customdata; });
}"""
POSITION = """([column, row]) => {
  const plot = document.querySelector('.js-plotly-plot'), box = plot.getBoundingClientRect();
  const { _size, xaxis, yaxis } = plot._fullLayout;
  return [box.x + _size.l + xaxis.c2p(column), box.y + _size.t + yaxis.c2p(row)];
}"""
