"""Measures and prints one table: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from benchmarks import (
    grouping,
    load,
    maps,
    metrics,
    modalities,
    occurrences,
    pages,
    pixel_training,
    pixels,
    points,
    replicas,
    serving,
    store,
    tables,
    upload,
)
from benchmarks.comparison import Figure
from benchmarks.table import as_json, as_markdown, as_text

MODULES = (
    pixels,
    store,
    modalities,
    pixel_training,
    tables,
    grouping,
    occurrences,
    metrics,
    maps,
    serving,
    points,
    pages,
    load,
    upload,
    replicas,
)
BENCHMARKS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    module.__name__.removeprefix("benchmarks."): module.figures for module in MODULES
}


@click.command()
@click.argument("names", nargs=-1, metavar=f"[{' | '.join(BENCHMARKS)}] ...")
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the table there.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the numbers there.")
def main(names: tuple[str, ...], markdown: Path | None, json_file: Path | None) -> None:
    """Measure what is named, or all of it, and print one table; what fails is named and the rest measured."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        raise click.UsageError(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}")
    figures: list[Figure] = []
    failed = [name for name in names or BENCHMARKS if not _measured(name, figures)]
    click.echo(as_text(figures))
    if markdown is not None:
        markdown.write_text(as_markdown(figures) + "\n", encoding="utf-8")
    if json_file is not None:
        json_file.write_text(as_json(figures) + "\n", encoding="utf-8")
    if failed:
        raise click.ClickException(f"not measured to the end: {', '.join(failed)}")


def _measured(name: str, figures: list[Figure]) -> bool:
    """Add the figures of a benchmark as they come; False where it failed: what has taken minutes is not lost."""
    begun = time.monotonic()
    try:
        for figure in BENCHMARKS[name]():
            click.echo(f"{name}: {figure.title}", err=True)
            figures.append(figure)
    except Exception:  # noqa: BLE001  the next benchmark has nothing to do with it
        click.echo(f"{name}: {traceback.format_exc()}", err=True)
        return False
    click.echo(f"{name}: {time.monotonic() - begun:.0f} s", err=True)
    return True


if __name__ == "__main__":
    main()
