"""An epoch over 50,000 pixels by `sdm train`, against scripts on PyTorch that read tensors or a `DataLoader`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from benchmarks.comparison import Comparison, Figure, Target, Work, compare
from benchmarks.simulated import simulated_classes
from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.models.contract import Network
from sdm.models.registry import build
from sdm.runs.training_options import recipe
from sdm.training.batch_sampler import BatchSampler
from sdm.training.checkpointer import Checkpointer
from sdm.training.loop import TrainingLoop
from sdm.training.losses import make_loss
from sdm.training.runtime import SAVE_SECONDS, ignore, make_accelerator
from sdm.training.task import make_task
from sdm.training.trainer import Trainer

PIXELS, CLASSES = 50_000, 40
MODALITY = "pixel-B2-B3-B4-B8-B5-B6-B7-B8A-B11-B12"
# The two sides draw dropout from other seeds.
OPTIONS = recipe(
    "pixel-mlp", epochs=1, batch_size=128, lr=1e-3, warmup=0.0, schedule="constant", optimizer="adamw",
    scheme="random", model_config={"modality": MODALITY, "dropout": 0.0},
)  # fmt: skip
REPETITIONS = 7


def figures(pixels: int = PIXELS) -> Iterator[Figure]:
    """The same epoch in the same order from the same weights: its mean loss must agree."""
    data, threads = simulated_pixels(pixels), torch.get_num_threads()
    sampler = BatchSampler(OPTIONS, pixels)
    steps = [sampler.batch(0, step) for step in range(sampler.steps)]
    against_tensors = Comparison(
        f"training epoch, {pixels:,} pixels", "a loop over tensors, AdamW",
        lambda: by_script(by_tensors(Pixels(data), steps)), lambda: by_library(data),
        target=Target(0.65), note="processor time; ours also checks, logs and validates",
        repetitions=REPETITIONS, clock=processor_seconds, rtol=1e-4,
    )  # fmt: skip
    against_rows = replace(
        against_tensors, title="the same", usual_way="DataLoader of rows, AdamW", target=None, note="",
        usual=lambda: by_script(by_rows(Pixels(data), steps)),
    )  # fmt: skip
    torch.set_num_threads(1)  # layers as small as these only wait for a second one
    try:
        yield compare(against_tensors)
        yield compare(against_rows)
    finally:
        torch.set_num_threads(threads)


def processor_seconds(work: Work) -> float:
    """What `work` takes of one thread, whatever else runs on the cores."""
    start = time.process_time()
    work()
    return time.process_time() - start


def new_network() -> Network:
    """The same weights each time."""
    torch.manual_seed(0)
    network = build(OPTIONS.model, TargetKind.MULTICLASS, CLASSES, OPTIONS.model_config)
    assert isinstance(network, Network)
    return network


def by_library(data: Dataset) -> float:
    """Mean loss of the epoch as `sdm train` has it, which also reads, checks, logs and validates."""
    trainer = Trainer(new_network(), make_loss("", data.targets), OPTIONS, make_accelerator("cpu", "no"))
    with TemporaryDirectory() as folder:
        checkpointer = Checkpointer(Path(folder), trainer, SAVE_SECONDS)
        TrainingLoop(make_task(data, OPTIONS), OPTIONS, trainer, checkpointer).run(ignore, lambda: False)
        return float(np.mean(checkpointer.losses()))


def by_script(batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Mean loss of the epoch in the shortest of loops."""
    network = new_network().train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=OPTIONS.lr, weight_decay=OPTIONS.weight_decay)
    losses = []
    for values, label in batches:
        optimizer.zero_grad()
        loss = cross_entropy(network({MODALITY: values, f"{MODALITY}_valid": torch.ones_like(values)}), label)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def by_tensors(pixels: Pixels, steps: list[np.ndarray]) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches cut from tensors that hold everything."""
    for rows in map(torch.from_numpy, steps):
        yield pixels.values[rows], pixels.labels[rows]


def by_rows(pixels: Pixels, steps: list[np.ndarray]) -> DataLoader[tuple[Tensor, Tensor]]:
    """Batches stacked of single rows."""
    return DataLoader(pixels, batch_sampler=[rows.tolist() for rows in steps])


class Pixels(TorchDataset[tuple[Tensor, Tensor]]):
    """Each training pixel standardised across its bands, and its class."""

    def __init__(self, data: Dataset) -> None:
        rows = data.rows("train", OPTIONS.scheme)
        values = data.reader.read(MODALITY, rows)
        mean, deviation = values.mean(axis=1, keepdims=True), values.std(axis=1, keepdims=True)
        self.values = torch.from_numpy((values - mean) / deviation)
        self.labels = torch.from_numpy(np.asarray(data.targets.values)[rows])

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, row: int) -> tuple[Tensor, Tensor]:
        return self.values[row], self.labels[row]


def simulated_pixels(pixels: int) -> Dataset:
    """Training pixels of ten bands whose class shifts each band, and a hundredth as many to validate."""
    random, count = np.random.default_rng(0), pixels + max(pixels // 100, 1)
    label = random.integers(0, CLASSES, count)
    values = random.normal(2000, 300, (count, 10)) + random.normal(0, 200, (CLASSES, 10))[label]
    sites = pd.DataFrame({"survey_id": np.arange(count), "source": "site"}).assign(
        lon=5.0, lat=60.0, year=2021, area_m2=100.0, country="Norway", region="",
        split_random=np.where(np.arange(count) < pixels, "train", "validation"),
    )  # fmt: skip
    targets = Targets(TargetKind.MULTICLASS, simulated_classes(CLASSES), label, np.ones(count, bool))
    reader = ArrayReader({MODALITY: values.astype(np.float32)})
    return Dataset("pixels", "Pixels (simulated)", sites, targets, (MODALITY,), reader, "0", simulated=True)
