"""The scenes of a data set: the rasters its sites were cut from, and the polygons that label them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sdm.errors import DataError
from sdm.files import read_json
from sdm.formats.sealed_json import unsealed, write_sealed
from sdm.formats.typed_json import from_json
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of, raster_modality_name

SCENES = "scenes.json"
FORMAT, UNSEALED = "sdm-scenes-2", "sdm-scenes-1"  # the older one has no digest
CHANGED = "Make or import the data set again."


@dataclass(frozen=True)
class Layer:
    """Rasters that make one modality: their files, of which the first gives the grid, and bands (from 1) of each.

    A file is a path below the data set's folder, or an absolute one. The bands of series are those of the first
    feature by step, then those of the next.
    """

    name: str
    title: str
    modality: str
    files: tuple[str, ...]
    bands: tuple[tuple[int, ...], ...]


def steps_of(layer: Layer) -> int:
    """The dates of a layer of series, 0 of any other."""
    return MODALITIES[layer.modality].shape[1] if family_of(layer.modality) == "series" else 0


def at_step(layer: Layer, step: int) -> Layer:
    """A layer of series at one of its dates, from 1: a layer of pixels with the bands of that date.

    >>> name = "series3-B2-B3"
    >>> at_step(Layer("s", "Series", name, ("s.tif",), (tuple(range(1, 7)),)), 2).bands
    ((2, 5),)
    """
    steps, channels = steps_of(layer), MODALITIES[layer.modality].channels
    if not 1 <= step <= steps:
        raise DataError("no such date of a series", where=layer.name, expected=f"1 to {steps}", got=step)
    numbered = [(file, band) for file, bands in enumerate(layer.bands) for band in bands]
    wanted = numbered[step - 1 :: steps]
    bands = tuple(tuple(band for at, band in wanted if at == file) for file in range(len(layer.files)))
    return replace(layer, modality=raster_modality_name("pixel", channels), bands=bands)


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
    """Write them into the data set in `folder`, with a digest."""
    write_sealed(folder / SCENES, asdict(_Scenes(FORMAT, tuple(scenes))))


def read_scenes(folder: Path | None) -> tuple[Scene, ...]:
    """The scenes of the data set in `folder`, none where it has none; DataError where their file is damaged."""
    if folder is None or not (folder / SCENES).exists():
        return ()
    path = folder / SCENES
    values = read_json(path, DataError)
    if values.get("format") not in (FORMAT, UNSEALED):
        got = values.get("format")
        raise DataError("not scenes this version reads", where=path, expected=FORMAT, got=got, remedy=CHANGED)
    if values["format"] == FORMAT:
        values = unsealed(values, path, DataError, CHANGED)
    return from_json(_Scenes, values, DataError, SCENES).scenes
