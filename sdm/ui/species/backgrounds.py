"""A species from presence-only records alone, with either background, beside the truth of the virtual Europe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from sdm.data import catalogue
from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.figures import species_maps
from sdm.formats.arrays import MappedArray
from sdm.inference.background_maps import (
    FEWEST_RECORDS,
    KINDS,
    Agreement,
    agreement,
    background_file,
    fit_backgrounds,
    open_backgrounds,
)
from sdm.inference.background_maps import possible as has_records
from sdm.jobs import Report
from sdm.number_format import counted, fixed, percent, whole
from sdm.ui.cache import species as tables
from sdm.ui.cache.memo import memo
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import job
from sdm.ui.components.figure import show_figure
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.static_maps import ground
from sdm.ui.species import grid
from sdm.virtual_europe.description import world_of
from sdm.virtual_europe.grid import SimulatedGrid, land_grid

HEIGHT = 410  # pixels of each map: three stand side by side
HIGHEST = 99.5  # percentile of the cells that is the end of the scale of each map
TITLES = {"random": "Against random sites", "target-group": "Against the sites of all records"}
WORDS = {
    "random": "Learnt from the records against places drawn at random: where people look is learnt with it.",
    "target-group": "Learnt from the same records against the places of all records (target-group background): "
    "they share where people look, so that it falls out.",
}
ABOUT = (
    "Presence-only records lie where people look. Here the simulation knows the truth, so that the two usual "
    "backgrounds can be held against it. Each map is a share of its own highest value."
)


@memo(8)
def possible(data: Dataset) -> bool:
    """Whether there are records with an environment, and the truth about them."""
    return world_of(data) is not None and has_records(data)


def show(query: SpeciesQuery) -> None:
    """The truth and the maps of both backgrounds, and what all species say."""
    world = world_of(query.data)
    assert world is not None
    cells = land_grid(world.seed)
    st.caption(ABOUT)
    values = _fitted(query.data, cells)
    if values is None:
        return
    class_id = int(query.data.targets.class_ids[query.column])
    real, agreed = tables.true_probability(query.data, class_id), _agreement(query.data)
    maps = [("Truth (simulated)", real, grid.TRUE_WORDS, "true")]
    own = agreed.of(query.column)
    for place, kind in enumerate(KINDS):
        words = WORDS[kind]
        if own is not None:
            truth, effort = (float(part[place]) for part in own)
            words += (
                f" Rank correlation with the truth {fixed(truth, 2)}, with the search effort {fixed(effort, 2)}."
            )
        maps.append((TITLES[kind], np.asarray(values[place][query.column], np.float32), words, kind))
    for column, (title, shown, words, key) in zip(st.columns(len(maps), gap="medium"), maps, strict=True):
        with column:
            st.markdown(f"**{title}**")
            if shown is None:
                empty("No truth", "This species is none of the virtual Europe's own.")
                continue
            top = max(float(np.percentile(shown, HIGHEST)), 1e-9)
            figure = species_maps.grid_map(
                cells.table(np.minimum(shown / top, 1)),
                cells,
                replace(ground(), height=HEIGHT),
                "Share of the highest",
                1.0,
                words,
            )
            show_figure(figure, f"map_background_{key}", f"{class_id}-{key}")
    st.markdown(_summary(agreed))


def _summary(agreed: Agreement) -> str:
    """What holds of all species that are compared."""
    if not len(agreed.species):
        return "Too few records of any species to compare maps with the truth."
    truth, effort = (np.median(part, axis=1) for part in (agreed.truth, agreed.effort))
    own, better = np.median(agreed.own), float((agreed.truth[1] > agreed.truth[0]).mean())
    random, target, random_effort, target_effort, own_effort = (
        fixed(float(value), 2) for value in (*truth, *effort, own)
    )
    return (
        f"Over {counted(len(agreed.species), 'species')} with {FEWEST_RECORDS} records or more, the target group "
        f"is nearer to the truth for {percent(better)}. Median rank correlation with it: {random} (random), "
        f"{target} (target group); with the search effort: {random_effort} and {target_effort}, where the truth "
        f"itself has {own_effort}."
    )


@memo(2)
def _agreement(data: Dataset) -> Agreement:
    world = world_of(data)
    assert world is not None
    cells = land_grid(world.seed)
    path = background_file(catalogue.HOME / grid.FOLDER, data, world, cells)
    return agreement(open_backgrounds(path, data, cells), data, world, cells)


def _fitted(data: Dataset, cells: SimulatedGrid) -> MappedArray | None:
    """What is stored; None while there is nothing, after saying how it comes about."""
    world = world_of(data)
    assert world is not None
    try:
        path = background_file(catalogue.HOME / grid.FOLDER, data, world, cells)
        if path.exists():
            return open_backgrounds(path, data, cells)
    except SdmError as error:
        problem("No maps of backgrounds", error)
        return None
    name, work = str(path), partial(fit_backgrounds, data, world, cells, path)
    latest = grid.jobs().get(name)
    if latest is None:
        st.write("Both maps are learnt here, in about a minute on two cores; they are kept for the next visit.")
        st.button("Learn both maps", on_click=partial(_start, name, work), type="primary", key="learn_backgrounds")
        return None
    if latest.state == "done":
        return open_backgrounds(path, data, cells)
    if latest.state == "running":
        st.caption(f"Learning from the records of {whole(data.targets.width)} species, with two backgrounds.")
    job.unfinished(
        latest, "backgrounds", "The maps could not be learnt", "Learn both maps", partial(_start, name, work)
    )
    return None


def _start(name: str, work: Callable[[Report], None]) -> None:
    grid.jobs().start(name, work).wait(TICK_SECONDS)
