"""The walk from a mistake to a survey: bar, pair and cell, map and table, dossier. No outside request."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MAP

pytestmark = pytest.mark.browser
# All seven species are given everywhere, so that those not recorded are false alarms.
EVERYTHING = "confusion?decoder=top-k&top_k=7&split=validation"
POSITION = """([selector, column, row]) => {
  const plot = document.querySelector(selector + " .js-plotly-plot"), box = plot.getBoundingClientRect();
  const { _size, xaxis, yaxis } = plot._fullLayout;
  return [box.x + _size.l + xaxis.c2p(column), box.y + _size.t + yaxis.c2p(row)];
}"""


def click(page: Page, figure: str, column: float, row: int) -> None:
    """Click the point (column, row) of a figure's axes, once the figure stands alone."""
    plot = page.locator(f"{figure} .js-plotly-plot")
    expect(plot).to_have_count(1)
    plot.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    x, y = page.evaluate(POSITION, [figure, column, row])
    page.mouse.move(x, y)
    page.wait_for_timeout(150)
    page.mouse.click(x, y)


@pytest.mark.slow  # a click that a busy machine can lose
def test_from_a_mistake_to_its_survey(page: Page, address: str) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
    )
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/{EVERYTHING}&order=Most+false+alarms")
    heading = page.locator("h2.behind")
    expect(heading).to_contain_text("All that was compared")
    hits, misses, alarms = page.locator(".st-key-figure_species .js-plotly-plot").evaluate(
        "plot => plot._fullData.map(trace => trace.x[0])"
    )
    click(page, ".st-key-figure_species", hits + misses + alarms / 2, 0)
    expect(heading).to_contain_text("given, not recorded")
    expect(heading.locator("small")).to_have_text(str(alarms))
    assert "predicted=" in page.url
    page.frame_locator(MAP).locator("#map_div").click(position={"x": 200, "y": 150})
    picked = page.locator(".st-key-picked")
    expect(picked).to_contain_text("survey 11")
    page.get_by_role("link", name="Its dossier").click()
    expect(page.get_by_role("heading", name="What is here?")).to_be_visible()
    expect(page.locator(".chips").first).to_contain_text("survey 11")
    page.go_back()
    expect(heading).to_be_visible()
    assert outside == []
    assert alerts == []


def test_a_cell_of_the_matrix_and_of_the_table(page: Page, address: str) -> None:
    page.goto(f"{address}/{EVERYTHING}&confusion_view=Matrix&block=Poa+annua")
    heading = page.locator("h2.behind")
    click(page, ".st-key-figure_matrix", 0, 0)
    expect(heading).to_contain_text("Poa annua found")
    expect(heading.locator("small")).to_have_text("1")
    page.locator(".st-key-show").get_by_text("Hits and misses").click()
    expect(page.locator(".st-key-figure_species .js-plotly-plot")).to_have_count(1)
    expect(heading).to_contain_text("Poa annua found")
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 160, box["y"] + 55)  # a number in the first row
    expect(heading).not_to_contain_text("Poa annua found")


def test_boxes_do_what_clicks_do(page: Page, address: str) -> None:
    page.goto(f"{address}/{EVERYTHING}")
    heading = page.locator("h2.behind")
    expect(heading).to_contain_text("All that was compared")
    for label in ("Recorded", "Given"):
        box = page.get_by_role("combobox", name=label)
        box.focus()
        page.keyboard.type("Poa")
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
    expect(heading).to_contain_text("Poa annua found")
