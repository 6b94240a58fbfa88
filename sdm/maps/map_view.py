"""Place and zoom of the click map: what it opens on, and their part in the page's address.

The map lies in a frame of the page. It writes its view into the page's address by itself, in place of the one
before: panning runs no script and makes no step of the browser's history. The view that fits the data is left out
of the address. To other pages and back by the menu, the view is remembered until the page is loaded anew.
"""

from __future__ import annotations

import numpy as np

from sdm.geo.bounds import Bounds
from sdm.maps.script import Script

WIDEST, CLOSEST = 4, 10  # zoom of the first view, of a continent and of a single place
OUTERMOST = 0.01  # share of the positions on each side

# `page` is the document round the map's frame; where it lies on another host it cannot be reached, and the map
# does without it. A view is "latitude_longitude_zoom", with as many digits as a pixel is wide.
_VIEW = """
(function () {
var page = null, name = {{ this.values.parameter | tojson }}, data = {{ this.values.data | tojson }}, home = null;
try { page = window.parent; page.location.search; } catch (error) { page = null; }
function written() {
  var zoom = map_div.getZoom(), at = map_div.wrapLatLng(map_div.getCenter());
  var digits = Math.max(1, Math.ceil(Math.log10(256 * Math.pow(2, zoom) / 360)));
  return at.lat.toFixed(digits) + "_" + at.lng.toFixed(digits) + "_" + zoom;
}
function go(text) {
  var parts = (text || "").split("_").map(Number);
  if (!text || parts.length !== 3 || !parts.every(Number.isFinite) || Math.abs(parts[0]) > 85) { return false; }
  map_div.setView([parts[0], parts[1]], Math.round(parts[2]), {animate: false});
  return true;
}
function at_home() {
  var zoom = map_div.getZoom(), here = map_div.project(map_div.getCenter(), zoom);
  return zoom === home.zoom && here.distanceTo(map_div.project(home.centre, zoom)) < 2;
}
function write_address() {
  if (!page || page.location.pathname !== path) { return; }
  var query = new URLSearchParams(page.location.search), view = at_home() ? null : written();
  page.mapViews[data] = view;
  if (query.get(name) === view) { return; }
  if (view) { query.set(name, view); } else { query.delete(name); }
  var text = query.toString(), address = page.location.pathname + (text ? "?" + text : "") + page.location.hash;
  page.History.prototype.replaceState.call(page.history, page.history.state, "", address);
}
function fit() {
  var bounds = L.latLngBounds({{ this.values.bounds | tojson }}), closest = {{ this.values.closest }};
  var size = map_div.getSize(), rim = L.point(120, 48);  // buttons lie on it
  // On a phone half the map would be rim, as a zoom is twice the next: a scene may go a little beyond its edges.
  if (size.x < 480 && closest > {{ this.values.place }}) { rim = size.multiplyBy(-0.1); }
  var zoom = Math.min(closest, map_div.getBoundsZoom(bounds, false, rim));
  map_div.setView(bounds.getCenter(), Math.max({{ this.values.widest }}, zoom), {animate: false});
  home = {centre: map_div.getCenter(), zoom: map_div.getZoom()};
}
map_div.invalidateSize();
fit();
if (!map_div.getSize().x) { map_div.once("resize", fit); }
if (page) {
  var path = page.location.pathname;
  page.mapViews = page.mapViews || {};
  var here = new URLSearchParams(page.location.search).get(name), other = page.mapData && page.mapData !== data;
  page.mapData = data;
  var before = page.cameByHistory ? null : page.mapViews[data];  // an entry without a view is the first one
  go(other ? before : here || before);
  write_address();
  map_div.on("moveend", write_address);
  var follow = function () {
    if (page.location.pathname !== path) { return; }
    var view = new URLSearchParams(page.location.search).get(name);
    if (view !== (at_home() ? null : written()) && !go(view)) {
      map_div.setView(home.centre, home.zoom, {animate: false});
    }
  };
  page.addEventListener("popstate", follow);
  window.addEventListener("pagehide", function () { page.removeEventListener("popstate", follow); });
}
})();
"""
# The frame forgets what was done when it is made anew; the page does not.
MOVE = """
(function (move) {
  var memory = window;
  try { window.parent.location.search; memory = window.parent; } catch (error) { memory = window; }
  if (memory.lastMapMove === move.token) { return; }
  memory.lastMapMove = move.token;
  var at = L.latLng(move.lat, move.lon);
  if (move.zoom !== null) { map_div.setView(at, move.zoom); }
  else if (!map_div.getBounds().pad(-0.1).contains(at)) {
    map_div.panInside(at, {padding: map_div.getSize().divideBy(4)});
  }
})({{ this.values.move | tojson }});
"""


def extent(lon: np.ndarray, lat: np.ndarray, within: Bounds) -> Bounds:
    """Return the bounds of the positions (n,) in degrees that lie `within`, or `within` where none does.

    Of a hundred positions or more, the outermost hundredth on each side is left out: a few that lie apart, or are
    wrong, make no map of a whole continent.

    >>> extent(np.array([8.0, 12.0, np.nan, 100.0]), np.array([54.5, 57.5, 50.0, 0.0]), ((30, -32), (73, 52)))
    ((54.5, 8.0), (57.5, 12.0))
    """
    (south, west), (north, east) = within
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not inside.any():
        return within
    (south, north), (west, east) = _inner(lat[inside]), _inner(lon[inside])
    return (south, west), (north, east)


def _inner(values: np.ndarray) -> tuple[float, float]:
    low = np.quantile(values, OUTERMOST, method="lower")
    return float(low), float(np.quantile(values, 1 - OUTERMOST, method="higher"))


def view_script(data: str, parameter: str, bounds: Bounds, closest: int = CLOSEST) -> Script:
    """What opens the map on `bounds`, at most at the zoom `closest`, or on the view in the address under
    `parameter`; `data` is a key."""
    return Script(
        "view", _VIEW, data=data, parameter=parameter, bounds=bounds, widest=WIDEST, closest=closest, place=CLOSEST
    )
