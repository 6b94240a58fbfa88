"""Rasters and mapped polygons on the map of Explore: which are drawn, and what their colours mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.data.dataset import Dataset, TargetKind
from sdm.maps.click_map import TileLayer
from sdm.number_format import number
from sdm.ui.cache import rasters
from sdm.ui.components.markup import legend
from sdm.ui.components.scene_choices import (
    NONE,
    date_choice,
    folded_legend,
    level_choice,
    mapper_choice,
    place_choice,
    polygon_url,
    raster_choice,
    raster_url,
)
from sdm.ui.state import LINK, Key

RASTER_HEIGHT, POLYGON_HEIGHT = 300, 350  # those of surveys begin at 390
OPACITY = 70  # per cent, of polygons
FEW = 2000  # surveys that leave the raster in sight


@dataclass(frozen=True)
class SceneView:
    """What the map shows of scenes: tiles, whether the surveys are drawn, and the site it opens on."""

    site: str
    layers: tuple[TileLayer, ...]
    points: bool
    level: str
    mapper: str


def scene_view(data: Dataset, selected: str | None, above: DeltaGenerator) -> SceneView | None:
    """The choices about rasters and polygons, the site and the raster `above` the map; None without scenes."""
    scenes = rasters.scenes(data)
    if not scenes:
        return None
    own = {source: source for source in data.sites["source"].astype(str).unique()}
    titles = own | {scene.source: scene.title for scene in scenes}
    with above, st.container(horizontal=True, vertical_alignment="center", key="scene_layers"):
        site = place_choice(data, titles, selected)
        here = [scene for scene in scenes if scene.source == site]
        raster = raster_choice(scenes) if here else NONE
        date = date_choice(here, raster.partition(".")[0])
    with st.container(horizontal=True, vertical_alignment="center", key="scene_switches"):
        mapper = mapper_choice(scenes)
        level = level_choice(data) if mapper != NONE else ""
        bare = bool(set(own) - {scene.source for scene in scenes})  # places with nothing else to be seen
        points = st.toggle("Labelled places", len(data) <= FEW or bare, key=Key.POINTS, bind=LINK)
        share = OPACITY
        if any(scene.mappings for scene in scenes):
            share = st.slider(
                "Opacity of the polygons, %", 10, 100, OPACITY, 5, key=Key.OPACITY, bind=LINK, width=230,
                disabled=mapper == NONE,
            )  # fmt: skip
    layer, _, look = raster.partition(".")
    layers = (
        TileLayer("raster", "" if raster == NONE else raster_url(layer, look, date), RASTER_HEIGHT),
        TileLayer("polygons", polygon_url(mapper, level), POLYGON_HEIGHT, share / 100),
    )
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
    folded_legend([(name, colours.colour[name], n) for name, n in ranked])


def _value_entries(data: Dataset) -> list[tuple[str, str, int]]:
    """The mapped classes by the number known there, the least first."""
    values, colours = rasters.mean_values(data), rasters.palette(data, "")
    counts = rasters.counts(data)
    return [
        (f"{name} {number(value)}", "#{:02x}{:02x}{:02x}".format(*colours[name]), counts.get(name, 0))
        for name, value in sorted(values.items(), key=lambda pair: pair[1])
    ]
