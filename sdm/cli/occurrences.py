"""The command that makes a data set of tables of occurrences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sdm.cli.options import json_option
from sdm.cli.progress import progress_bar
from sdm.data.catalogue import known_datasets, uploads
from sdm.data.splits import SEED
from sdm.errors import UnknownNameError
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.cleaning.filters import FILTERS, USUAL
from sdm.occurrences.columns import NAMES
from sdm.occurrences.options import (
    BACKGROUND_SITES,
    BACKGROUNDS,
    FOLDS,
    MARGIN,
    NEAREST_KM,
    ImportOptions,
    OccurrenceFiles,
)

_TABLE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("occurrences")
@click.option("--po", "records", type=_TABLE, required=True, help="Records: species, position, predictors.")
@click.option("--background", type=_TABLE, help="Background sites: position, predictors.")
@click.option("--pa", "plots", type=_TABLE, help="Plots: a column of 0/1 per species; they are the test.")
@click.option("--pa-env", "plot_predictors", type=_TABLE, help="Predictors of the plots, by their ids.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New folder, best under data/.")
@click.option("--rasters", type=_TABLE, multiple=True,
              help="GeoTIFF whose bands are the predictors of all sites; repeatable.")  # fmt: skip
@click.option("--environment-of", metavar="DATA",
              help="Data set (key or folder): predictors are its environment at the nearest survey.")  # fmt: skip
@click.option("--nearest-km", type=click.FloatRange(min=0, min_open=True), default=NEAREST_KM, show_default=True,
              help="How far the nearest survey may be.")  # fmt: skip
@click.option("--background-kind", "background_kind", type=click.Choice(BACKGROUNDS),
              help="How background sites are drawn without --background; default: random where predictors are "
                   "known anywhere, else target-group.")  # fmt: skip
@click.option("--background-sites", type=click.IntRange(min=1), default=BACKGROUND_SITES, show_default=True,
              help="How many are drawn at most; few records have fewer.")  # fmt: skip
@click.option("--margin", type=click.FloatRange(min=0), default=MARGIN, show_default=True,
              help="How far background and map reach beyond the records, in parts of their extent.")  # fmt: skip
@click.option(
    "--crs",
    default="",
    help="Reference system of positions, such as EPSG:2056; default: degrees, where the values fit.",
)
@click.option("--group", default="", help="Column of the species' group; default: group, if there is one.")
@click.option("--species", default="", help="Column of the species; default: spid, species, scientificName.")
@click.option("--column", "roles", multiple=True, metavar="ROLE=NAME",
              help=f"Column of the records for a role ({', '.join(NAMES)}); repeatable.")  # fmt: skip
@click.option(
    "--swap-xy", is_flag=True, help="Longitude and latitude of the records stand in each other's column."
)
@click.option("--merge-names", is_flag=True,
              help="Take names that differ in case, spacing or authorship alone for one species.")  # fmt: skip
@click.option("--filter", "filters", multiple=True, type=click.Choice([*FILTERS, "usual"]),
              help="Leave out what a filter of doubtful records takes; repeatable.")  # fmt: skip
@click.option("--predictors", default="", help="Columns to use, commas between; default: those of every table.")
@click.option("--category", "categories", multiple=True, help="A predictor that is a class code; repeatable.")
@click.option("--block", type=click.FloatRange(min=0, min_open=True),
              help="Side of a block in the unit of the positions; default: a twelfth of the extent.")  # fmt: skip
@click.option(
    "--folds", type=click.IntRange(2, 20), default=FOLDS, show_default=True, help="Of blocks of records."
)
@click.option("--title", default="", help="What the data set is called on screen.")
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Of the folds.")
@json_option()
def occurrences_command(out: Path, as_json: bool, **choices: Any) -> None:
    """Make a data set of presence-only records, background sites and presence-absence plots.

    Records train and validate by blocks, plots test. What cannot be used is left out and counted
    (docs/presence-only.md).
    """
    names = ("records", "background", "plots", "plot_predictors")
    files = OccurrenceFiles(**{name: choices.pop(name) for name in names}, rasters=choices.pop("rasters"))
    choices["environment_of"] = _folder(choices["environment_of"])
    choices["background"] = choices.pop("background_kind") or ""
    wanted = tuple(name.strip() for name in choices.pop("predictors").split(",") if name.strip())
    named = choices.pop("filters")
    filters = tuple(name for name in FILTERS if name in named or ("usual" in named and name in USUAL))
    options = ImportOptions(predictors=wanted, filters=filters, roles=_roles(choices.pop("roles")), **choices)
    with progress_bar(" sites") as report:
        made = import_occurrences(files, out, options, report)
    text = made.to_text() if not as_json else json.dumps(made.to_json(), ensure_ascii=False, indent=2)
    click.echo(text)


def _folder(data: str | None) -> Path | None:
    """The folder of the data set that `data` names by its path or its key, of what was made in the app, too."""
    if data is None:
        return None
    known = {**{place.name: place for place in uploads()}, **known_datasets()}
    if data not in known and not Path(data).is_dir():
        raise UnknownNameError("unknown data set", expected=f"a folder, or one of {', '.join(known)}", got=data)
    return known.get(data, Path(data))


def _roles(pairs: tuple[str, ...]) -> dict[str, str]:
    """Role -> column, of "role=column"."""
    roles = dict(pair.partition("=")[::2] for pair in pairs)
    unknown = sorted(roles.keys() - NAMES.keys())
    if unknown:
        raise click.BadParameter(f"no such role: {', '.join(unknown)}; known: {', '.join(NAMES)}")
    return roles
