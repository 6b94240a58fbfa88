"""What the colours of a class map mean."""

from __future__ import annotations

from typing import Final

import streamlit as st

from sdm.maps.class_colours import STEPS
from sdm.number_format import number
from sdm.ui.cache import class_maps, rasters
from sdm.ui.components import scene_choices
from sdm.ui.components.markup import colour_bar, fine
from sdm.ui.predict.class_map_job import ClassMapQuery

MEASURES: Final = {
    "probability": "Probability of the most probable class",
    "entropy": "Entropy: 0 where one class alone is probable, 1 where all are alike",
}


def show(query: ClassMapQuery, what: str, level: str) -> None:
    """The classes of the map, or a colour bar."""
    if what == "class":
        polygons = " Polygons drawn over it have the same colours." if query.scene.mappings else ""
        st.html(fine(f"The most probable class of each {query.noun}.{polygons}"))
        scene_choices.folded_legend(classes_at(query, level))
    elif what in (*MEASURES, "value"):
        low, high = class_maps.limits(query.folder, what)
        under, over = ("≤ ", "≥ ") if what == "value" else ("", "")
        ends = f"{under}{number(low)}", number((low + high) / 2), f"{over}{number(high)}"
        st.html(colour_bar(STEPS, ends, measure_of(query, what)))


def measure_of(query: ClassMapQuery, what: str) -> str:
    """What a colour bar measures."""
    return MEASURES.get(what) or f"Predicted {query.run.card.unit or 'value'}"


def classes_at(query: ClassMapQuery, level: str) -> list[tuple[str, str, int]]:
    """(label, colour, pixels) of the classes of the map at a level, the largest first."""
    data, level = class_maps.classes_of(query.data, query.run, level)
    shades = rasters.colours(data, level)
    label = dict(zip(data.targets.classes["name"].astype(str), shades.label, strict=True))
    table = class_maps.areas(query.folder, query.run)
    pixels = table.groupby(table["name"].map(label), sort=False)["pixels"].sum().sort_values(ascending=False)
    return [(str(name), shades.colour[str(name)], int(n)) for name, n in pixels.items()]
