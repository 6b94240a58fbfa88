"""The options of a training: defaults, ranges and meaning, for command line, page, docs and run folders alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from sdm.data.dataset import DEFAULT_SCHEME
from sdm.errors import TrainingError
from sdm.formats.typed_json import STRICT, from_json
from sdm.modalities import LANDSAT_YEARS
from sdm.models.registry import spec_of
from sdm.runs.training_options import Option, options_of

RANDOM_WEIGHTS = "random"
MOST_YEARS = len(LANDSAT_YEARS) - 1  # of a shift in a circle


@dataclass(frozen=True, config=STRICT)
class TrainingOptions:
    """Options of one training; two runs of equal options on equal data give equal weights.

    `examples` are the values that the Training page offers.
    """

    model: str
    model_config: Mapping[str, Any] = Field(default_factory=dict, description="changes to its configuration")
    view: str = Field(
        default="", description="see the data otherwise: single-label has one row per survey and species"
    )
    scheme: str = Field(default=DEFAULT_SCHEME, description="split scheme")
    epochs: int = Field(default=10, ge=1, description="passes over the training split")
    batch_size: int = Field(
        default=64,
        ge=1,
        description="surveys per step, over all processes",
        examples=[16, 32, 64, 128, 256, 512],
    )
    lr: float = Field(
        default=1e-3,
        gt=0,
        le=10,
        description="highest learning rate; too large, and the loss jumps",
        examples=[1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2],
    )
    optimizer: Literal["adamw", "adam"] = Field(default="adamw", description="optimiser")
    weight_decay: float = Field(default=0.01, ge=0, le=1, description="weight decay")
    schedule: Literal["constant", "cosine"] = Field(
        default="cosine", description="learning rate after warm-up: constant, or a cosine to 0"
    )
    warmup: float = Field(
        default=0.05, ge=0, lt=1, description="share of all steps in which the learning rate rises"
    )
    loss: str = Field(default="", description="loss by name; the first one of the target kind when empty")
    patience: int = Field(
        default=0, ge=0, description="stop after this many epochs without a better validation score; 0: never"
    )
    augment: bool = Field(default=False, description="flip and turn patches")
    precision: Literal["no", "bf16", "fp16"] = Field(default="no", description="of the forward pass")
    weights: Literal["float16", "float32"] = Field(
        default="float16", description="precision of the stored weights"
    )
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="seed of weights, order and augmentation")
    initial_weights: str = Field(
        default=RANDOM_WEIGHTS, description="random, or name and digest of a file or of what a public hub has"
    )
    accumulate: int = Field(
        default=1, ge=1, description="parts in which each step is computed, one by one: less memory"
    )
    shift_years: int = Field(
        default=0, ge=0, le=MOST_YEARS, description="shift series in a circle by up to this many years either way"
    )
    mixup: float = Field(default=0.0, ge=0, le=1, description="share of surveys mixed with another one")
    repeat_rare: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="repeat surveys with a species of a prevalence below this several times an epoch; 0: never",
    )
    surveys: int = Field(default=0, ge=0, description="train on this many surveys, drawn by the seed; 0: all")


OPTIONS: Mapping[str, Option] = options_of(TrainingOptions, without=("model", "model_config", "initial_weights"))
"""Those that command line and docs list by their own names."""


def recipe(model: str, **changes: Any) -> TrainingOptions:
    """The options `model` is known to work with, from its row in the registry, and `changes` to them.

    TrainingError for an unknown option and for a value out of range.
    """
    known = {"model": model, **spec_of(model).recipe, **changes}
    return from_json(TrainingOptions, known, TrainingError, "settings")
