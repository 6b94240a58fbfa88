"""The command that predicts a class at every pixel of a site."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sdm.cli.options import json_option
from sdm.cli.output import progress_bar
from sdm.inference.series_map import SiteMap, read_for, write_series_maps
from sdm.maps.class_colours import colours_of_names
from sdm.number_format import counted, percent
from sdm.runs import Run
from sdm.series.report import SeriesReport

PATH = click.Path(path_type=Path)


@click.command("classmap")
@click.argument("run", type=PATH)
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
@click.option("--out", type=PATH, required=True, help="Folder for the maps, one folder per site.")
@json_option()
def classmap_command(run: Path, files: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Predict the class of each pixel in FILES, exports of monthly series, by RUN.

    Each site gets predictions.csv (latitude, longitude, predicted_class), classes.tif with a colour table, and
    certainty.tif with the probability of the class and the entropy. Tiles of a site are one map; classes in the
    files are not looked at.
    """
    opened = Run.open(run)
    with progress_bar(" series") as report:
        table = read_for(opened, files, report)
        colours = colours_of_names(opened.card.class_names)
        maps = write_series_maps(opened, table, out, colours, report)
    click.echo(_json(table.report, maps) if as_json else _text(table.report, maps))


def _json(report: SeriesReport, maps: list[SiteMap]) -> str:
    sites = [{"site": one.source, "folder": str(one.folder), "pixels": one.pixels, "classes": one.classes,
              "no_map": one.no_map or None} for one in maps]  # fmt: skip
    return json.dumps({"sites": sites, "report": report.to_json()}, ensure_ascii=False, indent=2)


def _text(report: SeriesReport, maps: list[SiteMap]) -> str:
    lines = [*report.lines()]
    for one in maps:
        shares = ", ".join(f"{name} {percent(count / one.pixels)}" for name, count in one.classes.items())
        lines.append(f"{one.folder}: {counted(one.pixels, 'pixel')}{f'; {shares}' if shares else ''}")
        lines += [f"  no map: {one.no_map}"] if one.no_map else []
    return "\n".join(lines)
