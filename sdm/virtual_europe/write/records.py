"""Metadata rows as the real tables have them: spellings, gaps and duplicates included.

Rates are those of GeoLifeCLEF 2025: of the PA test table for areas, uncertainties and names, of the training
tables for duplicate pairs.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sdm.geo.hashing import combine, stream, uniform
from sdm.geo.regions import region
from sdm.virtual_europe.flora import Species
from sdm.virtual_europe.sampling import Surveys

PA_DUPLICATES = 49_637 / 1_434_000  # repeated pairs per distinct pair
PO_DUPLICATES = 135_101 / 4_944_696
SECOND_AREA = 0.01  # share of surveys with two plot sizes
NOTHING_NAMED = 997  # of so many surveys one has a row without a species

# Shares of the PA test surveys of GeoLifeCLEF 2025 whose area is missing, and said to be -inf.
_NO_AREA, _ENDLESS = 644 / 14_784, 138 / 14_784
_UNCERTAINTIES = (
    (0.0, 4410), (10.0, 2118), (3.0, 1817), (1.0, 1679), (5.0, 1584), (100.0, 1518), (np.nan, 840), (20.0, 265),
    (4.0, 141), (50.0, 82), (1000.0, 73), (2000.0, 57), (25.0, 48), (10000.0, 5),
)  # fmt: skip
# Canonical name -> other spelling, share of rows that carry it.
_COUNTRY_QUIRKS = {
    "Slovakia": ("Slovak Republic", 0.2), "Ukraine": ("Ukraina", 0.002), "Russia": ("Russian Federation", 1.0),
    "Bosnia and Herzegovina": ("Bosnia-Herzegovina", 0.3),
}  # fmt: skip
_REGION_QUIRKS = {"BLACKSEA": ("BLACK SEA", 0.4)}
_PUBLISHERS = ("Simulated plant app", "Simulated species portal", "Simulated botanical society", "")
_DAYS_BEFORE = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_MONTHLY_RECORDS = np.array([1, 1, 4, 9, 16, 18, 16, 13, 9, 6, 2, 1])
_PA_ID_RANGE, _PO_ID_RANGE = 5_010_113, 6_000_011
_ID_OFFSETS = {"train": 0, "near": 1_000_000, "far": 2_000_000}


def survey_ids(source: str, number: np.ndarray) -> np.ndarray:
    """The `surveyId` of surveys `number` of `source`, int64: scattered, unique among PA and among PO surveys."""
    number = np.asarray(number, np.int64)
    if source == "po":
        return (number * 2_345_683 + 1) % _PO_ID_RANGE
    return ((number + _ID_OFFSETS[source]) * 1_234_577 + 642) % _PA_ID_RANGE


def _weighted(u: np.ndarray, table: tuple[tuple[float, int], ...]) -> np.ndarray:
    values, counts = np.array(table).T
    return values[np.searchsorted(np.cumsum(counts) / counts.sum(), u, side="right").clip(0, len(values) - 1)]


def _respell(names: np.ndarray, quirks: dict[str, tuple[str, float]], u: np.ndarray) -> np.ndarray:
    spelled = names.astype(object)
    for name, (other, share) in quirks.items():
        spelled[(names == name) & (u < share)] = other
    return spelled


def _written_area(area: np.ndarray, u: np.ndarray) -> np.ndarray:
    return np.where(u < _NO_AREA, np.nan, np.where(u > 1 - _ENDLESS, -np.inf, area))


def pa_sites(surveys: Surveys) -> dict[str, np.ndarray]:
    """One row per PA survey: the columns of the test metadata."""
    p, key = surveys.places, surveys.places.key
    return {
        "lon": p.lon,
        "lat": p.lat,
        "year": p.year,
        "geoUncertaintyInM": _weighted(uniform(key, "uncertainty"), _UNCERTAINTIES),
        "areaInM2": _written_area(surveys.visits.area, uniform(key, "written area")),
        "region": _respell(region(p.lon, p.lat, p.elevation), _REGION_QUIRKS, uniform(key, "region name")),
        "country": _respell(surveys.country, _COUNTRY_QUIRKS, uniform(key, "country name")),
        "surveyId": survey_ids(surveys.source, surveys.number),
    }


def pa_rows(surveys: Surveys, site: np.ndarray, column: np.ndarray, species_id: np.ndarray) -> pa.Table:
    """One row per survey and species, in shuffled order, with repeated pairs, second areas and nameless rows.

    Species `column[i]` is present at survey `site[i]`.
    """
    pair = combine(surveys.places.key[site].view(np.int64), column)
    again = np.flatnonzero(uniform(pair, "pair again") < PA_DUPLICATES)
    nameless = np.flatnonzero(surveys.number % NOTHING_NAMED == 3)
    row = np.concatenate([site, site[again], nameless])
    species = np.concatenate([species_id[column], species_id[column[again]], np.full(len(nameless), np.nan)])
    sites = pa_sites(surveys)
    columns = {name: values[row] for name, values in sites.items()}
    tag = combine(np.arange(len(row)), stream("row"), columns["surveyId"])
    two = (uniform(surveys.places.key, "two areas") < SECOND_AREA)[row] & (uniform(tag, "area") < 0.5)
    columns["areaInM2"] = np.where(two, 100.0, columns["areaInM2"])
    order = np.argsort(tag, kind="stable")
    names = ["lon", "lat", "year", "geoUncertaintyInM", "areaInM2", "region", "country"]
    ordered = {name: columns[name][order] for name in names}
    return table(ordered | {"speciesId": species[order], "surveyId": columns["surveyId"][order]})


def po_rows(surveys: Surveys, site: np.ndarray, column: np.ndarray, species_id: np.ndarray) -> pa.Table:
    """One row per presence-only record: record i is species `column[i]` at survey `site[i]`."""
    pair = combine(surveys.places.key[site].view(np.int64), column, stream("po"))
    again = np.flatnonzero(uniform(pair, "pair again") < PO_DUPLICATES)
    row, column = np.concatenate([site, site[again]]), np.concatenate([column, column[again]])
    key = surveys.places.key[row]
    month = _weighted(uniform(key, "month"), tuple(zip(range(1, 13), _MONTHLY_RECORDS.tolist(), strict=True)))
    month = month.astype(int)
    day = 1 + (uniform(key, "day") * 28).astype(int)
    year = surveys.places.year[row]
    order = np.argsort(combine(pair[0].astype(np.int64) if len(pair) else 0, np.arange(len(row))), kind="stable")
    dates = [f"{y}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)]
    columns = {
        "publisher": np.array(_PUBLISHERS, object)[(uniform(key, "publisher") ** 1.5 * 4).astype(int)],
        "year": year, "month": month, "day": day, "lat": surveys.places.lat[row], "lon": surveys.places.lon[row],
        "geoUncertaintyInM": _weighted(uniform(key, "uncertainty"), _UNCERTAINTIES),
        "taxonRank": np.full(len(row), "SPECIES", object), "date": np.array(dates, object),
        "dayOfYear": _DAYS_BEFORE[month - 1] + day, "speciesId": species_id[column],
        "surveyId": survey_ids("po", surveys.number)[row],
    }  # fmt: skip
    return table({name: values[order] for name, values in columns.items()})


def table(columns: dict[str, np.ndarray]) -> pa.Table:
    """An Arrow table of arrays; NaN becomes an empty field, -inf stays."""
    return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})


def species_table(named: tuple[Species, ...], ids: np.ndarray) -> pa.Table:
    """`species.csv`: names of the species with these ids; those beyond the named ones are called simulated."""
    rows = [(s.name, s.genus, s.family, s.common_name) for s in named[: len(ids)]]
    rows += [(f"simulated {i + 1:04d}", "simulated", "", "") for i in range(len(rows), len(ids))]
    names = ("name", "genus", "family", "common_name")
    columns = {name: pa.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    return pa.table({"speciesId": pa.array(ids), **columns}).sort_by("speciesId")
