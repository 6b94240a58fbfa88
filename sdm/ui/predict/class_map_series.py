"""The dates of a pixel of a scene beside what its class looks like in training."""

from __future__ import annotations

import numpy as np
from rasterio.warp import transform
from rasterio.windows import Window

from sdm.analysis.monthly import monthly_table, telling_bands
from sdm.figures.monthly import monthly_curves
from sdm.inference.class_map_files import layer_for
from sdm.modalities import MODALITIES
from sdm.rasters.scenes import steps_of
from sdm.rasters.stack import RasterStack
from sdm.ui.cache import datasets
from sdm.ui.components.figure import show_figure
from sdm.ui.predict.class_map_job import ClassMapQuery

SHOWN = 2  # bands


def show(query: ClassMapQuery, at: tuple[float, float], predicted: str) -> None:
    """Curves of the pixel at (lon, lat) against those of the class predicted there; nothing of other inputs."""
    layer = layer_for(query.run, query.scene)
    values = None if layer is None or not steps_of(layer) else values_at(query, at)
    if layer is None or values is None:
        return
    row, groups = MODALITIES[layer.modality], datasets.spectra(query.data, layer.modality)
    titles = {} if groups is None else dict(zip(groups.titles, groups.keys, strict=True))
    table = monthly_table(values, row, groups, titles.get(predicted), None)
    known = predicted if predicted in titles else ""
    drawn = monthly_curves(table, telling_bands(row.channels)[:SHOWN], known)
    show_figure(drawn, "figure_map_series", f"{query.scene.source}-pixel")


def values_at(query: ClassMapQuery, at: tuple[float, float]) -> np.ndarray | None:
    """float32 (band, step) of the pixel at (lon, lat); None outside of the scene, and where nothing is known."""
    layer = layer_for(query.run, query.scene)
    assert layer is not None
    with RasterStack.of_layer(layer, query.data.place) as stack:
        (x,), (y,) = transform(4326, stack.crs, [at[0]], [at[1]])
        column, row = (int(np.floor(value)) for value in ~stack.transform * (x, y))
        if not (0 <= row < stack.height and 0 <= column < stack.width):
            return None
        values = stack.read(Window(column, row, 1, 1)).reshape(MODALITIES[layer.modality].shape)
    return values if np.isfinite(values).any() else None
