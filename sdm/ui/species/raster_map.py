"""The map of a species over the rasters of a data set's predictors: first coarse, then whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.inference.prediction_meaning import prediction_meaning
from sdm.inference.predictor_grid import PredictorGrid
from sdm.inference.simulated_predictors import can_simulate, write_simulated_predictors
from sdm.inference.species_map import why_no_map
from sdm.jobs import Report
from sdm.maps.species_map_tiles import OUTSIDE, PRESENCE, VALUE
from sdm.number_format import counted
from sdm.runs import Run
from sdm.ui.cache import species as tables
from sdm.ui.cache import species_maps
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.cache.species_maps import AREA, COARSE, WHOLE, SpeciesMap
from sdm.ui.components import job, linked
from sdm.ui.components.job import TICK_SECONDS
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.species import raster_legend, raster_view
from sdm.ui.species.raster_view import MapLayer
from sdm.ui.state import LINK, Key

NOTHING: Final = "none"
FIRST_SECONDS = 3.0  # for the coarse map


@dataclass(frozen=True)
class Shown:
    """The maps that are there of those asked for, and how the species is drawn."""

    species: SpeciesMap | None
    area: SpeciesMap | None
    look: str
    threshold: float

    @property
    def layers(self) -> list[MapLayer]:
        """Lowest first."""
        drawn = (
            [MapLayer(self.species, self.look, self.threshold)] if self.species and self.look != NOTHING else []
        )
        return [*drawn, *([MapLayer(self.area, OUTSIDE, 1.0)] if self.area else [])]


def possible(data: Dataset) -> bool:
    """Whether there are rasters of its predictors; those that cannot be read are told of in `show`."""
    try:
        return species_maps.grid(data) is not None or can_simulate(data)
    except SdmError:
        return True


def show(query: SpeciesQuery, run: Run | None) -> None:
    """Choices, the map, what its colours mean, and what is still being computed."""
    try:
        grid = species_maps.grid(query.data) or _simulated(query.data)
        if grid is None:
            return
        reason = "No model is trained on this data yet." if run is None else why_no_map(run, grid)
        threshold = tables.measures(query).threshold if query.run else float("nan")
        look, points, hatched = _choices(query.data, run if not reason else None, threshold)
        shown = Shown(None, None, look, threshold)
        if run is not None and not reason:
            shown = _maps(query, run, grid, look, threshold, hatched)
    except SdmError as error:
        problem("No map of this species", error)
        return
    raster_view.draw(query, grid, shown.layers, points)
    raster_legend.points(query, points)
    raster_legend.simulated(query.data)
    if reason or run is None:
        empty("No model on the map", reason)
        return
    if shown.species is not None:
        meaning = prediction_meaning(run, query.data)
        raster_legend.species(shown.species, look, threshold, meaning)
        raster_legend.reading(shown.species, shown.area, meaning)
    if hatched:
        raster_legend.area(shown.area)


def _simulated(data: Dataset) -> PredictorGrid | None:
    """The rasters of predictors that are those of a virtual Europe, once they are simulated."""
    jobs, name = species_maps.jobs(), f"predictors {data.place}"
    work = partial(write_simulated_predictors, data)
    latest = jobs.get(name) or jobs.start(name, work)
    latest.wait(TICK_SECONDS)
    if latest.state == "done":
        return species_maps.grid(data)
    if latest.state == "running":
        st.caption("Simulating the predictors round the sites, once.")
    job.unfinished(latest, "simulated_predictors", "The predictors could not be simulated", "Simulate them",
                   lambda: _begin(name, work))  # fmt: skip
    return None


def _begin(name: str, work: Callable[[Report], None]) -> None:
    species_maps.jobs().start(name, work)


def _choices(data: Dataset, run: Run | None, threshold: float) -> tuple[str, list[str], bool]:
    """What of the map is drawn, which sites lie over it, and whether the area of applicability is hatched."""
    looks = {VALUE: "Model"}
    if run is not None:
        looks = {VALUE: prediction_meaning(run, data).title}
        if threshold == threshold:
            looks[PRESENCE] = "Presence"
        looks[NOTHING] = "None"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        look: str = NOTHING
        hatched = False
        if run is not None:
            look = linked.segmented_control("Map", looks, Key.SPECIES_LOOK, label_visibility="collapsed")
        chosen = linked.multiselect(
            "Sites on the map", raster_view.point_titles(data), Key.SPECIES_POINTS, label_visibility="collapsed",
            placeholder="Sites on the map: none", width=340, default=raster_view.first_points(data),
        )  # fmt: skip
        if run is not None:
            hatched = st.toggle("Hatch what is unlike the training sites", key=Key.SPECIES_AREA, bind=LINK)
    return look, chosen, hatched


def _maps(
    query: SpeciesQuery, run: Run, grid: PredictorGrid, look: str, threshold: float, hatched: bool
) -> Shown:  # fmt: skip
    """What is there of the maps that are wanted, after asking for the rest."""
    species = str(int(query.data.targets.class_ids[query.column]))
    of_species = _best(query, run, grid, species) if look != NOTHING else None
    of_area = _best(query, run, grid, AREA) if hatched else None
    return Shown(of_species, of_area, look, threshold)


def _best(query: SpeciesQuery, run: Run, grid: PredictorGrid, of: str) -> SpeciesMap | None:
    """The whole map, or the coarse one while the whole is being computed; None before either is there."""
    whole, coarse = (SpeciesMap(query.data, run, grid, of, size) for size in (WHOLE, COARSE))
    if whole.ready:
        return whole
    for wanted in (coarse, whole):
        if not wanted.ready and not _computed(wanted, FIRST_SECONDS if wanted is coarse else TICK_SECONDS):
            return coarse if coarse.ready else None
    return whole


def _computed(wanted: SpeciesMap, seconds: float) -> bool:
    """Whether the map has come to be within `seconds`; else how far it is is said."""
    jobs, name = species_maps.jobs(), str(wanted.folder)
    latest = jobs.get(name)
    if latest is None or (latest.state == "done" and not wanted.ready):
        latest = jobs.start(name, wanted.work)
        latest.wait(seconds)
    if latest.state == "done":
        return True
    what = "The area of applicability" if wanted.of == AREA else literal(wanted.run.name)
    size = "a first, coarse map" if wanted.size == COARSE else f"all {counted(len(wanted.grid), 'cell')}"
    if latest.state == "running":
        st.caption(f"{what}: computing {size}.")
    job.unfinished(
        latest, f"species_map_{wanted.of == AREA}", "The map could not be computed", "Compute the map",
        lambda: _begin(str(wanted.folder), wanted.work),
    )  # fmt: skip
    return False
