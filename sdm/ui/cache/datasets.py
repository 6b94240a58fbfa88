"""Data sets, their surveys, and what is computed of all of them. `key` is a key of `known_datasets`."""

from __future__ import annotations

import numpy as np

from sdm.analysis.histogram import PatchReference, fit_patches
from sdm.analysis.neighbours import SimilarityIndex, fit_similarity
from sdm.analysis.novelty import Reference, fit_reference
from sdm.analysis.sampling import evenly
from sdm.data.catalogue import known_datasets
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.overview import PRESENCE_ONLY, split_of
from sdm.data.selection import Options, Selection
from sdm.data.survey import Dossier, dossier
from sdm.errors import DataError, UnknownNameError
from sdm.geo.distance import SiteIndex
from sdm.maps.colours import Colouring, colouring
from sdm.maps.point_tiles import PointTiles
from sdm.ui.cache.memo import memo
from sdm.virtual_europe.simulated_survey import simulated_dossier
from sdm.virtual_europe.test_labels import with_test_labels

MOST_ALIKE = 20_000  # surveys compared; their patches are read once, in seconds


@memo(None, "Opening the data set …")
def dataset(key: str) -> Dataset:
    """The known data set `key`; test labels are shown where they are known."""
    known = known_datasets()
    if key not in known:
        raise UnknownNameError("unknown data set", expected=", ".join(known), got=key)
    return with_test_labels(open_dataset(known[key]))


@memo(256)
def survey(key: str, row: int) -> Dossier:
    """All that is known of the survey in `row`."""
    return dossier(dataset(key), row)


@memo(64)
def simulated(key: str, lon: float, lat: float, year: int) -> Dossier:
    """A survey simulated at that very point."""
    return simulated_dossier(dataset(key), lon, lat, year)


@memo(16)
def colours(key: str, by: str) -> Colouring:
    """What the colours of the surveys mean."""
    return colouring(dataset(key), by)


@memo(16)
def selected(key: str, selection: Selection) -> np.ndarray:
    """bool (N,): the surveys that pass the filters."""
    return selection.keep(dataset(key))


@memo(16)
def legend(key: str, by: str, selection: Selection) -> list[tuple[str, str, int]]:
    """(label, colour, surveys) of those that pass."""
    return colours(key, by).legend(selected(key, selection))


@memo(4)
def options(key: str) -> Options:
    """What the surveys can be filtered by."""
    return Options.of(dataset(key))


@memo(4)
def _all_points(key: str, by: str) -> PointTiles:
    sites = dataset(key).sites
    return PointTiles.build(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), colours(key, by).code)


@memo(16)
def points(key: str, by: str, selection: Selection) -> PointTiles:
    """The surveys that pass, ready to draw as tiles."""
    everything = _all_points(key, by)
    return everything if selection.empty else everything.where(selected(key, selection))


@memo(16)
def index(key: str, selection: Selection, pictured: bool) -> tuple[SiteIndex, np.ndarray]:
    """Nearest-survey search among those that pass, and the row of each; `pictured`: those with a patch, if any."""
    data, rows = dataset(key), np.flatnonzero(selected(key, selection))
    if pictured:
        having = rows[data.available("patch")[rows]]
        rows = having if having.size else rows
    return SiteIndex(data.sites.iloc[rows]), rows


@memo(4, "Reading the training surveys …")
def reference(key: str) -> Reference | None:
    """The environment of the training surveys, to compare with; None when there is none."""
    data = dataset(key)
    if "environment" not in data.modalities:
        return None
    try:
        return fit_reference(data, np.flatnonzero(split_of(data) == "train"))
    except DataError:
        return None


@memo(4, "Reading the training pictures …")
def patches(key: str) -> PatchReference | None:
    """How bright the training pictures are; None when there are none."""
    data = dataset(key)
    if "patch" not in data.modalities:
        return None
    try:
        return fit_patches(data, np.flatnonzero(split_of(data) == "train"))
    except DataError:
        return None


@memo(8, "Comparing the surveys …")
def similarity(key: str, modality: str) -> SimilarityIndex:
    """Surveys by likeness, an even sample where there are more than `MOST_ALIKE`; DataError when none has data."""
    data = dataset(key)
    rows = np.flatnonzero(data.reader.available(modality) & (split_of(data) != PRESENCE_ONLY))
    return fit_similarity(data, evenly(data, rows, modality, MOST_ALIKE), modality)
