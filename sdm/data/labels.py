"""From rows of metadata, one per survey and species, to surveys and their sparse labels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.geo.countries import canonical_country, canonical_region


@dataclass(frozen=True)
class Records:
    """The surveys of one source and their species.

    `sites` has one row per survey, ascending by id, with the columns of `Dataset.sites`. `row` and `species`
    hold one entry per record with a species: the survey's row in `sites` and the data's species id.
    """

    sites: pd.DataFrame
    row: np.ndarray
    species: np.ndarray


def records(rows: pd.DataFrame, source: str) -> Records:
    """The surveys in `rows` (columns surveyId, lon, lat and, where known, year, areaInM2, country, region,
    publisher, speciesId).

    A survey takes its position, year and names from its first row and the largest of its areas. An area that
    is not finite is missing, as is a position that is not on the globe. Nothing is de-duplicated but surveys.
    """
    ids = rows["surveyId"].to_numpy()
    order = np.argsort(ids, kind="stable")
    starts = np.flatnonzero(np.diff(ids[order], prepend=ids[order][:1] - 1))
    first = order[starts]
    lon, lat = rows["lon"].to_numpy()[first], rows["lat"].to_numpy()[first]
    on_globe = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    sites = pd.DataFrame(
        {
            "source": pd.Categorical.from_codes(
                np.zeros(len(first), int), categories=pd.Index([source], dtype="str")
            ),
            "survey_id": ids[first],
            "lon": np.where(on_globe, lon, np.nan),
            "lat": np.where(on_globe, lat, np.nan),
            "year": _year(rows, first),
            "area_m2": _largest_area(rows, order, starts),
            "country": _names(rows, "country", first, canonical_country),
            "region": _names(rows, "region", first, canonical_region),
            "publisher": _names(rows, "publisher", first, str.strip),
        }
    )
    if "speciesId" not in rows:
        return Records(sites, np.empty(0, np.int32), np.empty(0, np.int64))
    survey = np.empty(len(ids), np.int32)
    survey[order] = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(starts, append=len(ids)))
    return Records(sites, *_known_species(rows["speciesId"].to_numpy(), survey, source))


def label_matrix(parts: Sequence[Records]) -> tuple[np.ndarray, csr_matrix]:
    """Species ids (S,), ascending, and the csr matrix (N, S) of 0/1 over the surveys of all `parts` in turn.

    A pair that occurs twice counts once.
    """
    offsets = np.cumsum([0, *(len(part.sites) for part in parts)])
    species = np.concatenate([part.species for part in parts])
    rows = np.concatenate([part.row + int(offset) for part, offset in zip(parts, offsets, strict=False)])
    class_ids, column = np.unique(species, return_inverse=True)
    pairs = np.sort(rows.astype(np.int64) * max(len(class_ids), 1) + column)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # np.unique hashes: ten times slower on 6 M pairs
    row, column = np.divmod(pairs, max(len(class_ids), 1))
    indptr = np.zeros(offsets[-1] + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=offsets[-1]), out=indptr[1:])
    shape = (int(offsets[-1]), len(class_ids))
    return class_ids, csr_matrix((np.ones(len(pairs), np.uint8), column.astype(np.int32), indptr), shape=shape)


def fingerprint(sites: pd.DataFrame, class_ids: np.ndarray, labels: csr_matrix) -> str:
    """16 hex digits that change whenever a source, a survey id, a species or a label does."""
    digest = hashlib.sha256()
    digest.update("\n".join(f"{k} {v}" for k, v in sites["source"].value_counts(sort=False).items()).encode())
    for array in (sites["survey_id"].to_numpy(), class_ids, labels.indptr, labels.indices):
        digest.update(np.ascontiguousarray(array, np.int64).data)
    return digest.hexdigest()[:16]


def _year(rows: pd.DataFrame, first: np.ndarray) -> pd.Series | np.ndarray:
    """int32 where every survey has a year, else the nullable kind."""
    year = rows["year"].to_numpy()[first] if "year" in rows else np.full(len(first), np.nan)
    known = (year > 0) & (year < 10_000)
    whole = np.where(known, year, 0).astype(np.int32)
    return whole if known.all() else pd.Series(whole, dtype="Int32").mask(~known)


def _largest_area(rows: pd.DataFrame, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    if "areaInM2" not in rows or not len(starts):
        return np.full(len(starts), np.nan)
    area = rows["areaInM2"].to_numpy()[order]
    largest = np.maximum.reduceat(np.where(np.isfinite(area), area, -np.inf), starts)
    return np.where(np.isfinite(largest), largest, np.nan)


def _names(
    rows: pd.DataFrame, column: str, first: np.ndarray, canonical: Callable[[str], str]
) -> pd.Categorical[Any]:
    """The names in `column` in their canonical spelling; missing where there is no such column."""
    if column not in rows:
        return pd.Categorical.from_codes(np.full(len(first), -1), categories=pd.Index([], dtype="str"))
    names = rows[column].array.take(first)
    spelling = {name: canonical(name) for name in names.categories}
    categories = sorted({spelled for spelled in spelling.values() if spelled})
    code = pd.Index(categories).get_indexer(pd.Index([spelling[name] for name in names.categories]))
    codes = np.append(code, -1)[names.codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(categories, dtype="str"))


def _known_species(species: np.ndarray, survey: np.ndarray, source: str) -> tuple[np.ndarray, np.ndarray]:
    known = ~np.isnan(species)
    whole = species[known]
    odd = ~np.isfinite(whole) | (whole != np.floor(whole)) | (np.abs(whole) > 2**53)
    if odd.any():
        raise DataError("a speciesId is not a whole number", where=f"{source} metadata", got=whole[odd][0])
    return survey[known], whole.astype(np.int64)
