"""From a name to a file of records, and beside it the data sets to cite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sdm.files import atomic
from sdm.formats.spreadsheet import to_csv
from sdm.gbif import records
from sdm.gbif.client import Client, GbifError
from sdm.gbif.query import LIMIT, Query, count, parts
from sdm.jobs import Report, no_report

LEFT_OUT, CITED = ".left-out.csv", ".datasets.csv"


@dataclass(frozen=True)
class Download:
    """`kept` records and `left_out` ones (column `reason`), the `datasets` to cite, and how many records GBIF has
    but does not hand out."""

    kept: pd.DataFrame
    left_out: pd.DataFrame
    datasets: pd.DataFrame
    withheld: int


def download(client: Client, query: Query, report: Report = no_report) -> Download:
    """All records of `query`.

    `report` hears of the records read, after every page, and may raise to stop; what was answered until then is
    kept in the client's cache. GbifError where there are none, or GBIF cannot be asked.
    """
    total = count(client, query)
    if not total:
        raise GbifError("GBIF has no such records", got=query.key, remedy="Ask for a larger area or more years.")
    read, pages, withheld = 0, [], 0
    for part, number in parts(client, query):
        withheld += max(number - LIMIT, 0)
        for page in records.pages(client, part, number):
            pages.append(records.table(page))
            read += len(page)
            report(min(read, total), total, "records")
    table = records.joined(pages)
    reason = records.dubious(table)
    kept = table[reason == ""].reset_index(drop=True)
    left_out = table.assign(reason=reason)[reason != ""].reset_index(drop=True)
    return Download(kept, left_out, records.datasets(client, kept), withheld)


def write(found: Download, out: Path) -> tuple[Path, ...]:
    """Write the records to `out` (CSV), beside it those left out and the data sets to cite; return the files."""
    tables = {
        out: found.kept, out.with_suffix(LEFT_OUT): found.left_out, out.with_suffix(CITED): found.datasets
    }  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    for path, table in tables.items():
        with atomic(path) as file:
            file.write(to_csv(table))
    return tuple(tables)
