"""Command demo: writes a virtual Europe."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.progress import progress_bar
from sdm.data.catalogue import DEMO, HOME
from sdm.virtual_europe.truth import truth_folder
from sdm.virtual_europe.write import SIZES, write_tree


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
