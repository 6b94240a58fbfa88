"""The table of sites of an import, and the hash that tells one import from another."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from sdm.formats.table import whole
from sdm.geo.regions import european_country
from sdm.occurrences.folds import record_folds, split_columns
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.parts import Parts
from sdm.occurrences.predictors import Predictors
from sdm.occurrences.reading.positions import in_degrees
from sdm.occurrences.reading.reader import Rows


def site_table(parts: Parts, options: ImportOptions) -> tuple[pd.DataFrame, float]:
    """The table of sites with its splits, and the side of a block."""
    rows = parts.rows
    x, y, year = (np.concatenate([getattr(part, name) for part in rows]) for name in ("x", "y", "year"))
    lon, lat = in_degrees(x, y, parts.records.rows.crs)
    source = np.repeat(np.arange(len(rows)), [len(part) for part in rows])
    known = np.isfinite(year)
    years = pd.arrays.IntegerArray(np.where(known, year, 0).astype(np.int32), ~known)
    fold, block = record_folds(parts.records.rows, options)
    tables = [part.table for part in rows]
    sites = pd.DataFrame({
        "source": _text(source, tables), "survey_id": np.concatenate([_ids(part) for part in rows]),
        "lon": lon, "lat": lat, "year": years, "area_m2": np.nan, "country": _countries(lon, lat), "region": "",
        "x": x, "y": y, **split_columns(source, tables, fold, options.folds),
    })  # fmt: skip
    return sites, block


def fingerprint(sites: pd.DataFrame, parts: Parts, predictors: Predictors) -> str:
    """A hash of places, species, records, predictors and splits."""
    digest = hashlib.sha256()
    texts = [predictors.modality or "", *parts.records.species, *parts.records.groups]
    columns = [sites["source"], *(column for _, column in sites.filter(like="split_").items())]
    for codes, names in map(pd.factorize, columns):
        texts += map(str, names)
        digest.update(codes.astype(np.int8).data)
    digest.update("\n".join(texts).encode())
    matrix = parts.recorded
    for values in (sites["x"], sites["y"], matrix.indptr, matrix.indices, predictors.values):
        digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()[:16]


def _countries(lon: np.ndarray, lat: np.ndarray) -> pd.Series:
    """The country of each site, "" where it is not known."""
    codes = np.zeros(len(lon), np.int64)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    codes[known], names = european_country(lon[known], lat[known])
    return _text(codes, names)


def _text(codes: np.ndarray, names: list[str] | tuple[str, ...]) -> pd.Series:
    """The name of each code, as text."""
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(list(names)))).astype("str")


def _ids(rows: Rows) -> np.ndarray:
    """int64 (N,): the data's own ids where they are different whole numbers, else 1 to N."""
    own = np.full(len(rows), np.nan) if rows.ids is None else rows.ids
    if isinstance(own, pd.Categorical):
        own = pd.to_numeric(own.categories.to_series(), errors="coerce").to_numpy(np.float64)[own.codes]
    if whole(own).all() and len(np.unique(own)) == len(own):
        return own.astype(np.int64)
    return np.arange(1, len(rows) + 1)
