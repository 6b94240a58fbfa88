"""Where predicted maps of scenes lie, which run can paint which scene, and how much of it each class covers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio

from sdm.modalities import MODALITIES
from sdm.rasters.scenes import Layer, Scene
from sdm.runs import Run

CLASSES, CERTAINTY, VALUE = "classes.tif", "certainty.tif", "value.tif"
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


def map_folder(home: Path, run: Run, scene: Scene, fingerprint: str) -> Path:
    """Where the map of `run` on a scene of the data set `fingerprint` is kept: another one for another model."""
    text = f"{run.card.digest} {fingerprint} {scene.source} {layer_for(run, scene)}"
    return home / f"{run.name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def class_areas(folder: Path, names: Sequence[str]) -> pd.DataFrame:
    """One row per class of the map in `folder`, the largest first: name, pixels, hectares, share, and probability,
    the mean over its pixels; without those that have none."""
    with rasterio.open(folder / CLASSES, driver="GTiff") as file:
        classes, place = file.read(1), file.transform
    with rasterio.open(folder / CERTAINTY, driver="GTiff") as file:
        probability = file.read(1)
    pixels = np.bincount(classes.ravel(), minlength=len(names) + 1)[1:]
    known = classes > 0
    total = np.bincount(classes[known], weights=probability[known], minlength=len(names) + 1)[1:]
    table = pd.DataFrame({"name": list(map(str, names)), "pixels": pixels})
    table["hectares"] = pixels * abs(place.a * place.e) / 10_000
    table["share"] = pixels / max(1, int(pixels.sum()))
    table["probability"] = np.divide(total, pixels, out=np.full(len(names), np.nan), where=pixels > 0)
    return table[pixels > 0].sort_values("pixels", ascending=False, ignore_index=True)
