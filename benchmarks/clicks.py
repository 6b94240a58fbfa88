"""How long from mouse-down until the dossier is painted: `python -m benchmarks.clicks DATA [--clicks 20]`.

A click counts as answered when both pictures, the Landsat curve, the climate diagram and the species have all
changed and the browser has painted a frame since. The first click of a visit is reported apart.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, TimeoutError

from tests.browser.server import browsing, serving

SIZE = {"width": 1366, "height": 768}
PARTS = """() => {
  const all = (q, f) => [...document.querySelectorAll(q)].map(f).join("|");
  const images = [...document.querySelectorAll(".st-key-patches img")];
  return {
    images: images.every(i => i.complete && i.naturalWidth) ? images.map(i => i.src).join("|") : "",
    landsat: all(".st-key-figure_landsat path.js-line", p => p.getAttribute("d")),
    climate: all(".st-key-figure_climate path.js-line", p => p.getAttribute("d")),
    species: all(".species", p => p.textContent),
  };
}"""
WATCH = f"""(before) => {{
  window.answered = null;
  const parts = {PARTS};
  const look = () => {{
    const now = parts();
    if (Object.keys(before).every(k => now[k] && now[k] !== before[k])) {{
      requestAnimationFrame(() => requestAnimationFrame(() => {{ window.answered = Date.now(); }}));
    }} else {{ requestAnimationFrame(look); }}
  }};
  look();
  const frame = document.querySelector("iframe[title*='folium']").contentWindow;
  if (!frame.watched) {{
    frame.watched = true;
    frame.addEventListener("mousedown", () => {{ window.pressed = Date.now(); }}, true);
  }}
}}"""


def click(page: Page, x: float, y: float) -> float | None:
    """Seconds until the dossier of a click at (x, y) of the map is painted; None when it did not all change."""
    page.evaluate(WATCH, page.evaluate(PARTS))
    page.frame_locator("iframe[title*='folium']").locator("#map_div").click(position={"x": x, "y": y})
    try:
        page.wait_for_function("window.answered", timeout=6000)
    except TimeoutError:
        return None
    return float(page.evaluate("window.answered - window.pressed")) / 1000


def measure(address: str, clicks: int, seed: int = 0) -> list[float]:
    """Seconds of `clicks` answered clicks at random places of the map, in order."""
    draw = random.Random(seed)
    with browsing() as browser:
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.frame_locator("iframe[title*='folium']").locator(".leaflet-tile-loaded").first.wait_for(
            timeout=60_000
        )
        page.wait_for_timeout(2000)
        times: list[float] = []
        for _ in range(4 * clicks):
            seconds = click(page, draw.uniform(100, 420), draw.uniform(130, 420))
            if seconds is not None:
                times.append(seconds)
            page.wait_for_timeout(300)
            if len(times) > clicks:
                break
        return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--clicks", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with serving(options.data) as address:
        times = measure(address, options.clicks)
    later = np.array(times[1:])
    result = {
        "first_s": times[0],
        "median_s": float(np.median(later)),
        "p90_s": float(np.percentile(later, 90)),
        "worst_s": float(later.max()),
        "clicks": len(later),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{k:10} {v:.2f}" for k, v in result.items()))


if __name__ == "__main__":
    main()
