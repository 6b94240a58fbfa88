"""A limited number of surveys as points over the base map, coloured by a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import folium
import numpy as np

from sdm.maps.click_map import RIMS, Mark, TileLayer, mark_layer, tiles
from sdm.maps.script import Script

REGION_ZOOM = 7  # at which the surroundings of a survey are seen
MOST_POINTS = 2000  # more objects make a browser slow

# The view follows the points when they are others than before, never otherwise.
_SHOW = """
if (window.pulse) { map_div.removeLayer(window.pulse); window.pulse = null; }
if (window.points) { map_div.removeLayer(window.points); }
// One canvas instead of an element a circle.
map_div.canvas = map_div.canvas || L.canvas({padding: 0.5});
window.points = L.featureGroup({{ this.values.circles | tojson }}.map(function (c) {
  return L.circleMarker([c[1], c[0]], {radius: 5, weight: 1, color: {{ this.values.rim | tojson }},
    fillColor: c[2], fillOpacity: 0.92, interactive: false, renderer: map_div.canvas});
})).addTo(map_div);
if (window.shown !== {{ this.values.shown | tojson }}) {
  window.shown = {{ this.values.shown | tojson }};
  var bounds = window.points.getBounds();
  map_div.options.zoomSnap = 0.25;
  if (bounds.isValid()) {
    map_div.fitBounds(bounds, {maxZoom: {{ this.values.closest }}, animate: false, padding: [12, 12]});
  }
}
"""


@dataclass(frozen=True)
class Points:
    """N points to draw: degrees and a colour each; `row` is the caller's."""

    lon: np.ndarray
    lat: np.ndarray
    colour: Sequence[str]
    row: np.ndarray

    @staticmethod
    def build(lon: np.ndarray, lat: np.ndarray, colour: Sequence[str]) -> Points:
        """Those with a finite position, evenly thinned to MOST_POINTS."""
        row = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if len(row) > MOST_POINTS:
            row = row[np.linspace(0, len(row) - 1, MOST_POINTS).round().astype(int)]
        return Points(lon[row], lat[row], [colour[i] for i in row.tolist()], row)

    def nearest(self, lon: float, lat: float) -> int | None:
        """The caller's row of the point nearest to a place; None without points."""
        if not self.row.size:
            return None
        east = (self.lon - lon) * np.cos(np.radians(lat))
        return int(self.row[np.argmin(east**2 + (self.lat - lat) ** 2)])

    def circles(self) -> list[tuple[float, float, str]]:
        """Longitude, latitude and colour of each."""
        return list(zip(self.lon.round(5).tolist(), self.lat.round(5).tolist(), self.colour, strict=True))


def points_layer(
    points: Points, name: str, mark: Mark | None, theme: str, closest: int = REGION_ZOOM,
    rasters: Sequence[TileLayer] = (),
) -> folium.FeatureGroup:  # fmt: skip
    """The points and the mark over `rasters`; the map moves to the points when `name` is another than before, no
    closer than the zoom `closest`."""
    group = mark_layer(mark, theme, halo=bool(rasters))
    if rasters:
        group.add_child(tiles(rasters))
    group.add_child(Script("show", _SHOW, circles=points.circles(), rim=RIMS[theme], shown=name, closest=closest))
    return group
