"""Commands that bring the published data to this machine: fetch, unpack."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.progress import progress_bar
from sdm.data import kaggle
from sdm.formats import archives


@click.command("fetch")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--competition", default=kaggle.COMPETITION, show_default=True, help="Name in its address.")
def fetch_command(out: Path, competition: str) -> None:
    """Download the competition's files into OUT with Kaggle's own client.

    The client must be installed and have a token, and you must have accepted the competition's rules.
    """
    with progress_bar("B", competition) as report:
        archive = kaggle.fetch(out, competition, report)
    click.echo(f"{archive}: next, `python -m sdm unpack {archive} DIR`")


@click.command("unpack")
@click.argument("archive", type=click.Path(path_type=Path), metavar="ZIP")
@click.argument("out", type=click.Path(path_type=Path))
def unpack_command(archive: Path, out: Path) -> None:
    """Unpack ZIP (a zip or tar) into the new folder OUT.

    Archives with entries that would land elsewhere, with links or devices, or that swell beyond reason are refused
    as a whole.
    """
    with progress_bar("B", archive.name) as report:
        archives.unpack(archive, out, report)
    click.echo(f"{out}: next, `python -m sdm check {out}`")
