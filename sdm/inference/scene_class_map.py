"""What a run predicts all over a scene: the most probable class, its probability and the entropy, as GeoTIFFs.

The scene is read and predicted by windows, so that neither it nor its probabilities need fit into memory. A run of
images predicts the middle of an image at every `stride` pixels: its map is coarser than the scene.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.lib.stride_tricks import sliding_window_view
from pyproj import Transformer
from rasterio.windows import Window

from sdm.errors import RunError
from sdm.evaluation.run_model import open_model
from sdm.files import atomic_folder
from sdm.geo.bounds import Bounds
from sdm.inference.class_map_files import Colours
from sdm.inference.class_map_grid import ClassMapGrid, grid_of
from sdm.inference.class_map_writer import map_files, summary
from sdm.inference.service import best_device
from sdm.inference.threads import use_threads
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.models.contract import Model
from sdm.models.preparation import make_batch
from sdm.rasters.positions import pixel_metres
from sdm.rasters.scenes import Layer
from sdm.rasters.stack import RasterStack
from sdm.runs import Run

AT_ONCE = {"pixel": 16_384, "series": 256}  # predicted, of inputs of one pixel
IMAGES = 256
PROBES, QUICK_SECONDS = (2, 2, 16, 128), 0.25  # places along the windows by which the time is estimated


def predict_scene(
    run: Run, layer: Layer, folder: Path | None, out: Path, colours: Colours, report: Report = no_report,
    within: Bounds | None = None,
) -> None:  # fmt: skip
    """Write the map of `run` on the scene's `layer` into the folder `out`, whole or not at all.

    `folder` is that of the data set; `colours` of the classes by name go into the file's colour table; of the
    scene only what lies `within` the bounds is predicted. `report` hears of every window and may raise to stop.
    RunError where the run is damaged, DataError where a raster is.
    """
    model = _ready(run)
    with atomic_folder(out) as building, RasterStack.of_layer(layer, folder) as stack, ExitStack() as files:
        grid = grid_of(stack, layer.modality, within)
        writers = [files.enter_context(one) for one in map_files(building, run, grid, colours)]
        windows = list(grid.windows())
        report(0, len(windows), "windows")
        for done, window in enumerate(windows, 1):
            parts = summary(predict_window(model, run, stack, grid, window), run.card.kind)
            for writer, part in zip(writers, parts, strict=True):
                writer.write(part, window=window)
            report(done, len(windows), "windows")


def seconds_each(run: Run, layer: Layer, folder: Path | None) -> float:
    """How long one place of a map takes here, reading included: measured in the middle of the scene, on more and
    more places while that is quick.

    What a few places take too, opening and reading whole blocks, is not counted for each of them.
    """
    model, taken = _ready(run), list[tuple[int, float]]()
    with RasterStack.of_layer(layer, folder) as stack:
        grid = grid_of(stack, layer.modality)
        for probe in PROBES:
            side = min(probe, grid.width, grid.height)
            window = Window((grid.width - side) // 2, (grid.height - side) // 2, side, side)
            begun = time.perf_counter()
            predict_window(model, run, stack, grid, window)
            taken.append((side**2, time.perf_counter() - begun))
            if taken[-1][1] > QUICK_SECONDS and probe > PROBES[1]:
                break
    (few, short), (many, long) = taken[1], taken[-1]  # the first one of all is slow
    return (long - short) / (many - few) if long > short and many > few else long / many


def predict_window(model: Model, run: Run, stack: RasterStack, grid: ClassMapGrid, window: Window) -> np.ndarray:
    """float32 (S, rows, columns): what the model says of each pixel of the map, NaN where that is missing."""
    name = next(iter(run.card.inputs))
    values, step, middle = stack.read(grid.source(window)), grid.stride, grid.side // 2
    views = sliding_window_view(values, (grid.side, grid.side), axis=(1, 2))[:, ::step, ::step]
    cells = np.moveaxis(views, 0, 2)  # rows, columns, bands, and the pixels of the image: nothing is copied yet
    known = np.isfinite(cells[..., middle, middle]).any(axis=2).ravel()
    sites, result = _sites(grid, window), np.full((known.size, model.width), np.nan, np.float32)
    rows, at_once = np.flatnonzero(known), AT_ONCE.get(family_of(name) or "", IMAGES)
    use_threads(at_once)
    for part in np.array_split(rows, max(1, -(-len(rows) // at_once))):
        chosen = cells[np.unravel_index(part, cells.shape[:2])]  # a scene of series has bands x steps as bands
        arrays = {name: chosen.reshape(len(part), *MODALITIES[name].shape)}
        batch = make_batch(arrays, sites.iloc[part], run.card.inputs, run.card.statistics)
        result[part] = model.predict(batch).numpy()
    if not np.isfinite(result[known]).all():
        raise RunError("the model gives values that are no numbers", where=run.path)
    return result.T.reshape(model.width, int(window.height), int(window.width))


def _ready(run: Run) -> Model:
    model = open_model(run)
    if isinstance(model, torch.nn.Module):
        model.to(best_device()).eval()
    return model


def _sites(grid: ClassMapGrid, window: Window) -> pd.DataFrame:
    """`Dataset.sites` of the pixels of `window`, row by row."""
    rows, columns = np.indices((int(window.height), int(window.width)))
    across, down = columns.ravel() + window.col_off + 0.5, rows.ravel() + window.row_off + 0.5
    to_degrees = Transformer.from_crs(grid.crs, 4326, always_xy=True)
    lon, lat = to_degrees.transform(*(grid.transform * (across, down)))
    across_m, down_m = pixel_metres(grid.crs, grid.transform, grid.width, grid.height)
    area = across_m * down_m * (grid.side / grid.stride) ** 2
    return pd.DataFrame({
        "source": "", "survey_id": np.arange(len(across)), "lon": lon, "lat": lat, "year": np.nan, "area_m2": area,
        "country": "", "region": "",
    })  # fmt: skip
