"""Which place the reader is looking at: by click, by name, by coordinates or by survey id.

The choice lives in the page's address, so every view can be linked to and is the same on every page. Coordinates
belong to the survey that they led to: another survey is another choice, and they are forgotten.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location, position_of, row_of, survey_key
from sdm.data.survey_order import Nearness, following
from sdm.geo.coordinates import format_coordinates, parse_coordinates
from sdm.geo.mercator import RASTER_ZOOM
from sdm.maps.click_map import FOOTPRINT_M, Mark, Move
from sdm.modalities import PATCH
from sdm.modalities.raster_bands import of_family
from sdm.ui.cache import datasets, rasters
from sdm.ui.state import Key
from sdm.virtual_europe.simulated_survey import can_simulate

PHOTO_M = 10.0  # of the square round the place of a photograph
SURVEY_ZOOM, SCENE_ZOOM, FOOTPRINT_ZOOM = 9, 16, 14  # of a survey, one on a scene, and of FOOTPRINT_M


@dataclass(frozen=True)
class LocationInput:
    """What stands in the boxes: the name of a survey, and coordinates; either may be empty or unreadable."""

    survey: str
    at: str


def chosen(data: Dataset, selection: SurveyFilter, entered: LocationInput, year: int | None) -> Location:
    """What the boxes ask for; with `year`, a survey simulated at the coordinates and nowhere else."""
    at = parse_coordinates(entered.at)
    if year is not None:
        return Location(at=at, year=year)
    row = row_of(data, entered.survey) if entered.survey else None
    if row is None and at is not None and not entered.survey:
        row = nearest(data, at, selection)
    return Location.of(data, row, at)


def mark(choice: Location, data: Dataset, other: Location | None = None) -> Mark | None:
    """Where the map shows the location, and `other`, the pinned one."""
    here = choice.position(data)
    pinned_at = None if other is None or other.is_survey_of(choice) else other.position(data)
    if here is None and pinned_at is None:
        return None
    return Mark(here, choice.at if choice.km > 0 else None, pinned_at, footprint_m(data, choice.row))


def footprint_m(data: Dataset, row: int | None) -> float:
    """The side of the square that is seen of a survey, in m: of its picture, else of its area; small where a
    photograph was taken, and round a pixel whose size is not known."""
    area = math.nan if row is None or PATCH.name in data.modalities else float(data.sites["area_m2"].iloc[row])
    small = any(of_family(data.modalities, kind) for kind in ("photo", "series")) and len(data.modalities) == 1
    return math.sqrt(area) if area > 0 else PHOTO_M if small else FOOTPRINT_M


def nearest(data: Dataset, at: tuple[float, float], selection: SurveyFilter) -> int | None:
    """The row of the survey nearest to `at` among those that pass."""
    index = datasets.index(data, selection)
    return index.nearest(*at)[0] if len(index) else None


def near_place(data: Dataset, selection: SurveyFilter, choice: Location) -> Nearness | None:
    """How the survey stands to the place asked for; None where none was."""
    if choice.row is None or choice.at is None or not choice.km > 0:
        return None
    return datasets.nearness_to(data, selection, choice.row, choice.at)


def go_to(data: Dataset, selection: SurveyFilter, at: tuple[float, float]) -> None:
    """Look at `at` and at the survey nearest to it, or at none where one is simulated there."""
    row = None if _simulating(data) else nearest(data, at, selection)
    _choose("" if row is None else survey_key(data, row), format_coordinates(*at))


def _choose(survey: str, at: str) -> None:
    """Put a survey and the coordinates that led to it into the boxes."""
    st.session_state[Key.SURVEY], st.session_state[Key.AT] = st.session_state[Key.PLACE_SURVEY] = (survey, at)


def look_again(data: Dataset, selection: SurveyFilter) -> None:
    """Look at the same place, now that surveys are simulated there, or no longer."""
    row = row_of(data, st.session_state[Key.SURVEY] or "")
    at = parse_coordinates(st.session_state[Key.AT] or "") or Location(row).position(data)
    if at is not None:
        go_to(data, selection, at)
    elif _simulating(data):
        st.session_state[Key.SURVEY] = ""


def _simulating(data: Dataset) -> bool:
    return bool(st.session_state.get(Key.SIMULATE)) and can_simulate(data)


def step(data: Dataset, selection: SurveyFilter, choice: Location, by: int) -> None:
    """Look at the survey after `choice` among those shown, for `by` -1 at the one before.

    By distance from the place asked for, if any, which stays; else as in the table.
    """
    row = beside(data, selection, choice, by)
    if row is not None and choice.km > 0:
        open_near_place(data, row)
    elif row is not None:
        look_at(data, row)


def beside(data: Dataset, selection: SurveyFilter, choice: Location, by: int) -> int | None:
    assert choice.row is not None
    at = choice.at if choice.km > 0 else None
    return following(datasets.index(data, selection), datasets.rows(data, selection), choice.row, by, at)


def open_near_place(data: Dataset, row: int) -> None:
    """Look at the survey in `row`, which the place asked for led to; the map shows it where it did not."""
    _choose(survey_key(data, row), st.session_state[Key.AT])
    move(position_of(data, row), None)


def _zoom_of(side_m: float) -> int:
    """The zoom at which a square of `side_m` is as large on the screen as one of FOOTPRINT_M at its zoom."""
    return min(RASTER_ZOOM, FOOTPRINT_ZOOM + round(math.log2(FOOTPRINT_M / side_m)))


def close_up(data: Dataset, choice: Location) -> None:
    """Bring the map so near that the footprint of the picture is seen."""
    move(choice.position(data), _zoom_of(footprint_m(data, choice.row)))


def move(position: tuple[float, float] | None, zoom: int | None) -> None:
    """Move the map to (lon, lat), once; without `zoom` only as far as needed to see it."""
    if position is not None:
        st.session_state[Key.MAP_MOVE] = Move(*position, zoom, time.time_ns())


def surprise(data: Dataset, selection: SurveyFilter) -> None:
    """Look at any survey that has a position and, if possible, a satellite picture."""
    rows = np.flatnonzero(datasets.selected(selection, data) & np.isfinite(data.sites["lon"].to_numpy(float)))
    pictured = rows[data.available("patch")[rows]] if "patch" in data.modalities else rows
    rows = pictured if pictured.size else rows
    if rows.size:
        look_at(data, int(np.random.default_rng().choice(rows)))


def take(data: Dataset, row: int) -> None:
    """Look at the survey in `row`; the map stays as it is."""
    _choose(survey_key(data, row), "")
    st.session_state[Key.SIMULATE] = False


def look_at(data: Dataset, row: int) -> None:
    """Look at the survey in `row`, on the map too."""
    take(data, row)
    zoom = min(_zoom_of(footprint_m(data, row)), SCENE_ZOOM) if rasters.scenes(data) else SURVEY_ZOOM
    move(position_of(data, row), zoom)
