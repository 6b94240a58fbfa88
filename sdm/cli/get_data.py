"""Commands that bring data sets to this machine: demo, fetch, unpack."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.output import progress_bar
from sdm.data import kaggle
from sdm.data.catalogue import DEMO, HOME
from sdm.formats import archives
from sdm.virtual_europe.truth import truth_folder
from sdm.virtual_europe.write import SIZES, write_tree


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


def _default(size: str) -> Path:
    return HOME / DEMO.replace("demo", size)


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), help="New folder for the tree; default under data/.")
@click.option("--size", type=click.Choice(list(SIZES)), default="demo", show_default=True, help="How large.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which virtual Europe.")
@click.option("--images", type=click.IntRange(min=0), help="Files only for the first N surveys of each source.")
def demo_command(out: Path | None, size: str, seed: int, images: int | None) -> None:
    """Write a virtual Europe as a GeoLifeCLEF 2025 tree, and what is true of its test surveys beside it."""
    target = out if out is not None else _default(size)
    with progress_bar(" surveys") as report:
        write_tree(target, size, seed, images, report)
    click.echo(f"{target}: virtual Europe, size {size}, seed {seed} (simulated)")
    click.echo(f"{truth_folder(target)}: true probabilities and labels of its test surveys")
