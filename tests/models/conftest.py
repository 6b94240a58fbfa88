"""Models and encoders, each built once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch

from sdm.data.dataset import TargetKind
from sdm.models.encoders import encoder_spec
from sdm.models.registry import build
from sdm.models.specification import EXAMPLE_WIDTH


@cache
def _without_numbers(name: str, encoder: bool) -> Any:
    with torch.device("meta"):
        return encoder_spec(name).make() if encoder else build(name, TargetKind.MULTILABEL, EXAMPLE_WIDTH)


@pytest.fixture(scope="session")
def skeleton() -> Callable[..., Any]:
    """Of a name: the model for EXAMPLE_WIDTH species, or with `encoder=True` the encoder, whose parameters have
    shapes and no numbers. Not to be changed."""
    return lambda name, encoder=False: _without_numbers(name, encoder)
