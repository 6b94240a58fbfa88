"""Landsat cubes from per-survey tensor files and from the packed store, warm.

Writes a small simulated set of cubes into a temporary folder, reads random batches both ways, checks that they
agree, and prints surveys per second. Run with `python -m benchmarks.store`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.sparse import csr_matrix

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.store import open_store, write_store
from sdm.schema import LANDSAT

SURVEYS, FILES, BATCH = 60_000, 2_000, 256


def simulated() -> Dataset:
    """Surveys with Landsat cubes of random numbers."""
    values = np.random.default_rng(0).uniform(0, 255, (SURVEYS, *LANDSAT.shape)).astype(np.float32)
    sites = pd.DataFrame({"survey_id": np.arange(SURVEYS), "source": "PA-train"}).assign(
        lon=5.0, lat=50.0, year=2020, area_m2=100.0, country="Denmark", region="ATLANTIC"
    )
    classes = pd.DataFrame({"class_id": [1], "name": ["one"]})
    labels = csr_matrix((SURVEYS, 1), dtype=np.uint8)
    targets = Targets(TargetKind.MULTILABEL, classes, labels, np.ones(SURVEYS, bool))
    return Dataset("bench", "bench", sites, targets, ("landsat",), ArrayReader({"landsat": values}), "0")


def rate(read: Callable[[np.ndarray], object], batches: list[np.ndarray]) -> float:
    """Surveys read per second, the best of three rounds."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        for rows in batches:
            read(rows)
        seconds.append(time.perf_counter() - start)
    return sum(map(len, batches)) / min(seconds)


def main() -> None:
    dataset, random = simulated(), np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.pt" for i in range(FILES)]
        for path, cube in zip(paths, dataset.reader.read("landsat", np.arange(FILES)), strict=True):
            torch.save(torch.from_numpy(cube.copy()), path)
        write_store(dataset, Path(folder) / "store")
        store = open_store(Path(folder) / "store").reader

        def from_files(rows: np.ndarray) -> np.ndarray:
            return torch.stack([torch.load(paths[row], weights_only=True) for row in rows]).numpy()

        few = [random.integers(0, FILES, BATCH) for _ in range(10)]
        many = [random.integers(0, SURVEYS, BATCH) for _ in range(400)]
        np.testing.assert_array_equal(from_files(few[0]), store.read("landsat", few[0]))
        files, packed = rate(from_files, few), rate(lambda rows: store.read("landsat", rows), many)
    print(f"files {files:,.0f}/s, store {packed:,.0f}/s: {packed / files:,.0f} times as fast")


if __name__ == "__main__":
    main()
