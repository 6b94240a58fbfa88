"""Choices about scenes that pages share: site, raster, mapper of the polygons, level of their colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import streamlit as st

from sdm.analysis.raster_looks import looks
from sdm.data.dataset import Dataset
from sdm.maps.class_colours import CLASS, levels
from sdm.modalities import MODALITIES
from sdm.rasters.scenes import Layer, Scene, steps_of
from sdm.ui.components import linked
from sdm.ui.components.markup import legend, ordinal
from sdm.ui.state import Key

NONE: Final = "none"
FIRST_LABELS = 14  # of a legend
FIRST_DATE = 4  # of series that is drawn until another is chosen: nearly every pixel has as many


def site_choice(data: Dataset, scenes: Sequence[Scene], selected: str | None) -> str:
    """The source of the scene that is looked at: that of the survey selected, until another is chosen."""
    return place_choice(data, {scene.source: scene.title for scene in scenes}, selected)


def place_choice(data: Dataset, titles: dict[str, str], selected: str | None) -> str:
    """The source that is looked at, of `titles`: that of the survey selected, until another is chosen."""
    state = st.session_state
    if len(titles) == 1:
        return next(iter(titles))
    if selected in titles and state.get(Key.SITE_SELECTED, selected) != selected:
        state[Key.SITE] = selected  # another survey, at another site
    state[Key.SITE_SELECTED] = selected
    first = selected if selected in titles else _largest(data, titles)
    return linked.segmented_control("Site", titles, Key.SITE, first, label_visibility="collapsed")


def scene_of(scenes: Sequence[Scene], source: str) -> Scene:
    """The scene of that source."""
    return next(scene for scene in scenes if scene.source == source)


def raster_choice(scenes: Sequence[Scene]) -> str:
    """`layer.look` of what is drawn, or NONE."""
    titles: dict[str, str] = {}
    for layer in (layer for scene in scenes for layer in scene.layers):
        for name, look in looks(MODALITIES[layer.modality].channels).items():
            titles.setdefault(f"{layer.name}.{name}", f"{layer.title}: {look.title[:1].lower()}{look.title[1:]}")
    titles[NONE] = "No raster"
    return linked.selectbox("Raster", titles, Key.RASTER, label_visibility="collapsed", width=225)


def date_choice(scenes: Sequence[Scene], name: str) -> int:
    """Which date is drawn of the layer `name`, 0 where it is no series."""
    steps = max((steps_of(layer) for scene in scenes for layer in scene.layers if layer.name == name), default=0)
    if not steps:
        return 0
    titles = {step: f"{ordinal(step)} date" for step in range(1, steps + 1)}
    return linked.selectbox(
        "Date", titles, Key.RASTER_DATE, min(FIRST_DATE, steps), label_visibility="collapsed", width=110
    )


def mapper_choice(scenes: Sequence[Scene], default: str | None = None) -> str:
    """The mapper whose polygons are drawn, at first the first one, or NONE."""
    mappers = dict.fromkeys(mapping.mapper for scene in scenes for mapping in scene.mappings)
    if not mappers:
        return NONE
    titles = {mapper: f"Polygons: {mapper}" for mapper in mappers} | {NONE: "No polygons"}
    return linked.selectbox("Polygons", titles, Key.POLYGONS, default, label_visibility="collapsed", width=185)


def level_choice(data: Dataset) -> str:
    """The level of the hierarchy whose classes have colours of their own, at first the one above the classes."""
    titles = {name: f"Colour: {name.replace('_', ' ')}" for name in levels(data.targets)}
    if len(titles) == 1:
        return next(iter(titles))
    return linked.selectbox(
        "Colour by level", titles, Key.MAPPED_LEVEL, list(titles)[1], label_visibility="collapsed", width=185
    )


def raster_url(layer: Layer | str, look: str | None = None, date: int = 0) -> str:
    """The tiles of a layer by a look, the usual one where it is None; of series at a `date`."""
    name = layer if isinstance(layer, str) else layer.name
    if look is None:
        assert isinstance(layer, Layer)
        look = next(iter(looks(MODALITIES[layer.modality].channels)))
        date = date or min(FIRST_DATE, steps_of(layer))
    look = f"{look}@{date}" if date else look
    return f"/tiles/raster/{_key()}/{quote(name, safe='')}/{look}/{{z}}/{{x}}/{{y}}.png"


def polygon_url(mapper: str, level: str) -> str:
    """The tiles of one mapper's polygons, "" of none."""
    if mapper == NONE:
        return ""
    return f"/tiles/polygons/{_key()}/{quote(mapper, safe='')}/{level or CLASS}/{{z}}/{{x}}/{{y}}.png"


def folded_legend(entries: Sequence[tuple[str, str, int]]) -> None:
    """(label, colour, count) of many classes: the first in sight, the rest when asked for."""
    st.html(legend(entries[:FIRST_LABELS]))
    if len(entries) > FIRST_LABELS:
        with st.expander(f"{len(entries) - FIRST_LABELS} more classes"):
            st.html(legend(entries[FIRST_LABELS:]))


def _key() -> str:
    return quote(linked.query()["data"], safe="")


def _largest(data: Dataset, titles: dict[str, str]) -> str:
    counts = data.sites["source"].astype(str).value_counts()
    return str(next((source for source in counts.index if source in titles), next(iter(titles))))
