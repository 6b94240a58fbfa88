"""The command that makes a data set of exports of monthly series."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sdm.cli.options import json_option
from sdm.cli.progress import progress_bar
from sdm.modalities.raster_bands import band_label
from sdm.series.build import import_series
from sdm.series.options import MASKED, ImportOptions, ReadOptions


@click.command("series")
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New folder, best under data/.")
@click.option("--bands", help="Features to use, with commas between; default: those of most files.")
@click.option("--class", "class_column", help="Column of the class; default: Class.")
@click.option("--point", "point_column", help="Column of the field point; default: point, else by distance.")
@click.option(
    "--position", type=click.Choice(["auto", "exact", "rounded"]), default="auto", show_default=True,
    help="Rows of one pixel have equal positions: as they stand, or to 6 digits (files without classes).",
)  # fmt: skip
@click.option("--masked", type=float, default=MASKED, show_default=True, help="Value of masked cells.")
@click.option("--all-dates", is_flag=True, help="Use every date of a month, not the first alone.")
@click.option("--site", help="What the site is called, of whatever file; default: by the files' names.")
@click.option("--classes", help="Classes to use, with commas between; default: all.")
@click.option("--neighbours", "neighbours_m", type=click.FloatRange(min=0), default=15.0, show_default=True,
              help="Metres up to which pixels belong to one field point.")  # fmt: skip
@click.option("--block", "block_m", type=click.FloatRange(min=0, min_open=True), help="Side of a block in metres.")
@click.option("--most", type=click.IntRange(min=1), help="At most so many pixels of a class, drawn at random.")
@click.option("--title", default="", help="What the data set is called on screen.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of splits and drawing.")
@json_option()
def series_command(files: tuple[Path, ...], out: Path, as_json: bool, **choices: Any) -> None:
    """Make a data set of monthly series per pixel, exported from Earth Engine as CSV.

    Pixels of FILES with a column of classes are its rows; other files become scenes for maps. What cannot be
    used is left out and counted (docs/data.md).
    """
    columns = {role: name for role in ("class", "point") if (name := choices.pop(f"{role}_column"))}
    bands = tuple(dict.fromkeys(band_label(name, 0) for name in _listed(choices.pop("bands")) or ())) or None
    read = ReadOptions(
        bands, columns, choices.pop("position"), choices.pop("masked"),
        one_a_month=not choices.pop("all_dates"), site=choices.pop("site"),
    )  # fmt: skip
    options = ImportOptions(read=read, classes=_listed(choices.pop("classes")), **choices)
    with progress_bar(" steps") as report:
        made = import_series(files, out, options, report)
    click.echo(
        json.dumps(made.to_json(), ensure_ascii=False, indent=2, allow_nan=False) if as_json else made.to_text()
    )


def _listed(text: str | None) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip())) or None if text else None
