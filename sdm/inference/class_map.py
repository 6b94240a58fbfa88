"""What a run predicts all over a scene: the most probable class, its probability and the entropy, as GeoTIFFs.

The scene is read and predicted by windows, so that neither it nor its probabilities need fit into memory. A run of
images predicts the middle of an image at every `stride` pixels: its map is coarser than the scene.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.lib.stride_tricks import sliding_window_view
from pyproj import Transformer
from rasterio import Affine
from rasterio.windows import Window

from sdm.errors import RunError
from sdm.evaluation.run_model import open_model
from sdm.inference.class_map_files import Colours
from sdm.inference.class_map_writer import map_files, summary
from sdm.inference.service import best_device
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.models.contract import Model
from sdm.models.preparation import make_batch
from sdm.rasters.scenes import Layer
from sdm.rasters.stack import RasterStack
from sdm.runs import Run

BLOCK = 256  # predicted pixels along a window
AT_ONCE = {"pixel": 16_384, "series": 4096}  # predicted, of inputs of one pixel
IMAGES = 256
OVERLAP = 4  # images side by side share all but this part of their side


@dataclass(frozen=True)
class ClassMapGrid:
    """The pixels of a map: `side` of what is read for each, and pixels of the scene from one to the next."""

    crs: str
    transform: Affine
    width: int
    height: int
    side: int
    stride: int

    def windows(self) -> Iterator[Window]:
        """Those that are predicted and written one after the other."""
        for row in range(0, self.height, BLOCK):
            for column in range(0, self.width, BLOCK):
                yield Window(column, row, min(BLOCK, self.width - column), min(BLOCK, self.height - row))

    def source(self, window: Window) -> Window:
        """The window of the scene that is read for `window` of the map."""
        before = self.side // 2 - self.stride // 2
        column, row = window.col_off * self.stride - before, window.row_off * self.stride - before
        width, height = ((n - 1) * self.stride + self.side for n in (window.width, window.height))
        return Window(column, row, width, height)


def grid_of(stack: RasterStack, modality: str) -> ClassMapGrid:
    """The pixels of the map that a run of `modality` makes of `stack`."""
    side = MODALITIES[modality].shape[-1] if MODALITIES[modality].is_image else 1
    stride = max(1, side // OVERLAP)
    width, height = -(-stack.width // stride), -(-stack.height // stride)
    return ClassMapGrid(stack.crs.to_wkt(), stack.transform * Affine.scale(stride), width, height, side, stride)


def predict_scene(
    run: Run, layer: Layer, folder: Path | None, out: Path, colours: Colours, report: Report = no_report
) -> None:
    """Write the map of `run` on the scene's `layer` into the folder `out`, whole or not at all.

    `folder` is that of the data set; `colours` of the classes by name go into the file's colour table. `report`
    hears of every window and may raise to stop. RunError where the run is damaged, DataError where a raster is.
    """
    model = open_model(run)
    if isinstance(model, torch.nn.Module):
        model.to(best_device()).eval()
    out.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".part-", dir=out.parent))
    try:
        with RasterStack.of_layer(layer, folder) as stack, ExitStack() as files:
            grid = grid_of(stack, layer.modality)
            writers = [files.enter_context(one) for one in map_files(building, run, grid, colours)]
            windows = list(grid.windows())
            for done, window in enumerate(windows, 1):
                parts = summary(predict_window(model, run, stack, grid, window), run.card.kind)
                for writer, part in zip(writers, parts, strict=True):
                    writer.write(part, window=window)
                report(done, len(windows), "windows")
        shutil.rmtree(out, ignore_errors=True)
        building.rename(out)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def predict_window(model: Model, run: Run, stack: RasterStack, grid: ClassMapGrid, window: Window) -> np.ndarray:
    """float32 (S, rows, columns): what the model says of each pixel of the map, NaN where that is missing."""
    name = next(iter(run.card.inputs))
    values, step, middle = stack.read(grid.source(window)), grid.stride, grid.side // 2
    views = sliding_window_view(values, (grid.side, grid.side), axis=(1, 2))[:, ::step, ::step]
    cells = np.moveaxis(views, 0, 2)  # rows, columns, bands, and the pixels of the image: nothing is copied yet
    known = np.isfinite(cells[..., middle, middle]).any(axis=2).ravel()
    sites, result = _sites(grid, window), np.full((known.size, model.width), np.nan, np.float32)
    rows, at_once = np.flatnonzero(known), AT_ONCE.get(family_of(name) or "", IMAGES)
    for part in np.array_split(rows, max(1, -(-len(rows) // at_once))):
        chosen = cells[np.unravel_index(part, cells.shape[:2])]  # a scene of series has bands x steps as bands
        arrays = {name: chosen.reshape(len(part), *MODALITIES[name].shape)}
        batch = make_batch(arrays, sites.iloc[part], run.card.inputs, run.card.statistics)
        result[part] = model.predict(batch).numpy()
    if not np.isfinite(result[known]).all():
        raise RunError("the model gives values that are no numbers", where=run.path)
    return result.T.reshape(model.width, int(window.height), int(window.width))


def _sites(grid: ClassMapGrid, window: Window) -> pd.DataFrame:
    """`Dataset.sites` of the pixels of `window`, row by row."""
    rows, columns = np.indices((int(window.height), int(window.width)))
    across, down = columns.ravel() + window.col_off + 0.5, rows.ravel() + window.row_off + 0.5
    to_degrees = Transformer.from_crs(grid.crs, 4326, always_xy=True)
    lon, lat = to_degrees.transform(*(grid.transform * (across, down)))
    area = abs(grid.transform.a * grid.transform.e) * (grid.side / grid.stride) ** 2
    return pd.DataFrame({
        "source": "", "survey_id": np.arange(len(across)), "lon": lon, "lat": lat, "year": np.nan, "area_m2": area,
        "country": "", "region": "",
    })  # fmt: skip
