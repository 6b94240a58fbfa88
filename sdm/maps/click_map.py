"""The click map: own base map and survey tiles, place names, and a mark at the selected survey.

streamlit-folium keys a map by its content: what may change lives in `changing_layer`, the rest stays constant so
that no click, filter or survey resets the view.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

import folium
from branca.element import Figure, MacroElement
from xyzservices import TileProvider

from sdm.geo.bounds import Bounds
from sdm.geo.mercator import HIGHEST_ZOOM, RASTER_ZOOM
from sdm.maps.map_view import MOVE
from sdm.maps.place_names import Name
from sdm.maps.script import Script

PINNED_PX = (20, 20)
FAINT = 0.3  # opacity
FOOTPRINT_M, METRES_A_DEGREE = 640, 111_195
CENTRE, ZOOM = (51.2, 10.5), 4
BOUNDS = ((30.0, -32.0), (73.0, 52.0))  # south-west and north-east of what can be panned to in Europe
WORLD = ((-80.0, -180.0), (84.0, 180.0))
OPENSTREETMAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
LEAFLET_JS = [("leaflet", "/app/static/leaflet.js")]
LEAFLET_CSS = [("leaflet_css", "/app/static/leaflet.css")]


@dataclass(frozen=True)
class Mark:
    """Marked positions (lon, lat): the selected survey, the place that led to it if another, the pinned survey."""

    selected: tuple[float, float] | None
    clicked: tuple[float, float] | None = None
    pinned: tuple[float, float] | None = None
    side_m: float = FOOTPRINT_M  # of the square that is seen of a survey


@dataclass(frozen=True)
class TileLayer:
    """Tiles that lie at `height` above those of lower ones; "" for a `url` takes them off the map."""

    name: str
    url: str
    height: int
    opacity: float = 1.0
    native_zoom: int = RASTER_ZOOM


@dataclass(frozen=True)
class Move:
    """The map is moved to a place, once per `token`; without `zoom` only where the place is out of sight."""

    lon: float
    lat: float
    zoom: int | None
    token: int


@dataclass(frozen=True)
class Circle:
    """A survey as an object of its own: `survey` comes back with a click on it, `words` are read over it."""

    lon: float
    lat: float
    colour: str
    survey: str
    words: str


# The component waits 250 ms before it reports a click, and knows the place alone: `report` is at once, with
# `more`, and leaves the component nothing to report by itself.
_CLICK = """
map_div.attributionControl.setPrefix("Leaflet");
window.report = function (latlng, more) {
  var at = map_div.wrapLatLng(latlng), place = {lat: at.lat, lng: at.lng};
  window.__GLOBAL_DATA__.lat_lng_clicked = place;
  window.__GLOBAL_DATA__.previous_data = {last_clicked: place};
  window.Streamlit.setComponentValue({last_clicked: Object.assign({}, place, more)});
};
map_div.on("click", function (event) {
  var hit = window.hit;
  window.hit = null;
  if (window.pulse) { map_div.removeLayer(window.pulse); }
  window.pulse = L.circleMarker(event.latlng, {radius: 9, className: "pulse", interactive: false}).addTo(map_div);
  window.report(event.latlng, hit ? {survey: hit} : {});
});
"""
_POINTS = """
{{ this.values.layers | tojson }}.forEach(function (layer) {
  var name = layer[0], url = layer[1], there = window[name];
  if (there && url) { there.setUrl(url); there.setOpacity(layer[3]); }
  else if (there) { map_div.removeLayer(there); window[name] = null; }
  else if (url) {
    window[name] = L.tileLayer(url, {maxZoom: {{ this.values.zoom }}, maxNativeZoom: layer[4], zIndex: layer[2],
      opacity: layer[3]}).addTo(map_div);
  }
});
if (window.pulse) { map_div.removeLayer(window.pulse); window.pulse = null; }
"""
# What is clicked is told to the map's own handler, which comes after it.
_NEARBY = """
(function (circles, rim) {
  var drawn = JSON.stringify([circles, rim]);
  window.hit = null;
  // Drawn anew between press and release, a circle would not be clicked but the place beneath it.
  if (window.nearby && map_div.hasLayer(window.nearby) && window.nearby.drawn === drawn) { return; }
  if (window.nearby) { map_div.removeLayer(window.nearby); }
  window.nearby = L.layerGroup(circles.map(function (c) {
    var look = {radius: 5, weight: 1, color: rim, fillColor: c[2], fillOpacity: 0.95, className: "survey"};
    return L.circleMarker([c[1], c[0]], look).on("click", function () { window.hit = c[3]; })
      .bindTooltip(function () {
        var words = document.createElement("span");
        words.textContent = c[4];
        return words;
      }, {direction: "top"});
  })).addTo(map_div);
  window.nearby.drawn = drawn;
})({{ this.values.circles | tojson }}, {{ this.values.rim | tojson }});
"""
_NAMES = """
var places = L.layerGroup().addTo(map_div), names = {{ this.values.names | tojson }};
function nameplaces() {
  places.clearLayers();
  names.filter(function (n) { return n[3] <= map_div.getZoom(); }).forEach(function (n) {
    var label = document.createElement("span");
    label.textContent = n[0];
    L.marker([n[2], n[1]], {interactive: false, keyboard: false, icon: L.divIcon(
      {className: "place " + n[4], html: label, iconSize: null})}).addTo(places);
  });
}
map_div.on("zoomend", nameplaces);
nameplaces();
"""
_STYLE = """
<style>
.leaflet-container { background: %(sea)s; font: 12px system-ui, "Segoe UI", sans-serif; cursor: crosshair; }
.leaflet-container .leaflet-bar a { background: %(panel)s; color: %(text)s; border-color: %(line)s; }
.leaflet-control-attribution, .leaflet-control-layers, .leaflet-control-scale-line {
  background: %(panel)s !important; color: %(text)s !important; border-color: %(line)s !important; }
.leaflet-control-attribution, .leaflet-control-scale-line { font-size: 10px; }
.leaflet-control-attribution a { color: %(text)s !important; }
.leaflet-control-layers-toggle { filter: %(icon)s; }
.view-button { font: 600 12px system-ui, "Segoe UI", sans-serif; padding: 7px 10px; border-radius: 6px;
  cursor: pointer; background: %(panel)s; color: %(text)s; border: 1.5px solid currentColor;
  max-width: calc(100vw - 90px); }
.view-button:hover:enabled, .view-button:focus-visible { background: %(text)s; color: %(halo)s; }
.view-button:disabled { opacity: .6; cursor: default; }
.place { color: %(text)s; white-space: nowrap; pointer-events: none;
  text-shadow: 0 0 2px %(halo)s, 0 0 3px %(halo)s, 0 0 4px %(halo)s; }
.place span { position: absolute; transform: translate(-50%%, -50%%); }
.place.town { font-size: 11px; opacity: .9; }
.place.country { font-size: 11px; letter-spacing: .14em; text-transform: uppercase; opacity: .62; }
.pinned-mark { box-sizing: border-box; border: 3px solid %(pinned)s; border-radius: 3px; pointer-events: none; }
.pulse { stroke: %(mark)s; fill: none; stroke-width: 2.5; animation: pulse 1s ease-out infinite; }
@keyframes pulse { from { stroke-opacity: 1; } to { stroke-opacity: .15; } }
@media (prefers-reduced-motion: reduce) { .pulse { animation: none; } }
</style>
"""
_COLOURS = {
    "light": {"sea": "#d5e2ea", "panel": "#ffffffe6", "text": "#34433d", "line": "#c9d4cd", "halo": "#fff",
              "mark": "#1c2723", "pinned": "#b04b00", "icon": "none"},
    "dark": {"sea": "#111c23", "panel": "#141d1ae6", "text": "#c9d4ce", "line": "#34433d", "halo": "#101715",
             "mark": "#f2f6f3", "pinned": "#ff9a57", "icon": "invert(1)"},
}  # fmt: skip
RIMS = {"light": "#ffffff", "dark": "#8fa198"}  # round points that lie on the map


def base_map(
    basemap_url: str, names: Sequence[Name], theme: str, view: MacroElement | None = None,
    zoom: int = HIGHEST_ZOOM, bounds: Bounds = BOUNDS,
) -> folium.Map:  # fmt: skip
    """The constant part, down to `zoom` and within `bounds`: base map, names, what opens and remembers a `view`. A
    new object each time: rendering changes it. Of hundreds of names, `astuple` would copy each field."""
    (south, west), (north, east) = bounds
    _own_leaflet()
    chart = folium.Map(
        location=CENTRE, zoom_start=ZOOM, tiles=None, min_zoom=3, max_zoom=zoom, zoom_control="topright",
        double_click_zoom=False, max_bounds=True, min_lat=south, min_lon=west, max_lat=north, max_lon=east,
        max_bounds_viscosity=0.8, control_scale=True,
    )  # fmt: skip
    if view is not None:
        chart.add_child(view)
    folium.TileLayer(
        _provider(basemap_url), attr="own relief", name="Relief", max_zoom=zoom, max_native_zoom=HIGHEST_ZOOM
    ).add_to(chart)
    folium.TileLayer(
        _provider(OPENSTREETMAP), attr="© OpenStreetMap contributors", name="OpenStreetMap (from the internet)",
        show=False, max_zoom=zoom,
    ).add_to(chart)  # fmt: skip
    figure = chart.get_root()
    assert isinstance(figure, Figure)
    figure.header.add_child(folium.Element(_STYLE % _COLOURS[theme]))
    chart.add_child(Script("names", _NAMES, names=[list(vars(name).values()) for name in names]))
    chart.add_child(Script("click", _CLICK))
    folium.LayerControl(position="topright").add_to(chart)
    return chart


def _provider(url: str) -> TileProvider:
    """The address as a provider: folium would look for it among the names of hundreds, at every rerun."""
    return TileProvider(name=url, url=url, attribution="")


def changing_layer(
    points_url: str,
    mark: Mark | None,
    theme: str,
    circles: Sequence[Circle] = (),
    move: Move | None = None,
    faint_url: str = "",
    rasters: Sequence[TileLayer] = (),
) -> folium.FeatureGroup:
    """What changes without a redraw of the map: which surveys are shown, which are `faint` behind them, those that
    are circles, the mark, `rasters` under and over the surveys, and where the map is moved to."""
    group = mark_layer(mark, theme, halo=bool(rasters))
    near = [list(vars(one).values()) for one in circles]  # `astuple` would copy each field
    group.add_child(Script("nearby", _NEARBY, circles=near, rim=RIMS[theme]))
    faint = TileLayer("faint", faint_url, 390, FAINT, HIGHEST_ZOOM)
    group.add_child(tiles((*rasters, faint, TileLayer("points", points_url, 400, 1, HIGHEST_ZOOM))))
    if move is not None:
        group.add_child(Script("move", MOVE, move=asdict(move)))
    return group


def tiles(layers: Sequence[TileLayer]) -> Script:
    """What puts the layers on the map, or takes those without tiles off it."""
    return Script("points", _POINTS, layers=[astuple(layer) for layer in layers], zoom=RASTER_ZOOM)


def mark_layer(mark: Mark | None, theme: str, halo: bool = False) -> folium.FeatureGroup:
    """The mark alone; with a `halo` it is seen on dark and bright rasters."""
    group = folium.FeatureGroup(name="mark", control=False)
    if mark is None:
        return group
    if mark.pinned is not None:
        _add_pinned(group, mark.pinned, mark.side_m, _COLOURS[theme]["pinned"])
    if mark.selected is not None:
        if halo:
            at = mark.selected[::-1]
            folium.CircleMarker(at, 11, weight=6, color=_COLOURS[theme]["halo"], interactive=False).add_to(group)
        _add_selected(group, mark, _COLOURS[theme]["mark"])
    return group


def _add_selected(group: folium.FeatureGroup, mark: Mark, colour: str) -> None:
    """A ring round a dot, the footprint, and a dotted line from the place clicked."""
    assert mark.selected is not None
    selected, clicked, side_m = mark.selected, mark.clicked, mark.side_m
    style: dict[str, Any] = {"color": colour, "interactive": False}
    here, circle = selected[::-1], partial(folium.CircleMarker, **style)
    if clicked is not None:
        line = [clicked[::-1], here]
        folium.PolyLine(line, weight=1.5, dash_array="3 5", **style).add_to(group)  # type: ignore[no-untyped-call]
        circle(location=line[0], radius=3, weight=1.5, fill=False).add_to(group)
    folium.Rectangle(_footprint(*selected, side_m), weight=1.5, fill=False, **style).add_to(group)
    for radius, weight, opacity in ((11, 2.5, 0.0), (3, 1, 1.0)):
        circle(location=here, radius=radius, weight=weight, fill=True, fill_opacity=opacity).add_to(group)


def _add_pinned(group: folium.FeatureGroup, pinned: tuple[float, float], side_m: float, colour: str) -> None:
    """An upright square, and the footprint."""
    folium.Rectangle(
        _footprint(*pinned, side_m), weight=1.5, fill=False, color=colour, interactive=False
    ).add_to(group)  # fmt: skip
    icon = folium.DivIcon(icon_size=PINNED_PX, icon_anchor=(PINNED_PX[0] // 2, PINNED_PX[1] // 2),
                          class_name="pinned-mark")  # fmt: skip
    folium.Marker(pinned[::-1], icon=icon, interactive=False, keyboard=False).add_to(group)


def _footprint(lon: float, lat: float, side_m: float) -> list[tuple[float, float]]:
    """South-west and north-east of the square the satellite picture shows."""
    north = side_m / 2 / METRES_A_DEGREE
    east = north / math.cos(math.radians(lat))
    return [(lat - north, lon - east), (lat + north, lon + east)]


def _own_leaflet() -> None:
    """Serve Leaflet ourselves; folium's default is to fetch it, jQuery and Bootstrap from elsewhere."""
    folium.Map.default_js = LEAFLET_JS
    folium.Map.default_css = LEAFLET_CSS


def points_template(dataset: str, query: str) -> str:
    """URL pattern of the survey tiles of a known data set; `query` is percent-encoded already."""
    return f"/tiles/points/{quote(dataset, safe='')}/{{z}}/{{x}}/{{y}}.png" + (f"?{query}" if query else "")
