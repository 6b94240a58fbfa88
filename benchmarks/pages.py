"""Time per page and interaction in Chromium at 1366x768, no other host reachable, the virtual Europe served warm.

A page is opened by its address, and from the menu of another page. It stands when its script rests, nothing on it
is faded or still to come, every chart and picture is drawn and the map has tiles. An interaction is answered when,
after the last key or mouse button went down, all that it is to change has changed and the page stands again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from playwright.sync_api import Page

from benchmarks.comparison import Figure
from benchmarks.table import quantity
from sdm.data.catalogue import default_data
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.survey_keys import survey_key
from sdm.ui.state import Key
from tests.browser.server import browsing, serving
from tests.browser.settling import watch
from tests.browser.steps import MAP, PLOT, SIZE, by_menu, option, widget

REPETITIONS, PATIENCE_MS, PAUSE_MS = 10, 120_000, 400
STANDS = """(ready) => {
  const all = (q, f, from = document) => [...from.querySelectorAll(q)].every(f);
  const none = q => !document.querySelector(q);
  return document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && document.querySelector(ready)
    && none(".st-key-below, [data-stale=true], [data-testid=stSkeleton], [data-testid=stSpinner]")
    && all("[data-testid=stPlotlyChart]", chart => chart.querySelector(".main-svg"))
    && all("img", image => image.complete)
    && all("iframe[title*=folium]", map => map.contentDocument?.querySelector(".leaflet-tile-loaded"));
}"""
SEEN = """() => {
  const seen = element => {
    const { height, top, bottom } = element.getBoundingClientRect();
    return height > 0 && top < innerHeight && bottom > 0;
  };
  const none = (q, pending) => ![...document.querySelectorAll(q)].some(e => pending(e) && seen(e));
  const rests = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
  return document.querySelector("h1") && (rests || document.querySelector(".st-key-below"))
    && none("[data-stale=true], [data-testid=stSkeleton], [data-testid=stSpinner]", () => true)
    && none("[data-testid=stPlotlyChart]", chart => !chart.querySelector(".main-svg"))
    && none("img", image => !image.complete)
    && none("iframe[title*=folium]", map => !map.contentDocument?.querySelector(".leaflet-tile-loaded"));
}"""
OPENED = f"""ready => {{
  if (!window.seenAt && ({SEEN})()) window.seenAt = performance.now();
  return ({STANDS})(ready) && [window.seenAt, performance.now()];
}}"""
PARTS = """watched => watched.map(q => [...document.querySelectorAll(q)].map(
  e => e.tagName === "IMG" ? e.src : e.innerHTML).join("|"))"""
ARM = f"""watched => {{
  window.before = ({PARTS})(watched);
  window.pressed = null;
  const press = () => {{ window.pressed = Date.now(); }};
  const frames = [...document.querySelectorAll("iframe")].map(frame => frame.contentWindow);
  for (const place of [window, ...frames]) {{
    if (!place.armed) for (const kind of ["mousedown", "keydown"]) place.addEventListener(kind, press, true);
    place.armed = true;
  }}
}}"""
LEAVE = """() => {
  [window.left, window.seenAt, window.pressed] = [document.querySelector("h1").innerText, null, null];
  const press = () => { window.pressed = performance.now(); };
  document.addEventListener("mousedown", press, { capture: true, once: true });
}"""
TURNED = f"""ready => {{
  if (document.querySelector("h1")?.innerText === window.left) return false;
  if (!window.seenAt && ({SEEN})()) window.seenAt = performance.now();
  return ({STANDS})(ready) && [window.seenAt, performance.now()].map(time => time - window.pressed);
}}"""
ANSWERED = f"""([ready, watched]) => ({STANDS})(ready)
  && ({PARTS})(watched).every((part, i) => part && part !== window.before[i])
  && [Date.now() - window.pressed]"""

IN_SIGHT = """places => places.map(place => map.latLngToContainerPoint(place)).map(({x, y}) => [x, y])
  .filter(([x, y]) => x > 60 && y > 60 && x < map.getSize().x - 60 && y < map.getSize().y - 60)"""

Act = Callable[[Page, int], None]


@dataclass(frozen=True)
class Visit:
    """A page at `path`, there once `ready` is, and what is done on it: `act(page, i)` the i-th time, `action` in
    words, which changes all of `watched`."""

    title: str
    path: str
    ready: str
    action: str
    act: Act
    watched: tuple[str, ...]


def figures(data: Path | None = None, repetitions: int = REPETITIONS) -> Iterator[Figure]:
    """Per page: opened by its address and from the menu, seen and complete, and its main interaction."""
    tree = data or default_data()
    visits = _visits(open_dataset(tree))
    with serving(tree) as address, browsing() as browser:
        page = browser.new_page(viewport=SIZE)
        watch(page.context)
        page.set_default_timeout(PATIENCE_MS)
        for visit in visits:
            opened = [_open(page, address, visit) for _ in range(repetitions + 1)]
            yield _figure(f"{visit.title}: first screen", [seen for seen, _ in opened])
            yield _figure(f"{visit.title} complete", [complete for _, complete in opened])
            turned = [_turn(page, visit) for _ in range(repetitions + 1)]
            yield _figure(f"{visit.title}: first screen, from the menu", [seen for seen, _ in turned])
            yield _figure(f"{visit.title} complete, from the menu", [complete for _, complete in turned])
            yield _figure(
                f"{visit.title}: {visit.action}", [_interact(page, visit, i) for i in range(repetitions + 1)]
            )


def _figure(title: str, times: list[float]) -> Figure:
    first, later = times[0], times[1:]
    slow = quantity(float(np.percentile(later, 90)), "s")
    return Figure(title, float(np.median(later)), note=f"p90 {slow}; first {quantity(first, 's')}")


def _open(page: Page, address: str, visit: Visit) -> tuple[float, float]:
    """Seconds from the request for the page until what can be seen without scrolling stands, and until all of it
    does."""
    page.goto(f"{address}/{visit.path}", wait_until="commit")
    seen, complete = _wait(page, OPENED, visit.ready)
    return seen, complete


def _turn(page: Page, visit: Visit) -> tuple[float, float]:
    """Seconds from the press on the page's entry in the menu, on another page, until what can be seen without
    scrolling stands, and until all of it does."""
    by_menu(page, "your_data")
    page.wait_for_timeout(PAUSE_MS)
    page.evaluate(LEAVE)
    page.locator(f"[data-testid=stSidebarNav] a[href$='/{visit.path.partition('?')[0]}']").click()
    seen, complete = _wait(page, TURNED, visit.ready)
    return seen, complete


def _interact(page: Page, visit: Visit, i: int) -> float:
    """Seconds from the last key or button until the answer stands."""
    watched = list(visit.watched)
    page.wait_for_timeout(PAUSE_MS)
    page.evaluate(ARM, watched)
    visit.act(page, i)
    [answered] = _wait(page, ANSWERED, [visit.ready, watched])
    return answered


def _wait(page: Page, milliseconds: str, argument: object) -> list[float]:
    """Seconds, once the script gives a list of times, asked at every frame."""
    times = page.wait_for_function(milliseconds, arg=argument, polling="raf").json_value()
    return [float(time) / 1000 for time in times]


def _visits(data: Dataset) -> list[Visit]:
    """Every page and its main interaction."""
    draw = random.Random(0)
    rows, species = _rows(data, draw), _species(data)
    surveys = [survey_key(data, row) for row in rows]
    places = data.sites[["lat", "lon"]].to_numpy(float)[rows].tolist()
    dossier = (".st-key-patches img", *map(_figure_of, ("landsat", "climate")), ".species")
    effort = _figure_of("effort")
    return [
        Visit("Explore", f"?survey={surveys[-1]}", dossier[0], "click on the map",
              partial(_click_map, places), dossier),
        Visit("Predict", f"predict?survey={surveys[-1]}", "table.ranking", "another survey",
              partial(_fill, Key.SURVEY, "textbox", surveys), ("table.ranking",)),
        Visit("Species", "species", ".taxon", "another species",
              partial(_fill, Key.SPECIES, "combobox", species), (".taxon", PLOT)),
        Visit("Training", "training", PLOT, "the other study", partial(_choose, Key.TRAINING_SECTION, 2), (PLOT,)),
        Visit("Confusion", "confusion", "[data-testid=stHeading]", "as a matrix",
              partial(_choose, Key.CONFUSION_VIEW, 2), (PLOT,)),
        Visit("Scores", "scores", ".board", "as published", partial(_choose, Key.SCORES_SECTION, 2), (".board",)),
        Visit("About the data", "about", effort, "another effort", partial(_choose, Key.EFFORT, 1), (effort,)),
    ]  # fmt: skip


def _figure_of(key: str) -> str:
    """Where the figure of that key is drawn."""
    return f".st-key-figure_{key} {PLOT}"


def _rows(data: Dataset, draw: random.Random) -> list[int]:
    """A hundred surveys that have every input and known species."""
    inputs = [data.available(name) for name in data.modalities]
    having = np.flatnonzero(np.logical_and.reduce([data.targets.known, *inputs]))
    return draw.sample(having.tolist(), 100)


def _species(data: Dataset) -> list[str]:
    """Ids of the twenty most frequent species; the page opens on a rarer one."""
    often = np.argsort(-np.asarray(data.targets.values.sum(axis=0)).ravel(), kind="stable")
    return [str(data.targets.class_ids[column]) for column in often[:20]]


def _click_map(places: list[list[float]], page: Page, i: int) -> None:
    """Click the i-th of the places that lie in sight, where no button lies on the map: in the sea the same survey
    could be the nearest again."""
    inside = next(frame for frame in page.frames if "folium" in frame.url)
    x, y = inside.evaluate(IN_SIGHT, places)[i]
    page.frame_locator(MAP).locator("#map_div").click(position={"x": x, "y": y})


def _fill(key: str, role: Literal["textbox", "combobox"], values: list[str], page: Page, i: int) -> None:
    """Write the i-th value into a box."""
    box = widget(page, key).get_by_role(role)
    box.fill(values[i])
    box.press("Enter")


def _choose(key: str, other: int, page: Page, i: int) -> None:
    """Change between the first choice of a row, on which the page opens, and the one in place `other`."""
    option(page, key, 0 if i % 2 else other).click()
