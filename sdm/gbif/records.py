"""Records of GBIF as a table in Darwin Core's terms, those of use, and the data sets to be cited for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sdm.gbif.client import Client
from sdm.gbif.query import LIMIT, PAGE, Query

# Terms of Darwin Core (dwc.tdwg.org/terms), as GBIF's search names them -> as its files do, where that differs.
TERMS = {
    "gbifID": "gbifID", "datasetKey": "datasetKey", "scientificName": "scientificName", "species": "species",
    "taxonKey": "taxonKey", "decimalLatitude": "decimalLatitude", "decimalLongitude": "decimalLongitude",
    "geodeticDatum": "geodeticDatum", "coordinateUncertaintyInMeters": "coordinateUncertaintyInMeters",
    "eventDate": "eventDate", "year": "year", "countryCode": "countryCode", "basisOfRecord": "basisOfRecord",
    "occurrenceStatus": "occurrenceStatus", "license": "license", "issues": "issue",
}  # fmt: skip
MOST_METRES = 10_000.0
# Uncertainties that stand for something else, middles of counties and grid cells or "unknown": GBIF's guide to
# filtering, data-blog.gbif.org/post/gbif-filtering-guide
DUBIOUS_METRES = (301.0, 3036.0, 999.0, 9999.0)
NOT_COMMERCIAL = "by-nc"


def pages(client: Client, query: Query, number: int) -> Iterator[list[Mapping[str, Any]]]:
    """The records of `query`, `number` of them, a page at a time; at most LIMIT, which is all GBIF hands out."""
    for offset in range(0, min(number, LIMIT), PAGE):
        answer = client.get("search", [*query.params(), ("limit", str(PAGE)), ("offset", str(offset))])
        found = answer.get("results")
        yield [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []
        if answer.get("endOfRecords"):
            return


def table(records: list[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per record, in the columns of TERMS' values; what a record lacks is missing."""
    rows = [{column: _plain(record.get(term)) for term, column in TERMS.items()} for record in records]
    made = pd.DataFrame(rows, columns=list(TERMS.values()))
    made["gbifID"] = made["gbifID"].astype(str)
    for column in ("decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters"):
        made[column] = pd.to_numeric(made[column], errors="coerce")
    made["year"] = pd.to_numeric(made["year"], errors="coerce").astype("Int64")
    return made


def joined(pages: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of several `table`s, each record once: parts of a query share those on their border."""
    there = [page for page in pages if len(page)]
    return pd.concat(there or [table([])], ignore_index=True).drop_duplicates("gbifID", ignore_index=True)


def _plain(value: object) -> object:
    return ";".join(map(str, value)) if isinstance(value, list) else value


def dubious(records: pd.DataFrame) -> pd.Series:
    """Why a record is of little use for a map, "" where nothing speaks against it."""
    metres = records["coordinateUncertaintyInMeters"].to_numpy(float)
    lat, lon = records["decimalLatitude"].to_numpy(float), records["decimalLongitude"].to_numpy(float)
    reasons = [
        (~(np.isfinite(lat) & np.isfinite(lon)), "no position"),
        ((lat == 0) & (lon == 0), "position 0, 0"),
        (np.isin(metres, DUBIOUS_METRES), "uncertainty that stands for the middle of an area"),
        (metres > MOST_METRES, f"uncertainty above {MOST_METRES / 1000:.0f} km"),
    ]
    return pd.Series(
        np.select([mask for mask, _ in reasons], [words for _, words in reasons], default=""), records.index
    )


def datasets(client: Client, records: pd.DataFrame) -> pd.DataFrame:
    """The data sets that `records` are of, most records first: what has to be cited.

    Columns: datasetKey, records, title, doi, license, not_commercial, citation.
    """
    rows = []
    for key, number in records["datasetKey"].dropna().value_counts().items():
        about = client.get("dataset", key=str(key))
        licence = str(about.get("license") or "")
        rows.append({
            "datasetKey": key, "records": int(number), "title": about.get("title", ""),
            "doi": about.get("doi", ""), "license": licence, "not_commercial": NOT_COMMERCIAL in licence.lower(),
            "citation": (about.get("citation") or {}).get("text", ""),
        })  # fmt: skip
    columns = ["datasetKey", "records", "title", "doi", "license", "not_commercial", "citation"]
    return pd.DataFrame(rows, columns=columns)
