"""The command that makes a data set of rasters and polygons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sdm.cli.options import json_option
from sdm.cli.progress import progress_bar
from sdm.rasters.build import import_polygons
from sdm.rasters.ecosystem_types import HIERARCHY
from sdm.rasters.sources import SIDES, ImportOptions, LayerFiles, SiteFiles, by_stem, read_sites

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("polygons")
@click.option("--raster", "rasters", type=FILE, multiple=True, help="GeoTIFF; the first gives the grid.")
@click.option("--polygons", type=FILE, multiple=True, help="Shapefile, GeoPackage or GeoJSON; the first labels.")
@click.option("--code", default="code", show_default=True, help="Column of the polygons with their class.")
@click.option("--lime", help="Column of the polygons with steps of lime richness (A to I), where they are mapped.")
@click.option("--site", help="What the site is called; default: the raster's name.")
@click.option("--sites", type=FILE, help="TOML file of several sites instead of the four above (docs/data.md).")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New folder, best under data/.")
@click.option(
    "--image", type=click.Choice([str(side) for side in SIDES]), help="Images so wide instead of pixels."
)
@click.option("--stride", type=click.IntRange(min=1), help="Pixels from one image to the next; default: its side.")
@click.option("--target", type=click.Choice(["classes", "lime"]), default="classes", show_default=True)
@click.option(
    "--level", type=click.Choice(HIERARCHY), default="name", show_default=True, help="Level of the classes."
)
@click.option("--most", type=click.IntRange(min=1), help="At most so many samples of a class, drawn at random.")
@click.option("--block", "block_m", type=click.FloatRange(min=0, min_open=True), help="Side of a block in metres.")
@click.option("--bands", help="Names of the bands to use, with commas between; default: all.")
@click.option("--by-position", is_flag=True, help="Number the bands, whatever they are called.")
@click.option("--keep-duplicates", is_flag=True, help="Keep pixels that repeat others.")
@click.option(
    "--tolerance", type=click.FloatRange(min=0), default=0.0, help="Up to which resampled values are equal."
)
@click.option("--year", type=int, help="Of the rasters.")
@click.option("--title", default="", help="What the data set is called on screen.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of splits and drawing.")
@json_option()
def polygons_command(
    sites: Path | None, code: str, out: Path, keep_duplicates: bool, as_json: bool, **choices: Any
) -> None:
    """Make a data set of the pixels, or images, that lie wholly inside one polygon.

    Rasters and polygons may have different reference systems. What cannot be used is left out and counted.
    """
    one = {key: choices.pop(key) for key in ("rasters", "polygons", "site", "bands", "year", "lime")}
    if bool(sites) == bool(one["rasters"]):
        raise click.UsageError("expected --raster and --polygons, or --sites")
    listed = read_sites(sites, code) if sites else (_site(code, one),)
    image = choices.pop("image")
    options = ImportOptions(image=image and int(image), drop_duplicates=not keep_duplicates, **choices)
    with progress_bar(" windows") as report:
        made = import_polygons(listed, out, options, report)
    click.echo(
        json.dumps(made.to_json(), ensure_ascii=False, indent=2, allow_nan=False) if as_json else made.to_text()
    )


def _site(code: str, choices: dict[str, Any]) -> SiteFiles:
    if not choices["polygons"]:
        raise click.UsageError("expected --polygons")
    bands = tuple(name.strip() for name in choices["bands"].split(",")) if choices["bands"] else None
    layer, name = LayerFiles(choices["rasters"], bands=bands), choices["site"] or choices["rasters"][0].stem
    return SiteFiles(
        name, (layer,), by_stem(choices["polygons"]), code, year=choices["year"], lime=choices["lime"]
    )
