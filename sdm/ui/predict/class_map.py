"""The class map: what a run predicts at every pixel of a scene, painted, with probability and entropy."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.geo.bounds import read_bounds
from sdm.inference.class_map_files import layer_for, why_no_map
from sdm.ui.cache import rasters
from sdm.ui.components import linked, runs, scene_choices
from sdm.ui.components.no_model import no_model
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.predict import class_map_legend as legend
from sdm.ui.predict import class_map_reading as reading
from sdm.ui.predict import class_map_saved as saved
from sdm.ui.predict import class_map_view as view
from sdm.ui.predict.class_map_job import ClassMapQuery, asked_for, made
from sdm.ui.state import Key


def show(data: Dataset) -> None:
    """Choices, then the map of the chosen run on the chosen site, made first where it is not there."""
    query = _choose(data)
    if query is None:
        return
    try:
        ready = made(query)
        _show(query, ready)
    except SdmError as error:
        problem("The scene cannot be predicted", error)


def _show(query: ClassMapQuery, ready: bool) -> None:
    """The map; with a prediction, where that is `ready`, what it says and what can be saved."""
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        shown = what, _, level, _ = view.layers(query, ready)
        only = legend.choice(query, what, level) if ready else []
        view.draw(query, shown, only, query.offer())
        if ready:
            legend.show(query, what, level)
        reading.show(query, view.looked_at(query), ready)
    with right:
        if ready:
            saved.show(query, what, level)


def _choose(data: Dataset) -> ClassMapQuery | None:
    """The run and the scene; None after saying why there is none."""
    scenes, (able, reasons) = rasters.scenes(data), runs.fitting(data)
    lacking = {name: why_no_map(run, scenes) for name, run in able.items()}
    painters = {name: run for name, run in able.items() if not lacking[name]}
    if not able:
        no_model(data, reasons)
        return None
    if not painters:
        empty("No model can paint these scenes", next(iter(lacking.values())))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = painters[linked.selectbox("Model", runs.titles(painters, data), Key.MAP_MODEL, width=260)]
        own = [scene for scene in scenes if layer_for(run, scene)]
        scene = scene_choices.scene_of(own, scene_choices.site_choice(data, own, None))
    return asked_for(data, run, scene, read_bounds(linked.text(Key.MAP_PART)))
