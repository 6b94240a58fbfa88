"""How far the mappers of a data set's scenes agree: the ceiling of any model that learns from one of them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import DataError, SdmError
from sdm.figures import mappers as figures
from sdm.number_format import percent
from sdm.rasters.agreement import agreement_table, inconsistency_table, mapper_confusion
from sdm.rasters.ecosystem_types import HIERARCHY
from sdm.rasters.mapped_types import combinations_of_types, distinct_types
from sdm.rasters.scene_mappers import common_part, scene_mappings, types_table
from sdm.rasters.scenes import Scene, read_scenes
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.markup import text
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

LEVELS = dict(zip(HIERARCHY, ("main-type group", "main type", "ground type"), strict=True))
COMPARED = 1000  # pixels along the longer side on which mappers are compared; finer ones only cost time
PICTURE = 500  # pixels along the longer side of the map


def _scene(place: Path, source: str) -> Scene:
    return next(scene for scene in read_scenes(place) if scene.source == source)


@memo(16, "Laying the mappers' polygons over each other …")
def _combinations(data: Dataset, source: str) -> pd.DataFrame:
    place = _place(data)
    mappings, grid = scene_mappings(place, _scene(place, source))
    return combinations_of_types(mappings, common_part(mappings, grid).coarser(COMPARED))


@memo(16, "Drawing where they agree …")
def _picture(data: Dataset, source: str, level: str) -> tuple[np.ndarray, float]:
    """Types per pixel where there are polygons, and the side of a pixel in units of the raster (metres)."""
    place = _place(data)
    mappings, grid = scene_mappings(place, _scene(place, source))
    part = common_part(mappings, grid).coarser(PICTURE)
    return distinct_types(mappings, part, level), abs(part.transform.a)


def _place(data: Dataset) -> Path:
    if data.place is None:
        raise DataError("this data set lies in memory only", where=data.name)
    return data.place


def show(data: Dataset) -> None:
    """The section, where any scene has several mappers."""
    try:
        scenes = {scene.source: scene for scene in read_scenes(data.place) if len(scene.mappings) > 1}
    except SdmError as error:
        problem("The scenes cannot be read", error)
        return
    if not scenes:
        return
    st.markdown("#### Mappers: how far do they agree?")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = next(iter(scenes))
        if len(scenes) > 1:
            titles = {name: scene.title for name, scene in scenes.items()}
            source = linked.selectbox("Site", titles, Key.MAPPED_SITE, width=200)
        level = linked.selectbox("Map and table at", LEVELS, Key.MAPPER_LEVEL, "name", width=200)
        names = [mapping.mapper for mapping in scenes[source].mappings]
        pairs = {f"{a}/{b}": (a, b) for a, b in combinations(names, 2)}
        titles = {key: f"{a} and {b}" for key, (a, b) in pairs.items()}
        one, other = pairs[linked.selectbox("Two mappers", titles, Key.MAPPERS, width=300)]
    try:
        _compared(data, source, level, (one, other))
    except SdmError as error:
        problem("The mappers cannot be compared", error)


def _compared(data: Dataset, source: str, level: str, pair: tuple[str, str]) -> None:
    table = _combinations(data, source)
    st.html(f"<p class='lead'>{text(_words(table))}</p>")
    left, right = st.columns(2, gap="medium")
    with left:
        show_figure(figures.agreement_bars(agreement_table(table), LEVELS), "figure_agreement", "mapper-agreement")
        distinct, metres = _picture(data, source, level)
        drawn = figures.agreement_map(distinct, types_table(distinct), metres)
        show_figure(drawn, "figure_agreed", "agreement-map")
    with right:
        counts = mapper_confusion(table, *pair, level)
        show_figure(figures.mapper_matrix(counts, *pair), "figure_mappers", "mapper-confusion")


def _words(table: pd.DataFrame) -> str:
    """How often all are of one mind, and that this is a ceiling."""
    of_all = inconsistency_table(table)
    one = of_all[of_all["types"] == 1].set_index("level")["share"].reindex(list(LEVELS))
    if one.isna().all():
        return "No pixel was typed by all mappers; two by two they are compared below."
    shares = ", ".join(f"{percent(one[level])} at the level of the {title}" for level, title in LEVELS.items())
    return (
        f"All mappers agree on {shares} of the pixels that all of them typed. A model that learns from one of "
        "them cannot be expected to agree better with another: this is the ceiling of its score."
    )
