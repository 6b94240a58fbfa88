"""Landsat epochs at competition size, warm: one tensor file per survey against the packed store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from benchmarks.comparison import Comparison, Figure, Target, compare
from benchmarks.simulated import PA_SURVEYS, simulated_landsat
from sdm.data.dataset import Dataset, Reader
from sdm.data.store import open_store, write_store
from sdm.models.preparation import Batch, fit_statistics
from sdm.models.statistics import Statistics
from sdm.training.batch_loader import BatchLoader
from sdm.virtual_europe.write.cube import LANDSAT_ORDER, cube_bytes

BATCH, WORKERS = 256, 2
REPETITIONS = 3
INPUTS = {"landsat": "standardise"}

Sample = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Epoch:
    """Every survey once, in the batches `steps`, with the modalities `names`: float32, NaN where missing."""

    store: Reader
    steps: list[np.ndarray]
    names: tuple[str, ...]
    target: Target
    note: str

    def from_store(self) -> Iterator[Sample]:
        """Ours."""
        for rows in self.steps:
            yield {name: self.store.read(name, rows) for name in self.names}

    def from_files(self, sample: Callable[[int], Sample]) -> Iterator[Sample]:
        """Survey by survey, then stacked."""
        for rows in self.steps:
            each = [sample(row) for row in rows]
            yield {name: np.stack([arrays[name] for arrays in each]) for name in self.names}

    def against(self, title: str, usual_way: str, sample: Callable[[int], Sample]) -> Comparison:
        """The store against what `sample` reads of one survey."""

        def equal() -> None:
            for theirs, mine in zip(self.from_files(sample), self.from_store(), strict=True):
                np.testing.assert_equal(mine, theirs)

        return Comparison(
            title=title,
            usual_way=usual_way,
            usual=lambda: exhaust(self.from_files(sample)),
            ours=lambda: exhaust(self.from_store()),
            equal=equal,
            target=self.target,
            note=self.note,
            repetitions=REPETITIONS,
        )


def figures(surveys: int = PA_SURVEYS) -> Iterator[Figure]:
    """The cubes alone, and batches as a model takes them, in the same random order."""
    with TemporaryDirectory() as folder:
        dataset, files = _prepare(Path(folder), surveys)
        order = np.random.default_rng(1).permutation(surveys)
        steps = np.split(order, range(BATCH, surveys, BATCH))
        epoch = Epoch(dataset.reader, steps, ("landsat",), Target(100), "packed store, warm, checksums seen")
        title = f"Landsat epoch, {surveys:,} cubes"
        yield compare(epoch.against(title, "torch.load per survey", lambda row: {"landsat": _cube(files[row])}))
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


def _cube(file: Path) -> np.ndarray:
    return np.asarray(torch.load(file, weights_only=True).numpy())


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
