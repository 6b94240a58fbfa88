"""Commands about data sets: check, pack, inspect."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from sdm.cli.options import data_argument, find_data, json_option
from sdm.cli.progress import progress_bar
from sdm.data.check import check
from sdm.data.open import open_dataset
from sdm.data.store import pack
from sdm.data.survey import dossier
from sdm.data.survey_summary import to_json, to_text

UNUSABLE = 1
ID = r"-?[0-9]{1,18}"  # within int64


@click.command("check")
@data_argument()
@click.option("--all", "every", is_flag=True, help="Read every file instead of a sample.")
@json_option()
def check_command(data: Path, every: bool, as_json: bool) -> None:
    """Tell what the data set at DATA holds, lacks and has wrong; exit 1 when it is unusable."""
    report = check(data, every=every)
    click.echo(_json(report.to_json()) if as_json else report.to_text())
    if not report.usable:
        sys.exit(UNUSABLE)


@click.command("pack")
@data_argument()
@click.option("--out", type=click.Path(path_type=Path), help="Where to; the default place is under data/stores.")
@json_option()
def pack_command(data: Path, out: Path | None, as_json: bool) -> None:
    """Turn the tree at DATA into a packed store. An interrupted pack goes on where it was."""
    with progress_bar(" surveys") as report:
        packed = pack(data, out, report)
    if as_json:
        skipped = [vars(entry) for entry in packed.skipped]
        click.echo(_json({"store": str(packed.place), "written": packed.written, "skipped": skipped}))
        return
    click.echo(f"{packed.place}: {'packed' if packed.written else 'up to date'}")
    for entry in packed.skipped:
        click.echo(f"  left out: {entry.source} {entry.survey_id} {entry.modality}: {entry.reason}")


@click.command("inspect")
@click.argument("words", nargs=-1, required=True, metavar="[DATA] SURVEY_ID")
@click.option("--source", help="PA-train, PA-test or PO-train, where one id occurs in several.")
@json_option()
def inspect_command(words: tuple[str, ...], source: str | None, as_json: bool) -> None:
    """Print all that DATA knows of SURVEY_ID."""
    data, survey_id = _data_and_id(words)
    dataset = open_dataset(data)
    survey = dossier(dataset, dataset.row_of(survey_id, source))
    click.echo(_json(to_json(survey)) if as_json else to_text(survey))


def _data_and_id(words: tuple[str, ...]) -> tuple[Path, int]:
    """The data set, or the default one where only an id is given, and the id."""
    *place, number = words
    if len(place) > 1 or not re.fullmatch(ID, number):
        raise click.UsageError(f"expected [DATA] SURVEY_ID, got {' '.join(words)}")
    return find_data(Path(place[0]) if place else None), int(number)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
