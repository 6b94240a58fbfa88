"""The scenes of a data set: the rasters its sites were cut from, and the polygons that label them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json

SCENES = "scenes.json"
FORMAT = "sdm-scenes-1"


@dataclass(frozen=True)
class Layer:
    """Rasters that make one modality: their files, of which the first gives the grid, and bands (from 1) of each.

    A file is a path below the data set's folder, or an absolute one.
    """

    name: str
    title: str
    modality: str
    files: tuple[str, ...]
    bands: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Mapping:
    """One mapper's polygons: a GeoPackage with columns `code` (the class name) and `polygon` (its number)."""

    mapper: str
    file: str


@dataclass(frozen=True)
class Scene:
    """One site: `source` is that of its rows in the table of sites; the first mapping labels them."""

    source: str
    title: str
    layers: tuple[Layer, ...]
    mappings: tuple[Mapping, ...]


@dataclass(frozen=True)
class _Scenes:
    format: str
    scenes: tuple[Scene, ...]


def write_scenes(folder: Path, scenes: Sequence[Scene]) -> None:
    """Write them into the data set in `folder`."""
    write_json(folder / SCENES, asdict(_Scenes(FORMAT, tuple(scenes))))


def read_scenes(folder: Path | None) -> tuple[Scene, ...]:
    """The scenes of the data set in `folder`, none where it has none; DataError where their file is damaged."""
    if folder is None or not (folder / SCENES).exists():
        return ()
    value = from_json(_Scenes, read_json(folder / SCENES, DataError), DataError, SCENES)
    if value.format != FORMAT:
        raise DataError("not scenes this version reads", where=folder / SCENES, expected=FORMAT, got=value.format)
    return value.scenes
