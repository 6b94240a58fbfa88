"""Every network as published, at its full size: built, run, trained by one step, stored and read back."""

from __future__ import annotations

import math

import pytest

from benchmarks.published_sizes import MODELS, measure
from sdm.models.registry import REGISTRY

LARGE = {name for name in MODELS if REGISTRY[name].parameters > 10_000_000}


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(name, marks=[pytest.mark.slow] if REGISTRY[name].parameters > 10_000_000 else [])
        for name in MODELS
    ],
)
def test_it_learns_and_is_the_same_when_read_back(model: str) -> None:
    found = measure(model)
    assert found.equal and math.isfinite(found.loss)
    assert found.file >= 4 * found.parameters  # float32, and buffers
