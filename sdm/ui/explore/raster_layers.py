"""Rasters and mapped polygons on the map of Explore: which are drawn, and what their colours mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import numpy as np
import streamlit as st

from sdm.analysis.raster_looks import looks
from sdm.data.dataset import Dataset, TargetKind
from sdm.maps.class_colours import CLASS, levels
from sdm.maps.click_map import TileLayer
from sdm.modalities import MODALITIES
from sdm.number_format import number
from sdm.rasters.scenes import Scene
from sdm.ui.cache import rasters
from sdm.ui.components import linked
from sdm.ui.components.markup import legend, sentence
from sdm.ui.state import LINK, Key

NONE: Final = "none"
RASTER_HEIGHT, POLYGON_HEIGHT = 300, 350  # those of surveys begin at 390
OPACITY = 70  # per cent, of polygons
FEW = 2000  # surveys that leave the raster in sight
FIRST_LABELS = 14  # of a legend


@dataclass(frozen=True)
class SceneView:
    """What the map shows of scenes: tiles, whether the surveys are drawn, and the site it opens on."""

    site: str
    layers: tuple[TileLayer, ...]
    points: bool
    level: str
    mapper: str


def site_choice(data: Dataset, scenes: Sequence[Scene], selected: str | None) -> str:
    """The source of the scene on which the map opens: that of the survey selected, until another is chosen."""
    titles = {scene.source: scene.title for scene in scenes}
    if len(titles) == 1:
        return next(iter(titles))
    first, state = selected if selected in titles else _largest(data, titles), st.session_state
    if selected in titles and state.get(Key.SITE_SELECTED, selected) != selected:
        state[Key.SITE] = selected  # another survey, at another site
    state[Key.SITE_SELECTED] = selected
    return linked.segmented_control("Site", titles, Key.SITE, first, label_visibility="collapsed")


def scene_view(data: Dataset, selected: str | None) -> SceneView | None:
    """The choices about rasters and polygons; None for a data set without scenes."""
    scenes = rasters.scenes(data)
    if not scenes:
        return None
    with st.container(horizontal=True, vertical_alignment="center", key="scene_layers"):
        site = site_choice(data, scenes, selected)
        raster = linked.selectbox(
            "Raster", _raster_titles(scenes), Key.RASTER, label_visibility="collapsed", width=250
        )
        mapper = linked.selectbox(
            "Polygons", _mapper_titles(scenes), Key.POLYGONS, label_visibility="collapsed", width=170
        )
        level = _level(data) if mapper != NONE else ""
    points = len(data) <= FEW
    with st.container(horizontal=True, vertical_alignment="center", key="scene_switches"):
        share = st.slider(
            "Opacity of the polygons, %", 10, 100, OPACITY, 5, key=Key.OPACITY, bind=LINK, width=230,
            disabled=mapper == NONE,
        )  # fmt: skip
        points = st.toggle("Surveys", points, key=Key.POINTS, bind=LINK)
    layers = _layers(raster, mapper, level, share / 100)
    return SceneView(site, layers, points, level, mapper)


def polygon_legend(data: Dataset, view: SceneView) -> None:
    """The colours of the classes mapped at the site, by surveys; of a number, from low to high."""
    if view.mapper == NONE:
        return
    if data.targets.kind is TargetKind.REGRESSION:
        st.html(legend(_value_entries(data)))
        return
    known, here = data.targets.known, (data.sites["source"].astype(str) == view.site).to_numpy()
    colours = rasters.colours(data, view.level)
    counts = np.bincount(np.asarray(data.targets.values)[known & here], minlength=len(colours.label))
    total: dict[str, int] = {}
    for label, count in zip(colours.label, counts.tolist(), strict=True):
        total[label] = total.get(label, 0) + count
    ranked = sorted(((name, n) for name, n in total.items() if n), key=lambda pair: -pair[1])
    entries = [(name, colours.colour[name], n) for name, n in ranked]
    st.html(legend(entries[:FIRST_LABELS]))
    if len(entries) > FIRST_LABELS:
        with st.expander(f"{len(entries) - FIRST_LABELS} more classes"):
            st.html(legend(entries[FIRST_LABELS:]))


def _value_entries(data: Dataset) -> list[tuple[str, str, int]]:
    """The mapped classes by the number known there, the least first."""
    values, colours = rasters.mean_values(data), rasters.palette(data, "")
    return [
        (f"{name} {number(value)}", "#{:02x}{:02x}{:02x}".format(*colours[name]), 1)
        for name, value in sorted(values.items(), key=lambda pair: pair[1])
    ]


def _layers(raster: str, mapper: str, level: str, opacity: float) -> tuple[TileLayer, ...]:
    data, (layer, _, look) = quote(linked.query()["data"], safe=""), raster.partition(".")
    raster_url = f"/tiles/raster/{data}/{quote(layer, safe='')}/{look}/{{z}}/{{x}}/{{y}}.png"
    polygon_url = f"/tiles/polygons/{data}/{quote(mapper, safe='')}/{level or CLASS}/{{z}}/{{x}}/{{y}}.png"
    return (
        TileLayer("raster", "" if raster == NONE else raster_url, RASTER_HEIGHT),
        TileLayer("polygons", "" if mapper == NONE else polygon_url, POLYGON_HEIGHT, opacity),
    )


def _raster_titles(scenes: Sequence[Scene]) -> dict[str, str]:
    """`layer.look` -> title, of all layers of all scenes."""
    titles: dict[str, str] = {}
    for layer in (layer for scene in scenes for layer in scene.layers):
        for name, look in looks(MODALITIES[layer.modality].channels).items():
            titles.setdefault(f"{layer.name}.{name}", f"{layer.title}: {look.title[:1].lower()}{look.title[1:]}")
    return titles | {NONE: "No raster"}


def _mapper_titles(scenes: Sequence[Scene]) -> dict[str, str]:
    mappers = dict.fromkeys(mapping.mapper for scene in scenes for mapping in scene.mappings)
    return {mapper: f"Polygons of {mapper}" for mapper in mappers} | {NONE: "No polygons"}


def _level(data: Dataset) -> str:
    titles = {name: f"Colour: {sentence(name.replace('_', ' ')).lower()}" for name in levels(data.targets)}
    if len(titles) == 1:
        return next(iter(titles))
    middle = list(titles)[min(1, len(titles) - 1)]
    return linked.selectbox(
        "Colour by level", titles, Key.MAPPED_LEVEL, middle, label_visibility="collapsed", width=170
    )


def _largest(data: Dataset, titles: dict[str, str]) -> str:
    counts = data.sites["source"].astype(str).value_counts()
    return str(next((source for source in counts.index if source in titles), next(iter(titles))))
