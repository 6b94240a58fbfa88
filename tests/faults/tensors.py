"""Damaged cubes of Landsat and climate: bytes, shapes, types, numbers that cannot be."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from sdm.data.array_sources import decode_tensor
from sdm.modalities import CLIMATE, LANDSAT, Modality
from tests.data import trees
from tests.faults import Outcome
from tests.faults.damage import damaged
from tests.faults.trials import Trials

WHOLE: tuple[tuple[Modality, Callable[[int], np.ndarray]], ...] = (
    (LANDSAT, trees.landsat),
    (CLIMATE, trees.climate),
)
TYPES = ("float64", "float16", "int16", "int32", "int64", "uint8", "bool")
IMPOSSIBLE = (np.nan, np.inf, -np.inf, 3.4e38, -3.4e38)


def tensors(seed: int = 0, tried: int = 1500) -> Outcome:
    """Read a damaged cube `tried` times: of bytes, of shape or type, of numbers, in turn.

    Survived: refused, or, where the archive is whole, its numbers with what cannot be measured as missing.
    """
    random, trials = np.random.default_rng(seed), Trials("tensors")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cube.pt"
        for i in range(tried):
            modality, make = WHOLE[i // 3 % 2]
            with trials.one(f"{modality.name}, trial {i}"):
                (_bytes, _form, _numbers)[i % 3](path, modality, make(i), random)
    return trials.outcome()


def _saved(values: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    torch.save(torch.from_numpy(values), buffer)
    return buffer.getvalue()


def _bytes(path: Path, modality: Modality, values: np.ndarray, random: np.random.Generator) -> None:
    path.write_bytes(damaged(_saved(values), random))
    assert np.array_equal(decode_tensor((path,), modality), values, equal_nan=True), "read as other values"


def _form(path: Path, modality: Modality, values: np.ndarray, random: np.random.Generator) -> None:
    """Another shape, another type, or another thing than a tensor: always refused."""
    choice = int(random.integers(3))
    if choice == 0:
        shape = tuple(int(n) for n in random.integers(0, 30, int(random.integers(0, 5))))
        saved = _saved(np.zeros(shape if shape != modality.shape else (), np.float32))
    elif choice == 1:
        saved = _saved(np.nan_to_num(values).astype(TYPES[int(random.integers(len(TYPES)))]))
    else:
        buffer = io.BytesIO()
        torch.save({"cube": torch.from_numpy(values)}, buffer)
        saved = buffer.getvalue()
    path.write_bytes(saved)
    decode_tensor((path,), modality)
    raise AssertionError("not refused")


def _numbers(path: Path, modality: Modality, values: np.ndarray, random: np.random.Generator) -> None:
    """Numbers that nothing can measure are missing; all others are read."""
    places = random.random(values.shape) < random.random()
    changed = np.where(places, random.choice(np.array(IMPOSSIBLE, np.float32), values.shape), values)
    path.write_bytes(_saved(changed))
    expected = np.where(places, np.nan, values).astype(np.float32)
    assert np.array_equal(decode_tensor((path,), modality), expected, equal_nan=True), "not missing"
