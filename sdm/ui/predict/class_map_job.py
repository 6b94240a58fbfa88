"""A class map in the making: how much is to be predicted, how long that takes, and the job that does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.figures.markdown import literal
from sdm.geo.bounds import Bounds
from sdm.inference.class_map_files import layer_for, remove_old_parts
from sdm.inference.class_map_grid import ClassMapGrid
from sdm.inference.scene_class_map import predict_scene
from sdm.jobs import Job, Report
from sdm.maps.class_colours import CLASS
from sdm.maps.view_button import ViewOffer
from sdm.number_format import counted, duration, plural
from sdm.rasters.scenes import Scene
from sdm.runs import Run
from sdm.ui.cache import class_maps
from sdm.ui.components import job
from sdm.ui.state import Key

# A map that takes no longer is made without being asked for; of single pixels so many do not, on any machine.
AT_ONCE_SECONDS, AT_ONCE_PIXELS = 10.0, 500_000


@dataclass(frozen=True)
class ClassMapQuery:
    """A run, a scene, and the bounds of the part of it that is predicted, None for all."""

    data: Dataset
    run: Run
    scene: Scene
    within: Bounds | None = None

    @property
    def folder(self) -> Path:
        """Where the map lies or is to lie."""
        return class_maps.folder_of(self.data, self.run, self.scene, self.within)

    @property
    def job(self) -> Job[None] | None:
        """The job that made it last, or is about to."""
        return class_maps.jobs().get(str(self.folder))

    @property
    def running(self) -> bool:
        """Whether it is being made."""
        return self.job is not None and self.job.state == "running"

    @property
    def grid(self) -> ClassMapGrid:
        """What is predicted; DataError where the raster cannot be read or the bounds miss it."""
        whole = class_maps.grid(self.data, self.run, self.scene)
        return whole if self.within is None else whole.part(self.within)

    @property
    def noun(self) -> str:
        """What is predicted at each place."""
        return "pixel" if self.grid.side == 1 else "image"

    @property
    def seconds(self) -> float:
        """How long it takes, about."""
        return len(self.grid) * class_maps.seconds_each(self.data, self.run, self.scene)

    @property
    def is_quick(self) -> bool:
        """Whether it need not wait to be asked for; few pixels are not measured first."""
        grid = self.grid
        return (grid.side == 1 and len(grid) <= AT_ONCE_PIXELS) or self.seconds <= AT_ONCE_SECONDS

    @property
    def amount(self) -> str:
        """How much is predicted and how long it takes."""
        return f"{counted(len(self.grid), self.noun)} · about {duration(max(1.0, self.seconds))}"

    def whole(self) -> ClassMapQuery:
        """That of the whole scene."""
        return replace(self, within=None)

    def of_part(self, within: Bounds) -> ClassMapQuery:
        """That of a part of the scene."""
        return replace(self, within=within)

    def start(self) -> None:
        """Begin to make it, unless that has begun."""
        layer, data = layer_for(self.run, self.scene), self.data
        assert layer is not None
        remove_old_parts(class_maps.home(data))
        colours = class_maps.colours(data, self.run, CLASS)
        work = partial(predict_scene, self.run, layer, data.place, self.folder, colours)
        within = self.within

        def run(report: Report) -> None:
            work(report=report, within=within)

        class_maps.jobs().start(str(self.folder), run).wait(job.TICK_SECONDS)

    def offer(self) -> ViewOffer | None:
        """What the map's own button offers: a part of the scene, while the whole is not there."""
        if self.whole().folder.exists() or self.running:
            return None
        grid, each = self.whole().grid, class_maps.seconds_each(self.data, self.run, self.scene)
        words, outside = "Predict this view", "The scene is out of sight"
        return ViewOffer(words, plural(self.noun), outside, grid.extent, grid.metres, each)


def asked_for(data: Dataset, run: Run, scene: Scene, within: Bounds | None) -> ClassMapQuery:
    """The map to show: of the whole scene where it is there, or where the part lies outside of it."""
    query = ClassMapQuery(data, run, scene, within)
    if query.whole().folder.exists():
        return query.whole()
    try:
        len(query.grid)
    except DataError:
        return query.whole()
    return query


def made(query: ClassMapQuery) -> bool:
    """Whether the map is there by now; says how it comes about."""
    if query.folder.exists():
        if query.within is not None:
            _whole_button(query, f"Predicted: {counted(len(query.grid), query.noun)} of this scene.")
        return True
    latest = query.job
    if (latest is None or latest.state == "done") and query.is_quick:
        query.start()
        latest = query.job
    if latest is None or latest.state == "done":
        if query.folder.exists():
            return True
        _whole_button(query, "Move the map to what you want to know and use its own button, or:")
        return False
    if latest.state == "running":
        amount = counted(len(query.grid), query.noun)
        st.caption(f"{literal(query.run.name)} predicts {amount} of {literal(query.scene.title)}.")
    job.unfinished(latest, "class_map", "The map could not be painted", "Predict again", query.start)
    return False


def _whole_button(query: ClassMapQuery, words: str) -> None:
    whole = query.whole()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words, width="content")
        st.button(f"Predict the whole scene · {whole.amount}", on_click=predict, args=(whole, ""), key="paint")


def predict(query: ClassMapQuery, part: str) -> None:
    """Show that map and begin to make it; `part`: its bounds in the address."""
    st.session_state[Key.MAP_PART] = part
    query.start()
