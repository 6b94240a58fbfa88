"""A button on the map that asks for what the map shows, with how much that is: reckoned where the map is moved."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sdm.geo.bounds import Bounds
from sdm.maps.script import Script

# A click sends the view as a click at its middle, with `bounds`: south, west, north, east.
_BUTTON = """
if (window.viewButton) { map_div.off("moveend", window.viewButton.reckon); window.viewButton.remove(); }
window.viewButton = null;
(function (offer) {
  if (!offer) { return; }
  var control = L.control({position: "topleft"}), box = document.createElement("button"), seen = null;
  box.type = "button";
  box.className = "view-button";
  control.onAdd = function () { L.DomEvent.disableClickPropagation(box); return box; };
  control.reckon = function () {
    var here = map_div.getBounds(), ours = L.latLngBounds(offer.bounds), metre = Math.PI * 6371008.8 / 180;
    var south = Math.max(here.getSouth(), ours.getSouth()), north = Math.min(here.getNorth(), ours.getNorth());
    var west = Math.max(here.getWest(), ours.getWest()), east = Math.min(here.getEast(), ours.getEast());
    seen = south < north && west < east ? [south, west, north, east] : null;
    box.disabled = !seen;
    if (!seen) { box.textContent = offer.outside; return; }
    var high = (north - south) * metre, wide = (east - west) * metre * Math.cos((south + north) * Math.PI / 360);
    var count = Math.max(1, Math.round(high * wide / (offer.cell_m * offer.cell_m))), time = count * offer.seconds;
    var rounded = Number(count.toPrecision(2)).toLocaleString("en");
    var lasting = time < 1 ? "1 s" : time < 90 ? Math.round(time) + " s" : Math.round(time / 60) + " min";
    box.textContent = offer.words + " · " + rounded + " " + offer.noun + " · about " + lasting;
  };
  box.onclick = function () {
    window.report(map_div.getCenter(), {bounds: seen});
    box.disabled = true;
  };
  window.viewButton = control;
  control.addTo(map_div);
  control.reckon();
  map_div.on("moveend", control.reckon);
})({{ this.values.offer | tojson }});
"""


@dataclass(frozen=True)
class ViewOffer:
    """What can be asked for of the view: `words` and `noun` on the button, the `bounds` of all there is, metres
    from one item to the next, and seconds that each takes."""

    words: str
    noun: str
    outside: str
    bounds: Bounds
    cell_m: float
    seconds: float


def view_button(offer: ViewOffer | None) -> Script:
    """What puts the button on the map, or takes it off."""
    return Script("view-button", _BUTTON, offer=None if offer is None else asdict(offer))
