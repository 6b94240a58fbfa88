"""What a data set is made of: the files of each site, and the choices of the one who imports them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sdm.errors import DataError
from sdm.files import refuse_special
from sdm.formats.typed_json import from_json

Target = Literal["classes", "lime"]
SIDES = (32, 128, 224)


@dataclass(frozen=True)
class LayerFiles:
    """Rasters that become one input; `bands` names those that are used, in order, all where it is None."""

    files: tuple[Path, ...]
    name: str = "raster"
    title: str = "Raster"
    bands: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SiteFiles:
    """A site: its layers, of which the first gives the grid, and mapper -> file of polygons; the first labels.

    `code` and `lime` are columns of the polygons: the class, and the steps of lime richness where they are mapped.
    `shown`: layers that are no input, but can be looked at.
    """

    name: str
    layers: tuple[LayerFiles, ...]
    polygons: dict[str, Path]
    code: str = "code"
    title: str = ""
    year: int | None = None
    lime: str | None = None
    shown: tuple[LayerFiles, ...] = ()


@dataclass(frozen=True)
class ImportOptions:
    """Choices for the whole data set.

    `image`: pixels along the images, None for single pixels; `stride`: pixels from one image to the next (its side
    where None). `level`: of the classes, a column of the table of classes. `most`: samples of a class at most.
    `tolerance`: up to which resampled values are equal (stored units). `block_m`: side of the blocks of the block
    split in metres, by the size of the sites where None. `by_position`: bands are numbered, however called.
    """

    title: str = ""
    image: int | None = None
    stride: int | None = None
    target: Target = "classes"
    level: str = "name"
    most: int | None = None
    drop_duplicates: bool = True
    tolerance: float = 0.0
    block_m: float | None = None
    by_position: bool = False
    seed: int = 0
    simulated: bool = False
    world_version: str | None = None


@dataclass(frozen=True)
class _Site:
    """One table of a file of sites."""

    raster: list[str]
    polygons: list[str]
    code: str = ""
    title: str = ""
    year: int | None = None
    bands: list[str] = field(default_factory=list)
    lime: str | None = None


def by_stem(files: Sequence[Path]) -> dict[str, Path]:
    """Mapper -> file: mappers are called by their files' names, numbered where those repeat."""
    named: dict[str, Path] = {}
    for path in files:
        name, number = path.stem, 2
        while name in named:
            name, number = f"{path.stem} {number}", number + 1
        named[name] = path
    return named


def read_sites(path: Path, code: str) -> tuple[SiteFiles, ...]:
    """The sites a TOML file lists, a table each; paths are relative to it, `code` is the column if none is named.

    [Landsvik]
    raster = ["landsvik.tif", "elevation.tif"]
    polygons = ["mapper-a.gpkg", "mapper-b.gpkg"]
    code = "kode"
    """
    refuse_special(path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise DataError("not a readable list of sites", where=path, expected="TOML", got=problem) from None
    if not tables or not all(isinstance(table, dict) for table in tables.values()):
        raise DataError("no list of sites", where=path, expected="a table such as [Landsvik] per site")
    sites = []
    for name, table in tables.items():
        site = from_json(_Site, table, DataError, f"{path.name}, [{name}]")
        layer = LayerFiles(tuple(path.parent / file for file in site.raster), bands=tuple(site.bands) or None)
        polygons = by_stem([path.parent / file for file in site.polygons])
        sites.append(SiteFiles(name, (layer,), polygons, site.code or code, site.title, site.year, site.lime))
    return tuple(sites)
