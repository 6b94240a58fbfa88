"""What the colours of a class map mean."""

from __future__ import annotations

from typing import Final

import streamlit as st

from sdm.maps.class_colours import STEPS
from sdm.number_format import number
from sdm.rasters.class_titles import class_titles, in_words
from sdm.ui.cache import class_maps, rasters
from sdm.ui.components import linked, scene_choices
from sdm.ui.components.markup import colour_bar, fine
from sdm.ui.predict.class_map_job import ClassMapQuery
from sdm.ui.state import Key

MANY, FEW = 8, 8  # classes of more than which a few can be painted alone
MEASURES: Final = {
    "probability": "Probability of the most probable class",
    "entropy": "Entropy: 0 where one class alone is probable, 1 where all are alike",
}


def show(query: ClassMapQuery, what: str, level: str) -> None:
    """The classes of the map, or a colour bar."""
    if what == "class":
        polygons = " Polygons drawn over it have the same colours." if query.scene.mappings else ""
        st.html(fine(f"The most probable class of each {query.noun}.{polygons}"))
        titles = class_titles(query.data.targets)
        entries = [(in_words(name, titles), colour, pixels) for name, colour, pixels in classes_at(query, level)]
        scene_choices.folded_legend(entries)
    elif what in (*MEASURES, "value"):
        low, high = class_maps.limits(query.folder, what)
        under, over = ("≤ ", "≥ ") if what == "value" else ("", "")
        ends = f"{under}{number(low)}", number((low + high) / 2), f"{over}{number(high)}"
        st.html(colour_bar(STEPS, ends, measure_of(query, what)))


def choice(query: ClassMapQuery, what: str, level: str) -> list[str]:
    """The few classes that are painted alone, as many colours cannot be told apart; none for all."""
    entries = classes_at(query, level) if what == "class" else []
    if len(entries) <= MANY:
        return []
    titles = class_titles(query.data.targets)
    names = {name: in_words(name, titles) for name, _, _ in entries}
    return linked.multiselect(
        "Classes", names, Key.MAP_CLASSES, max_selections=FEW, label_visibility="collapsed",
        placeholder=f"All {len(entries)} classes; choose up to {FEW} to see them alone",
    )  # fmt: skip


def measure_of(query: ClassMapQuery, what: str) -> str:
    """What a colour bar measures."""
    return MEASURES.get(what) or f"Predicted {query.run.card.unit or 'value'}"


def classes_at(query: ClassMapQuery, level: str) -> list[tuple[str, str, int]]:
    """(label, colour, pixels) of the classes of the map at a level, the largest first."""
    label = class_maps.labels(query.data, query.run, level)
    shades = rasters.colours(*class_maps.classes_of(query.data, query.run, level))
    table = class_maps.areas(query.folder, query.run)
    pixels = table.groupby(table["name"].map(label), sort=False)["pixels"].sum().sort_values(ascending=False)
    return [(str(name), shades.colour[str(name)], int(n)) for name, n in pixels.items()]
