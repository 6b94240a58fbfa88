"""The rasters and polygons of a data set beside its store, so that pages can show them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import Compression, Resampling
from rasterio.errors import RasterioError

from sdm.errors import DataError
from sdm.rasters.raster_reader import Files
from sdm.rasters.scenes import Layer, Mapping, Scene, write_scenes
from sdm.staging import sync_folder

FOLDER = "scenes"
LARGEST_COPY = 200_000_000  # bytes; a larger raster is referred to where it lies
LARGEST_VALUES = 1_000_000_000  # bytes of its values, which decide how long copying takes
LOSSY = (Compression.jpeg, Compression.webp)
OVERVIEW = 512  # pixels along the smallest overview, about
COPY = {"compress": "deflate", "predictor": "yes", "overview_resampling": "average", "bigtiff": "if_safer"}


@dataclass(frozen=True)
class SceneLayer:
    """One input of a site: its name, title, modality and rasters."""

    name: str
    title: str
    modality: str
    files: Files


@dataclass(frozen=True)
class SceneFiles:
    """What is shown of one site: its layers, and mapper -> table of usable polygons."""

    source: str
    title: str
    layers: tuple[SceneLayer, ...]
    mappings: Map[str, gpd.GeoDataFrame]


def write_scene_files(folder: Path, sites: Sequence[SceneFiles]) -> tuple[Scene, ...]:
    """Copy them below the data set's `folder` and list them there.

    Rasters become tiled GeoTIFFs with overviews; each is copied once.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    names: dict[str, str] = {}
    scenes = tuple(_write_scene(folder, site, names) for site in sites)
    write_scenes(folder, scenes)
    sync_folder(folder / FOLDER)
    return scenes


def _write_scene(folder: Path, site: SceneFiles, names: dict[str, str]) -> Scene:
    copies: dict[Path, str] = {}
    layers = []
    for layer in site.layers:
        paths, bands = layer.files
        for path in paths:
            if path not in copies:
                copies[path] = _copied(path, folder, free_name(f"{site.source}-{layer.name}", "tif", names))
        files = tuple(copies[path] for path in paths)
        layers.append(Layer(layer.name, layer.title, layer.modality, files, bands))
    mappings = []
    for mapper, table in site.mappings.items():
        name = free_name(f"{site.source}-{mapper}", "gpkg", names)
        table.to_file(folder / name, driver="GPKG", layer="polygons")
        mappings.append(Mapping(mapper, name))
    return Scene(site.source, site.title or site.source, tuple(layers), tuple(mappings))


def _copied(path: Path, folder: Path, name: str) -> str:
    """The name of the copy of `path` below `folder`, or the absolute path of one that is too large to copy."""
    try:
        with rasterio.open(path) as source:
            lossy = source.compression in LOSSY
            values = source.width * source.height * sum(np.dtype(dtype).itemsize for dtype in source.dtypes)
        if path.stat().st_size > LARGEST_COPY or values > LARGEST_VALUES:
            return str(path.resolve())
        if lossy:
            _copy_as_it_is(path, folder / name)
        else:
            rasterio.shutil.copy(path, folder / name, driver="COG", **COPY)
    except (RasterioError, OSError) as problem:
        raise DataError("the raster cannot be copied", where=path, got=problem) from None
    return name


def _copy_as_it_is(path: Path, copy: Path) -> None:
    """Copy a raster of lossy compression, which would be several times as large without; it gets overviews."""
    shutil.copyfile(path, copy)
    add_overviews(copy)


def add_overviews(path: Path) -> None:
    """Averages of 2, 4, 8, ... pixels in the raster `path`, down to OVERVIEW of them along its longer side."""
    with rasterio.open(path, "r+") as raster:
        if not raster.overviews(1) and max(raster.shape) > OVERVIEW:
            factors = [2**i for i in range(1, 12) if max(raster.shape) / 2**i > OVERVIEW / 2]
            raster.build_overviews(factors, Resampling.average)


def free_name(text: str, suffix: str, names: dict[str, str]) -> str:
    """A plain file name below the folder of scenes that is not in `names` yet, and is then."""
    plain = re.sub(r"[^\w.-]+", "-", text).strip(".-") or "scene"
    name, number = f"{FOLDER}/{plain}.{suffix}", 2
    while name.lower() in names:
        name, number = f"{FOLDER}/{plain}-{number}.{suffix}", number + 1
    names[name.lower()] = text
    return name
