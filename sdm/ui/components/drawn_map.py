"""Click maps on pages. The constant part of a map is drawn once for all visitors.

folium and streamlit-folium would draw it anew at every rerun, and compile all that is drawn as a template: some
30 ms. What they make of a map is handed to the component here as `st_folium` would; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, ParamSpec

import folium
import streamlit as st
import streamlit_folium as component
from branca.element import Element

from sdm.geo.bounds import Bounds
from sdm.maps.click_map import base_map
from sdm.maps.place_names import names
from sdm.maps.script import Script
from sdm.ui.cache.memo import memo
from sdm.ui.components.theme import theme

P = ParamSpec("P")
MOST_HELD = 256  # of at most 400 circles, 40 kB each
RETURNED, GROUP, MAP = "last_clicked", "feature_group_0", "map_div"
ADDED = f"""
        map_div.addLayer(feature_group_{GROUP});
        window.feature_group = window.feature_group || [];
        window.feature_group.push(feature_group_{GROUP});
        """


@dataclass(frozen=True)
class DrawnMap:
    """What the component is handed of the constant part; `identity` tells one map from another."""

    script: str
    header: str
    html: str
    css_links: list[str]
    js_links: list[str]
    identity: str


def click_map(
    key: str, view: Script | None, zoom: int, bounds: Bounds, changing: str, height: int,
    clicked: Callable[[], None],
) -> None:  # fmt: skip
    """A map of `base_map` in the reader's appearance with what is `changing` on it: see `script_of`.

    A click is stored in the session's state under `key`, then `clicked` is called; panning reruns nothing.
    """
    drawn = _drawn(key, theme(), view, zoom, bounds)

    def store() -> None:
        st.session_state[key] = st.session_state.get(drawn.identity, {})
        clicked()

    component._component_func(
        script=drawn.script, header=drawn.header, html=drawn.html, id=MAP, key=drawn.identity, height=height,
        width=None, returned_objects=[RETURNED], default={RETURNED: None}, zoom=None, center=None,
        feature_group=changing, return_on_hover=False, layer_control=None, pixelated=False,
        css_links=drawn.css_links, js_links=drawn.js_links, on_change=store, wrap_longitude=True,
    )  # fmt: skip


@memo(64)
def _drawn(key: str, appearance: str, view: Script | None, zoom: int, bounds: Bounds) -> DrawnMap:
    made = base_map(f"/tiles/base/{appearance}/{{z}}/{{x}}/{{y}}.png", names(), appearance, view, zoom, bounds)
    made.get_root().render()
    made.render()  # type: ignore[no-untyped-call]
    html, header = component._get_html(made), component._get_header(made)
    script = component._get_map_string(made)
    css = [address for each in _parts(made) for _, address in getattr(each, "default_css", [])]
    js = [address for each in _parts(made) for _, address in getattr(each, "default_js", [])]
    identity = component.generate_js_hash(script, key)
    return DrawnMap(script, header, html, list(dict.fromkeys(css)), list(dict.fromkeys(js)), identity)


def _parts(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _parts(child)


class _Base(Element):
    """Stands for the map where what changes is drawn without it."""

    def get_name(self) -> str:
        return MAP


@memo(MOST_HELD)
def _held(draw: Callable[..., folium.FeatureGroup], values: tuple[Any, ...], named: dict[str, Any]) -> str:
    return script_of(draw(*values, **named))


def held_script(draw: Callable[P, folium.FeatureGroup], *values: P.args, **named: P.kwargs) -> str:
    """`script_of` the group that `draw` makes of these values, made once."""
    return _held(draw, values, named)


def script_of(changing: folium.FeatureGroup) -> str:
    """What puts a group on the map that is there, instead of the group before."""
    changing._id, changing._parent = GROUP, _Base()
    for mark in changing._children.values():
        if isinstance(mark, folium.Marker) and mark.icon is not None:
            mark.add_child(mark.SetIcon(marker=mark, icon=mark.icon))  # as its `render` does
    return dedent(component.generate_leaflet_string(changing, base_id=GROUP)) + dedent(ADDED)
