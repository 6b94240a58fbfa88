"""A species all over the virtual Europe: the true probability beside the predicted one, or the members' spread."""

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
from sdm.inference.grid import grid_file, open_grid, predict_grid, predict_spread
from sdm.jobs import Jobs, Report
from sdm.number_format import counted, percent
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import job, linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.static_maps import ground
from sdm.ui.state import Key
from sdm.virtual_europe.description import World, world_of
from sdm.virtual_europe.grid import STEP, YEAR, SimulatedGrid, land_grid

FOLDER = "grids"  # under data/
jobs = memo(1)(Jobs)  # of this process
TRUE, PREDICTED = "True probability (simulated)", "Predicted probability"
TRUE_WORDS = (
    f"What the simulation draws records from, at the middle of each cell of {STEP}°; the speckle is the land "
    "cover just there. Simulated: no source for ecology."
)
MAPS = {"predicted": "Predicted", "spread": "Spread of members"}
SPREAD = "Standard deviation of the members"
SPREAD_WORDS = (
    f"How far the members of the ensemble differ, from simulated inputs of {YEAR}: the standard deviation of "
    "their predicted probabilities, by their weights. A small one means agreement, not that they are right."
)
PREDICTED_WORDS = f"From simulated inputs of {YEAR}; same colours."


def possible(data: Dataset) -> bool:
    """Whether every place can be simulated: in a virtual Europe."""
    return world_of(data) is not None


def show(left: DeltaGenerator, right: DeltaGenerator, query: SpeciesQuery, run: Run | None) -> None:
    """The truth, and on the same colour scale the prediction; of an ensemble also how far its members differ."""
    world = world_of(query.data)
    assert world is not None
    cells, class_id = land_grid(world.seed), int(query.data.targets.class_ids[query.column])
    real = tables.true_probability(query.data, class_id)
    with right:
        kind = _kind(run)
        values = None if run is None else _on_grid(run, cells, world, kind)
        if run is None:
            empty("No model to ask", "No model is trained on this data yet.")
    column = None if values is None else values[query.column].astype(np.float32)
    shared = [part for part in (real, column if kind == "predicted" else None) if part is not None]
    highest = species_maps.top_of(*shared) if shared else 1.0
    draw = partial(_map, cells=cells, name=str(class_id))
    with left:
        if real is None:
            empty("No truth", "This species is none of the virtual Europe's own.")
        else:
            st.markdown("**True**")
            draw(real, highest=highest, title=TRUE, caption=TRUE_WORDS, key="map_true")
    with right:
        if column is None:
            return
        if kind == "spread":
            top = species_maps.top_of(column)
            draw(column, highest=top, title=SPREAD, caption=SPREAD_WORDS, key="map_spread")
        else:
            words = PREDICTED_WORDS + ("" if real is None else f" {_apart(column, real)}")
            draw(column, highest=highest, title=PREDICTED, caption=words, key="map_grid")


def _kind(run: Run | None) -> str:
    """What of the run is shown: of an ensemble there is a choice."""
    if run is None or not run.card.members:
        st.markdown("**Predicted**")
        return "predicted"
    return linked.segmented_control("Map of the model", MAPS, Key.EUROPE_MAP, label_visibility="collapsed")


def _apart(predicted: np.ndarray, real: np.ndarray) -> str:
    return f"Apart by {percent(float(np.abs(predicted - real).mean()))} on average."


def _map(
    values: np.ndarray, *, cells: SimulatedGrid, highest: float, name: str, title: str, caption: str, key: str
) -> None:  # fmt: skip
    figure = species_maps.grid_map(cells.table(values), cells, ground(), title, highest, caption)
    show_figure(figure, key, f"{name}-{key}")


def _on_grid(run: Run, cells: SimulatedGrid, world: World, kind: str) -> MappedArray | None:
    """What is stored (S, N) of this kind; None while there is none, after saying how it comes about."""
    try:
        path = grid_file(catalogue.HOME / FOLDER, run, cells, world.seed, world.version, kind)
        if path.exists():
            return open_grid(path, run.card.width, len(cells))
    except SdmError as error:
        problem("No map of this model", error)
        return None
    compute = predict_grid if kind == "predicted" else predict_spread
    name, work = str(path), partial(compute, run, cells, path)
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
