"""The command that makes a data set of consensus points and their ground photographs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sdm.cli.options import json_option
from sdm.cli.progress import progress_bar
from sdm.rasters.photos import PhotoOptions, import_photos

PATH = click.Path(path_type=Path)


@click.command("photos")
@click.argument("table", type=PATH)
@click.option("--photos", type=PATH, required=True, help="Folder of the photographs the table names.")
@click.option("--out", type=PATH, required=True, help="New folder, best under data/.")
@click.option("--code", help="Column of the table with the ecosystem type; default: code.")
@click.option("--crs", help="Reference system of x and y, where the table has no column crs.")
@click.option("--crops", type=click.IntRange(1, 64), default=4, show_default=True, help="Of each photograph.")
@click.option("--title", default="", help="What the data set is called on screen.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of crops and splits.")
@json_option()
def photos_command(table: Path, photos: Path, out: Path, as_json: bool, **choices: Any) -> None:
    """Make a data set of random crops of ground photographs, labelled by the points in TABLE.

    Columns: point_id, code, photo, and lon and lat or x and y. What cannot be used is left out and named.
    """
    with progress_bar(" photographs") as report:
        made = import_photos(table, photos, out, PhotoOptions(**choices), report)
    click.echo(json.dumps(made.to_json(), ensure_ascii=False, indent=2) if as_json else made.to_text())
