"""Where predicted maps of scenes lie, which run can paint which scene, and how much of it each class covers."""

from __future__ import annotations

import hashlib
import math
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from rasterio.warp import transform
from rasterio.windows import Window

from sdm.geo.bounds import Bounds, bounds_text
from sdm.modalities import MODALITIES
from sdm.rasters.positions import pixel_metres
from sdm.rasters.scenes import Layer, Scene
from sdm.runs import Run

CLASSES, CERTAINTY, VALUE = "classes.tif", "certainty.tif", "value.tif"
DIGITS = 8  # of degrees: a millimetre
PARTS = "parts"  # folder of the maps of parts of scenes
Colours = Mapping[str, tuple[int, int, int]]


def layer_for(run: Run, scene: Scene) -> Layer | None:
    """The layer of `scene` that the run reads; None where it reads none, or something else besides."""
    if len(run.card.inputs) != 1:
        return None
    wanted = next(iter(run.card.inputs))
    return next((layer for layer in scene.layers if layer.modality == wanted), None)


def why_no_map(run: Run, scenes: Sequence[Scene]) -> str:
    """Why `run` cannot paint any of the scenes, "" where it can."""
    if not run.card.predicts:
        return "Only stored predictions are here. The model itself is not."
    if any(layer_for(run, scene) for scene in scenes):
        return ""
    titles = ", ".join(MODALITIES[name].title for name in run.card.inputs)
    return f"It sees {titles or 'no raster'}, which no scene of this data has by itself."


def map_folder(home: Path, run: Run, scene: Scene, fingerprint: str, within: Bounds | None = None) -> Path:
    """Where the map of `run` on a scene of the data set `fingerprint` is kept: another one for another model.

    Maps of parts of scenes lie in PARTS below `home`.
    """
    text = f"{run.card.digest} {fingerprint} {scene.source} {layer_for(run, scene)} {bounds_text(within)}".rstrip()
    name = f"{run.name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return home / name if within is None else home / PARTS / name


def remove_old_parts(home: Path, seconds: float = 86_400) -> None:
    """Remove the maps of parts below `home` that were made so long ago: any is soon made again."""
    for folder in (home / PARTS).glob("*"):
        if time.time() - folder.stat().st_mtime > seconds:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class MapReading:
    """What a map says of one place: the class with its probability and the entropy; or a value, else NaN."""

    name: str = ""
    probability: float = math.nan
    entropy: float = math.nan
    value: float = math.nan


def read_at(folder: Path, names: Sequence[str], lon: float, lat: float) -> MapReading | None:
    """What the map in `folder` says at a place; None outside of it, and where nothing is known."""
    files = {name: folder / name for name in (CLASSES, CERTAINTY, VALUE) if (folder / name).exists()}
    found = {name: _values_at(path, lon, lat) for name, path in files.items()}
    if VALUE in found:
        value = found[VALUE]
        return None if value is None or not math.isfinite(value[0]) else MapReading(value=value[0])
    chosen, certainty = found[CLASSES], found[CERTAINTY]
    if chosen is None or certainty is None or not chosen[0]:
        return None
    return MapReading(str(names[int(chosen[0]) - 1]), *certainty)


def _values_at(path: Path, lon: float, lat: float) -> list[float] | None:
    """The value of each band in the pixel at a place, None outside."""
    with rasterio.open(path, driver="GTiff") as file:
        (x,), (y,) = transform(4326, file.crs, [lon], [lat])
        row, column = file.index(x, y)
        if not (0 <= row < file.height and 0 <= column < file.width):
            return None
        values = file.read(window=Window(column, row, 1, 1))
        return [float(value) for value in values.ravel()]


def class_areas(folder: Path, names: Sequence[str]) -> pd.DataFrame:
    """One row per class of the map in `folder`, the largest first: name, pixels, hectares, share, and probability,
    the mean over its pixels; without those that have none."""
    with rasterio.open(folder / CLASSES, driver="GTiff") as file:
        classes = file.read(1)
        across, down = pixel_metres(file.crs, file.transform, file.width, file.height)
    with rasterio.open(folder / CERTAINTY, driver="GTiff") as file:
        probability = file.read(1)
    pixels = np.bincount(classes.ravel(), minlength=len(names) + 1)[1:]
    known = classes > 0
    total = np.bincount(classes[known], weights=probability[known], minlength=len(names) + 1)[1:]
    table = pd.DataFrame({"name": list(map(str, names)), "pixels": pixels})
    table["hectares"] = pixels * across * down / 10_000
    table["share"] = pixels / max(1, int(pixels.sum()))
    table["probability"] = np.divide(total, pixels, out=np.full(len(names), np.nan), where=pixels > 0)
    return table[pixels > 0].sort_values("pixels", ascending=False, ignore_index=True)


def map_table(folder: Path, names: Sequence[str]) -> pd.DataFrame:
    """One row per predicted pixel of the map in `folder`, row by row: latitude, longitude (degrees, of its
    middle), and predicted_class, probability and entropy, or predicted_value."""
    number = (folder / VALUE).exists()
    with rasterio.open(folder / (VALUE if number else CLASSES), driver="GTiff") as file:
        predicted, place, crs = file.read(1), file.transform, file.crs
    row, column = np.nonzero(np.isfinite(predicted) if number else predicted)
    lon, lat = transform(crs, 4326, *(place * (column + 0.5, row + 0.5)))
    table = pd.DataFrame({"latitude": np.round(lat, DIGITS), "longitude": np.round(lon, DIGITS)})
    if number:
        return table.assign(predicted_value=predicted[row, column])
    with rasterio.open(folder / CERTAINTY, driver="GTiff") as file:
        probability, entropy = file.read()
    return table.assign(
        predicted_class=np.array(names)[predicted[row, column].astype(int) - 1],
        probability=probability[row, column], entropy=entropy[row, column],
    )  # fmt: skip
