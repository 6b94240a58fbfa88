"""Data sets, their surveys, and what is computed of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from sdm.analysis.histogram import PatchReference, fit_patches
from sdm.analysis.neighbours import SimilarityIndex, fit_similarity
from sdm.analysis.novelty import Reference, fit_reference
from sdm.analysis.predictors import training_values
from sdm.analysis.sampling import evenly
from sdm.analysis.spectra import GroupSpectra, fit_spectra
from sdm.data import catalogue
from sdm.data.catalogue import known_place
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.overview import PRESENCE_ONLY, split_of
from sdm.data.survey import dossier
from sdm.data.survey_filter import Options, SurveyFilter
from sdm.data.survey_filter_counts import HiddenCount, hidden_counts
from sdm.data.survey_order import Nearness, nearness
from sdm.data.visibility import is_visible
from sdm.errors import DataError
from sdm.geo.bounds import Bounds
from sdm.geo.distance import SiteIndex
from sdm.maps.click_map import BOUNDS, WORLD
from sdm.maps.colours import colouring
from sdm.maps.map_view import extent
from sdm.maps.point_tiles import PointTiles
from sdm.occurrences.report import read_report
from sdm.ui import visitor
from sdm.ui.cache.memo import memo
from sdm.virtual_europe.held_out_labels import with_test_labels
from sdm.virtual_europe.simulated_survey import simulated_dossier

T = TypeVar("T")
MOSTLY = 0.95  # share of the surveys that lie in Europe, of data sets whose maps are of Europe
MOST_OPEN = 64  # data sets
LISTED_SECONDS = 10.0
MOST_ALIKE = 20_000  # surveys compared; their patches are read once, in seconds

survey = memo(256)(dossier)
simulated = memo(64)(simulated_dossier)
colours = memo(16)(colouring)
selected = memo(16)(SurveyFilter.keep)
options = memo(4)(Options.of)


@memo(MOST_OPEN, "Opening the data set …")
def opened(place: Path) -> Dataset:
    """The data set in a folder; test labels are shown where they are known."""
    return with_test_labels(open_dataset(place))


def dataset(key: str, visit: str | None = None) -> Dataset:
    """The data set `key` of those that a visitor knows, None for the one whose page is being drawn."""
    visit = visitor.current() if visit is None else visit
    place = _place(key, visit, catalogue.HOME, os.environ.get("SDM_DATA", ""))
    if catalogue.uploaded(place) and not (place.exists() and is_visible(place, visit)):
        place = known_place(key, visit)
    return opened(place)


@memo(256, seconds=LISTED_SECONDS)
def _place(key: str, visit: str, home: Path, named: str) -> Path:  # noqa: ARG001  what the list is of
    """Where a data set lies. To list them all looks into every tree: too long for every tile of a map."""
    return known_place(key, visit)


@memo(16)
def legend(data: Dataset, by: str, selection: SurveyFilter) -> list[tuple[str, str, int]]:
    """(label, colour, surveys) of those that pass."""
    return colours(data, by).legend(selected(selection, data))


@memo(4)
def _all_points(data: Dataset) -> PointTiles:
    lon, lat = (data.sites[column].to_numpy(float) for column in ("lon", "lat"))
    return PointTiles.build(lon, lat)


@memo(16)
def points(data: Dataset, by: str, selection: SurveyFilter) -> PointTiles:
    """The surveys that pass, ready to draw as tiles."""
    everything = _all_points(data).coloured(colours(data, by).code)
    return everything if selection.empty else everything.where(selected(selection, data))


@memo(4)
def _all_sites(data: Dataset) -> SiteIndex:
    return SiteIndex.of(data.sites)


@memo(4)
def index(data: Dataset, selection: SurveyFilter) -> SiteIndex:
    """Nearest-survey search among those that pass and have a position."""
    return _all_sites(data).where(selected(selection, data))


def rows(data: Dataset, selection: SurveyFilter) -> np.ndarray:
    """int64 (n,), ascending: those that pass."""
    return np.flatnonzero(selected(selection, data))


@memo(8)
def map_bounds(data: Dataset) -> Bounds:
    """What its maps can be panned to: Europe, or the world where surveys lie elsewhere."""
    lon, lat = (data.sites[column].to_numpy(float) for column in ("lon", "lat"))
    (south, west), (north, east) = BOUNDS
    placed = np.isfinite(lon) & np.isfinite(lat)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return BOUNDS if inside.sum() >= MOSTLY * placed.sum() else WORLD


@memo(4)
def extent_of(data: Dataset) -> Bounds:
    """The bounds of all surveys that the map can show."""
    lon, lat = (data.sites[column].to_numpy(float) for column in ("lon", "lat"))
    return extent(lon, lat, map_bounds(data))


@memo(16)
def site_extent(data: Dataset, source: str) -> Bounds:
    """The bounds of the surveys of one source."""
    own = (data.sites["source"].astype(str) == source).to_numpy()
    lon, lat = (data.sites[column].to_numpy(float)[own] for column in ("lon", "lat"))
    return extent(lon, lat, map_bounds(data))


@memo(8)
def simulated_environment(data: Dataset) -> bool:
    """Whether the predictors of an import of occurrences are those of a simulated Europe."""
    try:
        report = read_report(data.place)
    except DataError:
        return False  # the pages that show the report say what is wrong with it
    return report is not None and bool(report.world)


def default_filter(data: Dataset) -> SurveyFilter:
    """The filter where the reader has chosen none."""
    return options(data).shown(SurveyFilter())


@memo(64)
def nearness_to(data: Dataset, selection: SurveyFilter, row: int, at: tuple[float, float]) -> Nearness:
    """How the survey in `row` stands to the place `at` among those that pass."""
    return nearness(data, index(data, selection), row, at)


@memo(16)
def hidden(data: Dataset, selection: SurveyFilter) -> tuple[HiddenCount, ...]:
    """How many sites of each record type `selection` hides."""
    return hidden_counts(data, selected(selection, data))


@memo(4, "Reading the training surveys …")
def reference(data: Dataset) -> Reference | None:
    """The environment of the training surveys, to compare with; None when there is none."""
    return _of_training(fit_reference, data, "environment")


@memo(4, "Reading the training pictures …")
def patches(data: Dataset) -> PatchReference | None:
    """How bright the training pictures are; None when there are none."""
    return _of_training(fit_patches, data, "patch")


def _of_training(fit: Callable[[Dataset, np.ndarray], T], data: Dataset, modality: str) -> T | None:
    if modality not in data.modalities:
        return None
    try:
        return fit(data, np.flatnonzero(split_of(data) == "train"))
    except DataError:
        return None


@memo(8, "Reading the training spectra …")
def spectra(data: Dataset, modality: str) -> GroupSpectra | None:
    """The spectra of the training sites by class; None when there are none."""
    return _of_training(partial(fit_spectra, modality=modality), data, modality)


@memo(8, "Reading the training sites …")
def predictor_values(data: Dataset, modality: str) -> tuple[np.ndarray, ...] | None:
    """Per predictor its values at training sites, ascending; None when there are none."""
    return _of_training(partial(training_values, modality=modality), data, modality)


@memo(8, "Comparing the surveys …")
def similarity(data: Dataset, modality: str) -> SimilarityIndex:
    """Surveys by likeness, an even sample where there are more than `MOST_ALIKE`; DataError when none has data."""
    rows = np.flatnonzero(data.reader.available(modality) & (split_of(data) != PRESENCE_ONLY))
    return fit_similarity(data, evenly(data, rows, modality, MOST_ALIKE), modality)
