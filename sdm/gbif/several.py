"""Records of several names: counted first, then downloaded as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sdm.gbif.client import Client, GbifError
from sdm.gbif.download import Download, download
from sdm.gbif.query import PAGE, WORLD, Box, Query, Taxon, count, match
from sdm.gbif.records import joined
from sdm.jobs import Report, no_report

MOST_NAMES = 20


@dataclass(frozen=True)
class Ask:
    """What is asked for: scientific names, and where and when as of `Query`."""

    names: tuple[str, ...]
    country: str = ""
    box: Box = WORLD
    years: tuple[int, int] = (1900, 0)


@dataclass(frozen=True)
class Counted:
    """A name with the taxon GBIF takes it for, and how many records there are."""

    name: str
    taxon: Taxon
    query: Query
    records: int

    @property
    def seconds(self) -> float:
        """How long a download takes at the least: a question a second."""
        return self.records / PAGE


def count_records(client: Client, ask: Ask, report: Report = no_report) -> tuple[Counted, ...]:
    """Each name looked up and counted; GbifError for one that GBIF does not know, and without any."""
    if not 0 < len(ask.names) <= MOST_NAMES:
        raise GbifError("no names, or too many", expected=f"1 to {MOST_NAMES}, one a line", got=len(ask.names))
    found = []
    for place, name in enumerate(ask.names):
        report(place, len(ask.names), "names")
        taxon = match(client, name)
        query = Query(taxon.key, ask.country, ask.box, ask.years)
        found.append(Counted(name, taxon, query, count(client, query)))
    return tuple(found)


def download_all(client: Client, counted: Sequence[Counted], report: Report = no_report) -> Download:
    """The records of all names that have any, each record once, and the data sets to cite for them."""
    total, before, parts = sum(one.records for one in counted), 0, []
    if not total:
        raise GbifError("GBIF has no such records", remedy="Ask for a larger area or more years.")
    for one in counted:
        if one.records:

            def progress(done: int, _: int, what: str, begun: int = before) -> object:
                return report(begun + done, total, what)

            parts.append(download(client, one.query, progress))
        before += one.records
    kept = joined([part.kept for part in parts])
    return Download(
        kept, joined([part.left_out for part in parts]), _cited([part.datasets for part in parts], kept),
        sum(part.withheld for part in parts),
    )  # fmt: skip


def _cited(tables: Sequence[pd.DataFrame], kept: pd.DataFrame) -> pd.DataFrame:
    """Each data set once with its records among those kept, most first."""
    every = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    total = kept["datasetKey"].value_counts()
    once = every.drop_duplicates("datasetKey").set_index("datasetKey").assign(records=total).reset_index()
    return once.sort_values("records", ascending=False, kind="stable", ignore_index=True)[list(tables[0].columns)]
