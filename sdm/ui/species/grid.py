"""A species all over the virtual Europe: the true probability beside the predicted one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sdm.data import catalogue
from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.figures import species_maps
from sdm.figures.markdown import literal
from sdm.formats.arrays import MappedArray
from sdm.inference.grid import grid_file, open_grid, predict_grid
from sdm.jobs import Jobs, Report
from sdm.number_format import counted, percent
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import job
from sdm.ui.components.figure import show_figure
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.static_maps import ground
from sdm.virtual_europe.description import World, world_of
from sdm.virtual_europe.grid import STEP, YEAR, SimulatedGrid, land_grid

FOLDER = "grids"  # under data/
jobs = memo(1)(Jobs)  # of this process
TRUE, PREDICTED = "True probability (simulated)", "Predicted probability"
TRUE_WORDS = (
    f"What the simulation draws records from, at the middle of each cell of {STEP}°; the speckle is the land "
    "cover just there. Simulated: no source for ecology."
)
PREDICTED_WORDS = f"From simulated inputs of {YEAR}; same colours. Apart by {{apart}} on average."


def possible(data: Dataset) -> bool:
    """Whether every place can be simulated: in a virtual Europe."""
    return world_of(data) is not None


def show(left: DeltaGenerator, right: DeltaGenerator, query: SpeciesQuery, run: Run | None) -> None:
    """Both maps on one colour scale."""
    world = world_of(query.data)
    assert world is not None
    cells, class_id = land_grid(world.seed), int(query.data.targets.class_ids[query.column])
    real = tables.true_probability(query.data, class_id)
    with right:
        st.markdown("**Predicted**")
        probabilities = None if run is None else _prediction(run, cells, world)
        if run is None:
            empty("No model to ask", "No model is trained on this data yet.")
    if real is None:
        with left:
            empty("No truth", "This species is none of the virtual Europe's own.")
        return
    column = None if probabilities is None else probabilities[query.column].astype(np.float32)
    highest = species_maps.top_of(real, *([] if column is None else [column]))
    draw = partial(_map, cells=cells, highest=highest, name=str(class_id))
    with left:
        st.markdown("**True**")
        draw(real, title=TRUE, caption=TRUE_WORDS, key="map_true")
    with right:
        if column is not None:
            apart = percent(float(np.abs(column - real).mean()))
            draw(column, title=PREDICTED, caption=PREDICTED_WORDS.format(apart=apart), key="map_grid")


def _map(
    values: np.ndarray, *, cells: SimulatedGrid, highest: float, name: str, title: str, caption: str, key: str
) -> None:  # fmt: skip
    figure = species_maps.grid_map(cells.table(values), cells, ground(), title, highest, caption)
    show_figure(figure, key, f"{name}-{key}")


def _prediction(run: Run, cells: SimulatedGrid, world: World) -> MappedArray | None:
    """The stored prediction (S, N); None while there is none, after saying how it comes about."""
    try:
        path = grid_file(catalogue.HOME / FOLDER, run, cells, world.seed, world.version)
        if path.exists():
            return open_grid(path, run.card.width, len(cells))
    except SdmError as error:
        problem("No map of this model", error)
        return None
    name, work = str(path), partial(predict_grid, run, cells, path)
    latest = jobs().get(name)
    if latest is None:
        latest = jobs().start(name, work)
        latest.wait(TICK_SECONDS)
        if latest.state == "done":
            return open_grid(path, run.card.width, len(cells))
    if latest.state == "running":
        st.caption(f"{literal(run.name)} predicts {counted(len(cells), 'simulated place')}.")
    job.unfinished(latest, "grid", "The map could not be computed", "Compute the map", partial(_start, name, work))
    return None


def _start(name: str, work: Callable[[Report], None]) -> None:
    jobs().start(name, work)
