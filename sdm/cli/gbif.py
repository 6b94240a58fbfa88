"""The command that downloads records of a species from GBIF."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.progress import progress_bar
from sdm.data.catalogue import HOME
from sdm.gbif.client import Client
from sdm.gbif.download import Download, download, write
from sdm.gbif.query import FIRST_YEAR, WORLD, Query, match
from sdm.number_format import counted

CACHE = "gbif"  # folder of answers under data/


class Numbers(click.ParamType[tuple[float, ...]]):
    """Numbers with commas between."""

    name = "numbers"

    def __init__(self, kind: type[float] | type[int], count: int) -> None:
        self.kind, self.count = kind, count

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...] | tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            found = tuple(self.kind(part) for part in str(value).split(","))
        except ValueError:
            found = ()
        if len(found) != self.count:
            self.fail(f"{value!r} is not {self.count} numbers with commas between", param, ctx)
        return found


@click.command("gbif")
@click.argument("name")
@click.option("--country", default="", help="Two letters, for instance CH.")
@click.option("--bbox", type=Numbers(float, 4), default=WORLD, help="WEST,SOUTH,EAST,NORTH in degrees.")
@click.option("--years", type=Numbers(int, 2), default=(FIRST_YEAR, 0), help="FIRST,LAST; default: since 1900.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV to write.")
def gbif_command(
    name: str, country: str, bbox: tuple[float, float, float, float], years: tuple[int, int], out: Path
) -> None:
    """Download the records of the species NAME (scientific) that GBIF has, and which data sets to cite for them.

    Records without a position, with a known geospatial issue, of fossils and living collections are not asked for;
    those with a position of little use are left out, with the reason, in a file beside OUT.
    """
    client = Client(HOME / CACHE)
    taxon = match(client, name)
    click.echo(f"{name}: {taxon.name} ({taxon.rank.lower()}, key {taxon.key})", err=True)
    with progress_bar(" records", name) as report:
        found = download(client, Query(taxon.key, country, bbox, years), report)
    paths = write(found, out)
    click.echo(_said(found, paths))


def _said(found: Download, paths: tuple[Path, ...]) -> str:
    records, left_out, cited = paths
    lines = [f"{records}: {counted(len(found.kept), 'record')}"]
    if len(found.left_out):
        reasons = found.left_out["reason"].value_counts()
        why = ", ".join(f"{number:,} {reason}" for reason, number in reasons.items())
        lines.append(f"{left_out}: {counted(len(found.left_out), 'record')} left out: {why}")
    if found.withheld:
        lines.append(
            f"GBIF has {found.withheld:,} more at places with too many to hand out; its downloads have them."
        )
    lines.append(f"{cited}: {counted(len(found.datasets), 'data set')} to cite")
    closed = found.datasets[found.datasets["not_commercial"].astype(bool)]
    if len(closed):
        number = int(closed["records"].sum())
        lines.append(
            f"not for commercial use (CC BY-NC): {counted(number, 'record')} of {counted(len(closed), 'data set')}"
        )
    lines.append(
        "A publication needs a DOI: make the same query a download on gbif.org, or register a derived dataset."
    )
    return "\n".join(lines)
