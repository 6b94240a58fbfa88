"""Multi-modal epochs, warm: patch, Landsat, climate and environment, one file per survey against the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import rasterio
import torch

from benchmarks.comparison import Figure, Target, compare
from benchmarks.simulated import simulated_modalities
from benchmarks.store import BATCH, Epoch, Sample
from sdm.data.store import open_store, write_store
from sdm.modalities import PATCH
from sdm.virtual_europe.write.cube import CLIMATE_ORDER, LANDSAT_ORDER, cube_bytes
from sdm.virtual_europe.write.tiff import patch_bytes

SURVEYS = 3_000
MISSING = -1  # in whole-number patches
CUBES = {"landsat": LANDSAT_ORDER, "climate": CLIMATE_ORDER}


def figures(surveys: int = SURVEYS) -> Iterator[Figure]:
    """Against one file holding all of a survey, and against the files of the competition."""
    dataset = simulated_modalities(surveys)
    whole = {name: dataset.reader.read(name, np.arange(surveys)) for name in dataset.modalities}
    steps = np.split(np.random.default_rng(1).permutation(surveys), range(BATCH, surveys, BATCH))
    with TemporaryDirectory() as name:
        folder = Path(name)
        reader = open_store(write_store(dataset, folder / "store").place).reader
        epoch = Epoch(reader, steps, dataset.modalities, Target(20), "four modalities, float32 with NaN")
        one = _one_file_each(folder, whole)
        yield compare(epoch.against(f"multi-modal epoch, {surveys:,} surveys", "one tensor file per survey", one))
        published = _as_published(folder, whole, *(dataset.sites[c].to_numpy() for c in ("lon", "lat")))
        way = "rasterio + two torch.load per survey"
        yield compare(epoch.against("the same from the competition's files", way, published))


def _one_file_each(folder: Path, whole: Sample) -> Callable[[int], Sample]:
    """Writes a file of four tensors per survey, the patch as whole numbers; gives what reads one."""
    patches = _stored(whole["patch"])
    for row, patch in enumerate(patches):
        tensors = {name: torch.from_numpy(values[row].copy()) for name, values in whole.items()}
        torch.save(tensors | {"patch": torch.from_numpy(patch)}, folder / f"{row}.pt")

    def sample(row: int) -> Sample:
        tensors = torch.load(folder / f"{row}.pt", weights_only=True)
        arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
        return arrays | {"patch": _with_gaps(arrays["patch"])}

    return sample


def _as_published(folder: Path, whole: Sample, lon: np.ndarray, lat: np.ndarray) -> Callable[[int], Sample]:
    """Writes a GeoTIFF and two tensors per survey; gives what reads them, the environment being a table."""
    for row, body in enumerate(patch_bytes(_stored(whole["patch"]), lon, lat)):
        (folder / f"{row}.tiff").write_bytes(body)
    for name, order in CUBES.items():
        for row, body in enumerate(cube_bytes(whole[name], order)):
            (folder / f"{name}-{row}.pt").write_bytes(body)

    def sample(row: int) -> Sample:
        with rasterio.open(folder / f"{row}.tiff") as raster:
            patch = _with_gaps(raster.read())
        cubes = {name: torch.load(folder / f"{name}-{row}.pt", weights_only=True).numpy() for name in CUBES}
        return {"patch": patch, "environment": whole["environment"][row], **cubes}

    return sample


def _stored(patches: np.ndarray) -> np.ndarray:
    stored: np.ndarray = np.nan_to_num(patches, nan=MISSING).astype(PATCH.dtype)
    return stored


def _with_gaps(patch: np.ndarray) -> np.ndarray:
    return np.where(patch == MISSING, np.float32(np.nan), patch.astype(np.float32))
