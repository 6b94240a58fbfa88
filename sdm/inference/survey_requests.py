"""A list of surveys or places somebody wants predictions for; every bad line is told, and the rest goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.formats.problem import Problems, on_lines
from sdm.formats.table import Kind, count_lines, line_numbers, read_header, read_table, whole
from sdm.geo.distance import FAR_KM, SiteIndex
from sdm.modalities.layouts import METADATA, PO_TRAIN

MOST_LINES = 200_000  # of a list: over ten times the test surveys of a competition
PRESENCE_ONLY_TABLE = next(row.name for row in METADATA if row.source == PO_TRAIN)
SURVEY, SOURCE, LAT, LON = "surveyId", "source", "lat", "lon"
FORMS = (SURVEY, f"{SURVEY},{SOURCE}", f"{LAT},{LON}")
# Lower-case names of columns in lists of occurrences: of GBIF, iNaturalist, Darwin Core and GeoLifeCLEF.
TAXA = ("species", "speciesid", "specieskey", "scientificname", "scientific_name", "taxon", "taxonid", "taxonkey",
        "taxon_id", "acceptedscientificname", "verbatimscientificname")  # fmt: skip
LATITUDES = ("lat", "latitude", "decimallatitude", "decimal_latitude")
LONGITUDES = ("lon", "lng", "long", "longitude", "decimallongitude", "decimal_longitude")


class OccurrenceListError(DataError):
    """A list of species seen at places, where surveys to predict are expected."""


@dataclass(frozen=True)
class PredictionRequest:
    """Surveys to predict: `row` int64 (M,) in the data set, `line` int64 (M,) of the file, and `km` (M,).

    `km` is how far the survey lies from the place asked for, 0 where it was asked for by its id.
    """

    row: np.ndarray
    line: np.ndarray
    km: np.ndarray

    def __len__(self) -> int:
        return len(self.row)


def read_requests(path: Path, dataset: Dataset) -> tuple[PredictionRequest, Problems]:
    """The surveys listed in `path`, in any of FORMS, and what is wrong with other lines.

    A place stands for the survey nearest to it, if that is within FAR_KM. DataError when it is no such list or
    one of more than MOST_LINES, OccurrenceListError where it is one of occurrences; a cell that cannot be read is
    one bad line more.
    """
    names, _ = read_header(path)
    if (lines := count_lines(path)) > MOST_LINES:
        raise DataError(
            "too long a list", expected=f"at most {MOST_LINES:,} lines", got=f"{lines:,}",
            remedy="Split it, or use `python -m sdm predict`.",
        )  # fmt: skip
    if SURVEY in names:
        table = read_table(path, {SURVEY: Kind.TEXT, SOURCE: Kind.TEXT}, optional=frozenset({SOURCE}))
        return _once(*_by_id(table, line_numbers(path, len(table)), dataset))
    _refuse_occurrences(names)
    if {LAT, LON} <= set(names):
        table = read_table(path, {LAT: Kind.TEXT, LON: Kind.TEXT})
        return _once(*_by_place(table, line_numbers(path, len(table)), dataset))
    raise DataError("line 1: not a header known here", expected=" · ".join(FORMS), got=",".join(names)[:120])


def _refuse_occurrences(names: Sequence[str]) -> None:
    """OccurrenceListError for a header that names a taxon and a place."""
    lower = [name.strip().lower() for name in names]
    matches = [next((n for n, low in zip(names, lower, strict=True) if low in known), None)
             for known in (TAXA, LATITUDES, LONGITUDES)]  # fmt: skip
    if all(matches):
        raise OccurrenceListError(
            "a list of occurrences: which species was seen where",
            expected="surveys or places without species, a header of " + " · ".join(FORMS),
            got=", ".join(name for name in matches if name),
            remedy=f"For predictions at these places, leave the columns {LAT} and {LON} alone. Occurrences are "
            "presence-only records, which models learn from: they belong into the table "
            f"{PRESENCE_ONLY_TABLE} of a GeoLifeCLEF tree.",
        )


def _by_id(table: pd.DataFrame, lines: np.ndarray, dataset: Dataset) -> tuple[PredictionRequest, Problems]:
    sites, (text, value) = dataset.sites, _cells(table[SURVEY])
    good = whole(value)
    problems = on_lines(lines[~good], '"{}" is no survey id: a whole number', text[~good])
    wanted, lines = value[good].astype(np.int64), lines[good]
    if SOURCE in table:
        known = pd.MultiIndex.from_arrays([sites["survey_id"], sites["source"].astype(str)])
        keys = pd.MultiIndex.from_arrays([wanted, table[SOURCE].astype(str)[good]])
    else:
        known, keys = pd.Index(sites["survey_id"]), pd.Index(wanted)
    first = np.flatnonzero(~known.duplicated())
    row = known[first].get_indexer(keys)
    problems += on_lines(lines[row < 0], "survey {} is not in this data set", wanted[row < 0])
    return PredictionRequest(first[row[row >= 0]], lines[row >= 0], np.zeros(int((row >= 0).sum()))), problems


def _by_place(table: pd.DataFrame, lines: np.ndarray, dataset: Dataset) -> tuple[PredictionRequest, Problems]:
    (lat_text, lat), (lon_text, lon) = _cells(table[LAT]), _cells(table[LON])
    good = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    text = lat_text + ", " + lon_text
    problems = on_lines(lines[~good], '"{}" is no place on earth: degrees of latitude, longitude', text[~good])
    row, km = SiteIndex.of(dataset.sites).nearest_of(lon[good], lat[good])
    near = km <= FAR_KM
    problems += on_lines(lines[good][~near], f"no survey within {FAR_KM:g} km of {{}}", text[good][~near])
    return PredictionRequest(row[near], lines[good][near], km[near]), problems


def _cells(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """What is written in each cell, "" where nothing is, and its number, float64, NaN where it is none."""
    text = column.astype(object).fillna("").to_numpy(object)
    return text, pd.to_numeric(pd.Series(text), errors="coerce").to_numpy(np.float64)


def _once(request: PredictionRequest, problems: Problems) -> tuple[PredictionRequest, Problems]:
    """Each survey once, where it is met first."""
    _, first = np.unique(request.row, return_index=True)
    again = np.setdiff1d(np.arange(len(request)), first)
    first = np.sort(first)
    problems = problems + on_lines(
        request.line[again], "the same survey as on a line before{}", np.full(len(again), "")
    )
    unique = PredictionRequest(request.row[first], request.line[first], request.km[first])
    return unique, problems
