"""What a visitor does, in words of the app's structure: pages, keys of widgets, positions; never its wording."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.settling import settled_page

SIZE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36"
MAP = "iframe[title*='folium']"
TILE, PLOT = ".leaflet-tile-loaded", ".js-plotly-plot"

POSITION = """([selector, column, row]) => {
  const plot = document.querySelector(selector + " .js-plotly-plot"), box = plot.getBoundingClientRect();
  const { _size, xaxis, yaxis } = plot._fullLayout;
  return [box.x + _size.l + xaxis.c2p(column), box.y + _size.t + yaxis.c2p(row)];
}"""


def link(path: str, **query: object) -> str:
    """The address of a view below the root.

    >>> link("predict", survey=118, models=["a", "b"])
    'predict?survey=118&models=a&models=b'
    """
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def asked(page: Page) -> dict[str, list[str]]:
    """The choices in the address."""
    return parse_qs(urlsplit(page.url).query)


def enter(page: Page, url: str) -> None:
    """Open `url` and wait until all of it is there."""
    page.goto(url)
    page.locator("h1").wait_for()
    settled_page(page)


def turn(page: Page, url: str) -> None:
    """Go to `url` as the back button does: within the app, where the tab shows it, at half the cost of opening."""
    if not page.url.startswith("http"):
        enter(page, url)
        return
    page.evaluate("url => { history.pushState({}, '', url); dispatchEvent(new PopStateEvent('popstate')); }", url)
    settled_page(page)
    page.locator("h1").wait_for()


def back(page: Page) -> None:
    """One step back in the browser's history."""
    page.go_back()
    settled_page(page)


def ready(page: Page, url: str) -> None:
    """Open `url` and wait until the map has tiles."""
    page.goto(url)
    page.frame_locator(MAP).locator(TILE).first.wait_for()


def click_map(page: Page, x: float, y: float) -> None:
    """Click the map at (x, y) pixels."""
    page.frame_locator(MAP).locator("#map_div").click(position={"x": x, "y": y})


def by_menu(page: Page, name: str) -> None:
    """Go to the page `name` (its part of the address) by the menu."""
    entry = page.locator(f"[data-testid=stSidebarNav] a[href$='/{name}']")
    entry.click()
    expect(entry).to_have_attribute("aria-current", "page")
    settled_page(page)


def widget(page: Page, key: str) -> Locator:
    """The widget or container of that key on the page."""
    return page.locator(f"[data-testid=stMain] :is(.st-key-{key}, .st-key-{key}_box)")


def option(page: Page, key: str, place: int) -> Locator:
    """The choice at `place` of a row of choices."""
    return widget(page, key).get_by_role("radio").nth(place)


def figure(page: Page, key: str) -> Locator:
    """The Plotly figure of that key."""
    return page.locator(f".st-key-figure_{key} {PLOT}")


def chips(page: Page) -> Locator:
    """What is said of the first survey on the page."""
    return page.locator(".chips").first


def click_point(page: Page, name: str, column: float, row: int) -> None:
    """Click the point (column, row) of a figure's axes, once it stands alone."""
    plot = figure(page, name)
    expect(plot).to_have_count(1)
    plot.scroll_into_view_if_needed()
    settled_page(page)
    x, y = page.evaluate(POSITION, [f".st-key-figure_{name}", column, row])
    page.mouse.move(x, y)
    page.wait_for_timeout(150)
    page.mouse.click(x, y)
