"""How fast a scene is painted: `python -m benchmarks.class_map RUN DATA`, in pixels a second."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from sdm.data.open import open_dataset
from sdm.inference.class_map_files import layer_for
from sdm.inference.scene_class_map import predict_scene
from sdm.rasters.scenes import read_scenes
from sdm.rasters.stack import RasterStack
from sdm.runs import Run


def main(run_folder: str, data_folder: str) -> None:
    """Paint every scene of the data set once more than is counted, for files and weights to be in memory."""
    run, data = Run.open(Path(run_folder)), open_dataset(Path(data_folder))
    for scene in read_scenes(data.place):
        layer = layer_for(run, scene)
        if layer is None:
            continue
        with RasterStack.of_layer(layer, data.place) as stack:
            pixels = stack.width * stack.height
        with tempfile.TemporaryDirectory() as folder:
            for repeat in range(2):
                begin = time.perf_counter()
                predict_scene(run, layer, data.place, Path(folder) / str(repeat), {})
                seconds = time.perf_counter() - begin
        print(f"{scene.source}: {pixels:,} pixels in {seconds:.2f} s, {pixels / seconds:,.0f} a second")


if __name__ == "__main__":
    main(*sys.argv[1:3])
