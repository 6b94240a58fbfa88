"""The same training again: the same weights, bit by bit; and what another number of threads changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.virtual_europe.write import write_tree
from tests.faults import Outcome
from tests.faults.trials import Trials

MODELS = (
    "landsat-mlp",
    "landsat-lstm",
    "landsat-cnn",
    "environment-mlp",
    "landsat-transformer",
    "patch-convnext-atto",
)
THREADS = (1, 2)
SPLIT = "validation"


def determinism(seed: int = 0, tried: int = 24) -> Outcome:
    """Train models in turn, each twice with one thread and twice with two: `tried` trainings in all.

    Survived: the second gives the weights and predictions of the first. How far those of two threads are from
    those of one is noted; what is near enough to be called round-off is nobody's promise.
    """
    trials, notes = Trials("determinism", patience=120.0), list[str]()
    with tempfile.TemporaryDirectory() as home, _threads_as_before():
        write_tree(Path(home) / "europe", "tiny", workers=1)
        data = open_dataset(Path(home) / "europe")
        for name in MODELS[: max(1, tried // 4)]:
            first = [_twice(data, name, seed, threads, Path(home), trials) for threads in THREADS]
            notes.append(f"{name}: {_difference(*first)}")
    return replace(trials.outcome(), notes=tuple(notes))


def _twice(data: Dataset, name: str, seed: int, threads: int, home: Path, trials: Trials) -> Run:
    """The first of two trainings that must be one."""
    torch.set_num_threads(threads)
    runs = []
    for again in ("first", "second"):
        with trials.one(f"{name}, {threads} threads, {again}"):
            options = recipe(name, epochs=1, batch_size=16, seed=seed, weights="float32")
            runs.append(train(data, home / f"{name}-{threads}-{again}", options, Runtime("cpu")))
            assert _content(runs[0]) == _content(runs[-1]), "other weights or predictions"
    return runs[0]


def _content(run: Run) -> tuple[bytes, bytes]:
    return (run.path / "weights.safetensors").read_bytes(), run.predictions(SPLIT).matrix().tobytes()


def _difference(one: Run, two: Run) -> str:
    """How far the second run is from the first."""
    weights = [load_file(run.path / "weights.safetensors") for run in (one, two)]
    far = max(float(np.abs(weights[0][name] - weights[1][name]).max()) for name in weights[0])
    probabilities = [run.predictions(SPLIT).matrix().astype(np.float64) for run in (one, two)]
    apart = float(np.abs(probabilities[0] - probabilities[1]).max())
    score = [next(iter(run.card.scores[SPLIT].values())).value for run in (one, two)]
    return f"weights {far:.1e}, probabilities {apart:.1e}, headline score {score[1] - score[0]:+.4f}"


@contextmanager
def _threads_as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)
