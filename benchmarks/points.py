"""Five million presence-only records on Explore: each interaction in Chromium, from the press to the drawn answer.

The records lie evenly over Europe, the worst case for the tiles of a map: simulated tables of the competition's
columns, made once and packed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, Position, WebSocket

from benchmarks.comparison import Figure, Target
from benchmarks.pages import STANDS
from benchmarks.table import quantity
from benchmarks.tables import Size, write_tables
from sdm.data.store import pack
from sdm.ui.state import Key
from tests.browser.server import browsing, serving
from tests.browser.steps import MAP, SIZE, widget

RECORDS = 5_000_000
REPETITIONS, PATIENCE_MS = 3, 60_000
ALL = "?filter=pictured%3Dfalse"  # records without a satellite picture, too
PUBLISHERS = ("A plant app", "A museum", "A society", "A portal")
DRAWN = f"""([legend, waiting]) => {{
  const map = document.querySelector("{MAP}")?.contentDocument;
  const text = () => [...document.querySelectorAll(".legend, .st-key-dossier")].map(e => e.innerText).join("|");
  return ({STANDS})("h1") && map && !map.querySelector(".leaflet-tile:not(.leaflet-tile-loaded)")
    && map.querySelectorAll("img.leaflet-tile-loaded[src*=points]").length && (!waiting || text() !== legend)
    && [performance.now(), text()];
}}"""

Press = Callable[[], None]
Act = Callable[[Page, int], Press]
"""What makes all ready for the i-th press of the kind, which is timed."""


def figures(data: Path | None = None, repetitions: int = REPETITIONS) -> Iterator[Figure]:
    """One figure per interaction, on `data` or on simulated records."""
    if data is not None:
        yield from _measured(data, repetitions)
        return
    with TemporaryDirectory() as folder:
        tree, packed = Path(folder) / "tree", Path(folder) / "records"
        write_tables(tree, Size(4_000, 60_000, 1_000, RECORDS, RECORDS), PUBLISHERS)
        pack(tree, packed)
        yield from _measured(packed, repetitions)


def _measured(data: Path, repetitions: int) -> Iterator[Figure]:
    with serving(data) as address, browsing() as browser:
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE_MS)
        sent: list[object] = []
        page.on("websocket", partial(_listen, sent))
        page.goto(f"{address}/{ALL}", wait_until="commit")
        opened, shown = page.wait_for_function(DRAWN, arg=["", False], polling="raf").json_value()
        yield Figure(
            "5 M records: first opening", opened / 1000, note="opened, sorted and drawn for the first time"
        )
        for title, act in _ACTIONS.items():
            page.goto(f"{address}/{ALL}", wait_until="commit")
            page.wait_for_function(DRAWN, arg=["", False])
            widget(page, Key.FILTER_PANEL).locator("summary").click()
            times = []
            for i in range(repetitions):
                page.wait_for_timeout(400)
                shown = page.wait_for_function(DRAWN, arg=["", False], polling="raf").json_value()[1]
                calls, moved = len(sent), title != PAN
                press = act(page, i)
                before = page.evaluate("performance.now()")
                press()
                after, _ = page.wait_for_function(DRAWN, arg=[shown, moved], polling="raf").json_value()
                times.append((after - before) / 1000)
                assert moved or len(sent) == calls, "panning asks the server for nothing but tiles"
            slowest = quantity(max(times), "s")
            yield Figure(f"5 M records: {title}", float(np.median(times)), target=Target(1, "seconds"),
                         note=f"slowest {slowest}")  # fmt: skip


def _listen(sent: list[object], socket: WebSocket) -> None:
    socket.on("framesent", lambda frame: sent.append(frame))


def _click(page: Page, i: int) -> Press:
    position: Position = {"x": 150 + 40 * i, "y": 200 + 25 * i}
    return lambda: page.frame_locator(MAP).locator("#map_div").click(position=position)


def _pan(page: Page, i: int) -> Press:
    box = page.locator(MAP).bounding_box()
    assert box is not None
    x, y = box["x"] + 250, box["y"] + 250
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (90 if i % 2 else -90), y + 60 * (-1) ** i, steps=3)
    return page.mouse.up


def _pick(key: str, page: Page, i: int) -> Press:
    """Choose one name more, or another one, in a box."""
    box = widget(page, key).get_by_role("combobox")
    box.blur()
    box.click()
    for _ in range(i + 1):
        page.keyboard.press("ArrowDown")
    return lambda: box.press("Enter")


def _year(page: Page, i: int) -> Press:
    slider = widget(page, Key.FILTER_YEARS).get_by_role("slider").first
    slider.focus()
    return lambda: page.keyboard.press("ArrowLeft" if i % 2 else "ArrowRight")


PAN = "map dragged"
_ACTIONS: dict[str, Act] = {
    "click on the map": _click,
    PAN: _pan,
    "filtered by species": partial(_pick, Key.FILTER_SPECIES),
    "by year, one end of a span": _year,
    "by publisher": partial(_pick, Key.FILTER_PUBLISHERS),
}
