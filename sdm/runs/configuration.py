"""What was asked of a run: settings of the training and the data it saw (`config.json`)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from sdm.data.dataset import DEFAULT_SCHEME, Dataset
from sdm.errors import TrainingError
from sdm.modalities import LANDSAT_YEARS
from sdm.models import spec_of
from sdm.models.configuration import from_mapping

RANDOM_WEIGHTS = "random"
MOST_YEARS = len(LANDSAT_YEARS) - 1  # of a shift in a circle


@dataclass(frozen=True)
class DataSource:
    """Which data a run belongs to. `fingerprint` changes with ids, classes and labels."""

    name: str
    title: str
    fingerprint: str
    simulated: bool
    world_version: str | None = None

    @staticmethod
    def of(dataset: Dataset) -> DataSource:
        """The source of `dataset`."""
        return DataSource(
            dataset.name, dataset.title, dataset.fingerprint, dataset.simulated, dataset.world_version
        )


@dataclass(frozen=True)
class TrainConfig:
    """Settings of one training; two runs of equal settings on equal data give equal weights.

    - model, model_config: a name of the registry and changes to its configuration
    - view: "" or a name of `sdm.data.views.VIEWS`; scheme: the split scheme
    - batch_size: surveys per step over all processes; accumulate: parts a process does its share in, one by one
    - lr: highest learning rate; schedule: "constant" or "cosine" (to 0), after `warmup` (share of all steps)
    - loss: a name of `sdm.training.losses.LOSSES`, "" for the first of the target kind
    - patience: epochs without a better headline metric before stopping, 0 for never
    - augment: flips and quarter turns of the patch; shift_years: most years series are shifted by, in a circle
    - mixup: share of surveys mixed with another one; repeat_rare: prevalence below which species are rare, whose
      surveys are then seen several times an epoch (0: never)
    - surveys: how many training surveys are used, drawn by the seed; 0 for all
    - precision: of the forward pass; weights: of the file that is kept
    - initial_weights: "random", or name and digest of a file or of what came from a public hub
    """

    model: str
    model_config: Mapping[str, Any] = field(default_factory=dict)
    view: str = ""
    scheme: str = DEFAULT_SCHEME
    epochs: int = 10
    batch_size: int = 64
    lr: float = 1e-3
    optimizer: Literal["adamw", "adam"] = "adamw"
    weight_decay: float = 0.01
    schedule: Literal["constant", "cosine"] = "cosine"
    warmup: float = 0.05
    loss: str = ""
    patience: int = 0
    augment: bool = False
    precision: Literal["no", "bf16", "fp16"] = "no"
    weights: Literal["float16", "float32"] = "float16"
    seed: int = 0
    initial_weights: str = RANDOM_WEIGHTS
    accumulate: int = 1
    shift_years: int = 0
    mixup: float = 0.0
    repeat_rare: float = 0.0
    surveys: int = 0

    def __post_init__(self) -> None:
        limits = (
            ("epochs", self.epochs >= 1, "at least 1"),
            ("batch_size", self.batch_size >= 1, "at least 1"),
            ("lr", 0 < self.lr <= 10, "above 0, at most 10"),
            ("weight_decay", 0 <= self.weight_decay <= 1, "0 to 1"),
            ("warmup", 0 <= self.warmup < 1, "0 to 1"),
            ("patience", self.patience >= 0, "0 or more"),
            ("accumulate", self.accumulate >= 1, "at least 1"),
            ("shift_years", 0 <= self.shift_years <= MOST_YEARS, f"0 to {MOST_YEARS}"),
            ("mixup", 0 <= self.mixup <= 1, "0 to 1"),
            ("surveys", self.surveys >= 0, "0 or more"),
            ("repeat_rare", 0 <= self.repeat_rare < 1, "0 to below 1"),
            ("seed", 0 <= self.seed < 2**32, "0 to 4294967295"),
        )
        for name, holds, expected in limits:
            if not holds:
                raise TrainingError(f"{name} is out of range", expected=expected, got=getattr(self, name))


# Settings the command line takes by their own names.
OPTIONS = tuple(f.name for f in fields(TrainConfig) if f.name not in ("model", "model_config", "initial_weights"))


def recipe(model: str, **changes: Any) -> TrainConfig:
    """The settings `model` is known to work with, from its card, and `changes` to them."""
    known = {"model": model, **spec_of(model).recipe, **changes}
    return from_mapping(TrainConfig, known, TrainingError, "settings")


@dataclass(frozen=True)
class RunConfig:
    """The content of `config.json`."""

    training: TrainConfig
    data: DataSource

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def command(self) -> str:
        """The command line that trains this again."""
        training = self.training
        # A recipe may change later; what it said is spelt out.
        usual, always = recipe(training.model), spec_of(training.model).recipe
        words = ["python", "-m", "sdm", "train", training.model, "--data", self.data.name]
        if training.model_config:
            words += ["--model-config", json.dumps(dict(training.model_config))]
        if training.initial_weights != RANDOM_WEIGHTS:
            words += ["--initial-weights", training.initial_weights.split()[0]]
        for name in OPTIONS:
            value = getattr(training, name)
            if value != getattr(usual, name) or name in always:
                words += _option(name, value)
        return shlex.join(words)

    def differences(self, other: RunConfig) -> list[str]:
        """Settings that differ, as "name: ours, theirs"."""
        ours, theirs = _flat(self), _flat(other)
        return [f"{name}: {ours[name]!r}, {theirs[name]!r}" for name in ours if ours[name] != theirs[name]]


def _option(name: str, value: object) -> list[str]:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", str(value)]


def _flat(config: RunConfig) -> dict[str, Any]:
    return {**asdict(config.training), "data": config.data.fingerprint}
