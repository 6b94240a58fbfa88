"""Which column of an export holds what: known by name, whatever its case, order, hyphens and underscores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdm.errors import DataError
from sdm.formats.table import read_header
from sdm.modalities.raster_bands import BANDS, band_label

NAMES: dict[str, tuple[str, ...]] = {  # role -> spellings without case and separators, the first preferred
    "longitude": ("longitude", "lon"),
    "latitude": ("latitude", "lat"),
    "geometry": ("geo", "geometry"),
    "date": ("imagedate", "date", "acquisitiondate"),
    "index": ("systemindex",),
    "month": ("month",),
    "class": ("class", "label"),
    "point": ("point", "pointid"),
}
UNUSED = (
    "patchid",
    "systemindex",
    "geo",
    "month",
)  # of exports; no mention when not read
TILE = re.compile(r"_patch_\d+_\d+$", re.IGNORECASE)
SUFFIXES = (".gz", ".zip", ".csv", ".txt", ".tsv")


@dataclass(frozen=True)
class FileColumns:
    """One file: its header and separator, role -> position of the column, and band -> position of the column."""

    path: Path
    header: tuple[str, ...]
    separator: str
    roles: Mapping[str, int]
    bands: Mapping[str, int]

    @property
    def labelled(self) -> bool:
        """Whether it has a column of classes."""
        return "class" in self.roles


def file_columns(path: Path, named: Mapping[str, str] | None = None, bands: Iterable[str] = ()) -> FileColumns:
    """The columns of the file `path`; DataError where positions, dates or features are not there.

    `named`: role -> name of its column where that is not a usual one. `bands` that the table of bands does not
    know are features too.
    """
    header, separator = read_header(path)
    plain = [_plain(name) for name in header]
    wanted = {role: ((_plain(named[role]),) if named and role in named else NAMES[role]) for role in NAMES}
    roles = {role: place for role, names in wanted.items() if (place := _first(plain, names)) is not None}
    bands = tuple(bands)
    features = _features(header, set(roles.values()), set(bands))
    _check(path, header, roles, features if not bands else set(bands) & features.keys(), bands)
    return FileColumns(path, tuple(header), separator, roles, features)


def common_bands(files: Sequence[FileColumns]) -> tuple[str, ...]:
    """The bands of at least half of the files, weighed by their size, in the order of the table of bands."""
    weights = [file.path.stat().st_size for file in files]
    total: dict[str, int] = {}
    for file, weight in zip(files, weights, strict=True):
        for band in file.bands:
            total[band] = total.get(band, 0) + weight
    order = {band: i for i, band in enumerate(BANDS)}
    usual = [band for band, weight in total.items() if 2 * weight >= sum(weights)]
    return tuple(sorted(usual, key=lambda band: order.get(band, len(order))))


def site_name(path: Path) -> str:
    """What the site of a file is called: its name without suffixes and the numbers of the tile.

    >>> site_name(Path("Larch_2022_monthly_patch_0_13.csv.gz")), site_name(Path("points.csv"))
    ('Larch_2022_monthly', 'points')
    """
    name = path.name
    while name.lower().endswith(SUFFIXES):
        name = name.rpartition(".")[0]
    return TILE.sub("", name) or "site"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _first(plain: Sequence[str], names: Iterable[str]) -> int | None:
    return next((plain.index(name) for name in names if name in plain), None)


def _features(header: Sequence[str], taken: set[int], wanted: set[str]) -> dict[str, int]:
    """Band -> position; of a band that occurs twice the first column."""
    features: dict[str, int] = {}
    for place, name in enumerate(header):
        band = band_label(name, 0)
        if place not in taken and (band in BANDS or band in wanted):
            features.setdefault(band, place)
    return features


def _check(
    path: Path, header: Sequence[str], roles: Mapping[str, int], features: Collection[str], wanted: Sequence[str]
) -> None:
    lacking = []
    if "geometry" not in roles and not {"longitude", "latitude"} <= roles.keys():
        lacking.append("longitude and latitude, or .geo")
    if not {"date", "index", "month"} & roles.keys():
        lacking.append("image_date, system:index or month")
    if not features:
        lacking.append(f"features {', '.join(wanted) or 'such as B2 or NDVI'}")
    if lacking:
        raise DataError(
            "no export of series", where=path.name, expected="; ".join(lacking), got=", ".join(header[:30]),
            remedy="docs/earth-engine.md has a script that exports what is read.",
        )  # fmt: skip
