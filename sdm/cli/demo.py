"""Command that writes simulated data: demo."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.progress import progress_bar
from sdm.data.catalogue import DEMO, HOME
from sdm.data.worlds import VERSION
from sdm.modalities.layouts import EDITIONS
from sdm.virtual_europe.truth import truth_folder
from sdm.virtual_europe.write import EDITION, SIZES, remove_tree, version_in, write_tree


def _default(size: str, year: int) -> Path:
    name = DEMO.replace("demo", size)
    return HOME / (name if year == EDITION else f"{name}-{year}")


@click.command("demo")
@click.option(
    "--kind",
    type=click.Choice(["europe", "ecosystem", "trees"]),
    default="europe",
    show_default=True,
    help="Species of a virtual Europe, ecosystem types of two simulated coasts, trees of a simulated mountain.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="europe: new folder for the tree; others: folder that receives the data sets. Default: data/.",
)
@click.option("--size", type=click.Choice(list(SIZES)), help="europe: how large; default demo.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which of all possible ones."
)
@click.option(
    "--images", type=click.IntRange(min=0), help="europe: files only for the first N surveys of a source."
)
@click.option(
    "--edition",
    type=click.Choice([str(year) for year in EDITIONS]),
    help=f"europe: default {EDITION}.",
)
@click.option(
    "--renew",
    is_flag=True,
    help="europe: write it again where OUT holds one of an earlier version; leave one of this version as it is.",
)
def demo_command(
    kind: str, out: Path | None, size: str | None, seed: int, images: int | None, edition: str | None, renew: bool
) -> None:
    """Write simulated data.

    europe: a virtual Europe as a GeoLifeCLEF tree, and what is true of its test surveys beside it. ecosystem:
    rasters, polygons of several mappers and ground photographs of two simulated coasts, and the data sets made of
    them. trees: exports of monthly series of two simulated mountain sites, and the data set made of them.
    """
    if kind == "europe":
        _write_europe(out, size or "demo", seed, images, int(edition or EDITION), renew)
        return
    if size is not None or images is not None or edition is not None or renew:
        raise click.UsageError("--size, --images, --edition and --renew are of --kind europe")
    from sdm.virtual_coast.make import make_coast  # slow to load, and the virtual Europe needs neither
    from sdm.virtual_mountain.make import make_mountain

    of_types = kind == "ecosystem"
    with progress_bar(" steps") as report:
        raw, *datasets = (make_coast if of_types else make_mountain)(out or HOME, report, seed)
    click.echo(f"{raw}: files of {'two simulated coasts' if of_types else 'a simulated mountain'}, seed {seed}")
    for path in datasets:
        click.echo(f"{path}: data set made of them (simulated)")


def _write_europe(out: Path | None, size: str, seed: int, images: int | None, year: int, renew: bool) -> None:
    target = out if out is not None else _default(size, year)
    if renew and (version := version_in(target)) is not None:
        if version == VERSION:
            return
        remove_tree(target)
        click.echo(f"{target}: was version {version} of the virtual Europe; version {VERSION} takes its place")
    with progress_bar(" surveys") as report:
        write_tree(target, size, seed, images, report, year=year)
    click.echo(f"{target}: virtual Europe, size {size}, seed {seed}, as GeoLifeCLEF {year} (simulated)")
    click.echo(f"{truth_folder(target)}: true probabilities and labels of its test surveys")
