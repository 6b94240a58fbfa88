"""Landsat epochs at competition size, warm: one tensor file per survey against the packed store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from benchmarks.comparison import Comparison, Figure, Target, compare
from benchmarks.simulated import PA_SURVEYS, simulated_landsat
from sdm.data.dataset import Dataset
from sdm.data.store import open_store, write_store
from sdm.models.preparation import Batch, fit_statistics
from sdm.models.statistics import Statistics
from sdm.training.batch_loader import BatchLoader
from sdm.virtual_europe.write.cube import LANDSAT_ORDER, cube_bytes

BATCH, WORKERS = 256, 2
REPETITIONS = 3
INPUTS = {"landsat": "standardise"}


def figures(surveys: int = PA_SURVEYS) -> Iterator[Figure]:
    """The cubes alone, and batches as a model takes them, in the same random order."""
    with TemporaryDirectory() as folder:
        dataset, files = _prepare(Path(folder), surveys)
        order = np.random.default_rng(1).permutation(surveys)
        steps = np.split(order, range(BATCH, surveys, BATCH))
        yield compare(_reading(dataset, files, steps))
        yield compare(_loading(dataset, files, steps))


def _prepare(folder: Path, surveys: int) -> tuple[Dataset, list[Path]]:
    """A store of simulated cubes, and the same cubes as `torch.save` writes them."""
    simulated = simulated_landsat(surveys)
    files = [folder / f"{i}.pt" for i in range(surveys)]
    for rows in np.array_split(np.arange(surveys), -(-surveys // 4096)):
        for row, body in zip(rows, cube_bytes(simulated.reader.read("landsat", rows), LANDSAT_ORDER), strict=True):
            files[row].write_bytes(body)
    write_store(simulated, folder / "store")
    return open_store(folder / "store"), files


def _reading(dataset: Dataset, files: list[Path], steps: list[np.ndarray]) -> Comparison:
    def from_files() -> Iterator[np.ndarray]:
        for rows in steps:
            yield torch.stack([torch.load(files[row], weights_only=True) for row in rows]).numpy()

    def from_store() -> Iterator[np.ndarray]:
        for rows in steps:
            yield dataset.reader.read("landsat", rows)

    def equal() -> None:
        for theirs, mine in zip(from_files(), from_store(), strict=True):
            np.testing.assert_array_equal(mine, theirs)

    return Comparison(
        title=f"Landsat epoch, {len(files):,} cubes",
        usual_way="torch.load per survey",
        usual=lambda: exhaust(from_files()),
        ours=lambda: exhaust(from_store()),
        equal=equal,
        target=Target(100),
        note="packed store, warm, checksums seen",
        repetitions=REPETITIONS,
    )


def _loading(dataset: Dataset, files: list[Path], steps: list[np.ndarray]) -> Comparison:
    rows = np.arange(len(files))
    statistics = fit_statistics(dataset, rows, tuple(INPUTS))
    feed = BatchLoader(dataset, rows, INPUTS, statistics)
    usual = DataLoader(
        Cubes(files, dataset, statistics), batch_sampler=[rows.tolist() for rows in steps], num_workers=WORKERS
    )

    def equal() -> None:
        for theirs, mine in zip(usual, feed.batches(steps), strict=True):
            for name, values in theirs.items():
                np.testing.assert_allclose(mine[name].numpy(), values.numpy(), rtol=1e-6)

    return Comparison(
        title="the same through the loader",
        usual_way=f"DataLoader, {WORKERS} workers",
        usual=lambda: exhaust(iter(usual)),
        ours=lambda: exhaust(feed.batches(steps)),
        equal=equal,
        target=Target(10),
        note="standardised, with mask and labels of 300 species",
        repetitions=REPETITIONS,
    )


class Cubes(TorchDataset[Batch]):
    """A tensor file per survey, prepared survey by survey: what the tutorials do."""

    def __init__(self, files: list[Path], dataset: Dataset, statistics: Statistics) -> None:
        self._files, self._labels = files, csr_matrix(dataset.targets.values)
        self._mean, self._std = (
            torch.tensor(moments["landsat"])[:, None, None] for moments in (statistics.mean, statistics.std)
        )

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, row: int) -> Batch:
        cube = (torch.load(self._files[row], weights_only=True) - self._mean) / self._std
        labels = torch.zeros(self._labels.shape[1])
        labels[self._labels.indices[self._labels.indptr[row] : self._labels.indptr[row + 1]]] = 1
        return {"landsat": cube.nan_to_num(0), "landsat_valid": ~cube.isnan(), "labels": labels}


def exhaust(batches: Iterator[object]) -> None:
    """Take all of them and keep none."""
    for _ in batches:
        pass
