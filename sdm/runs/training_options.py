"""The options of a training: defaults, ranges and meaning, for command line, page, docs and run folders alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field
from pydantic.dataclasses import dataclass

from sdm.data.dataset import DEFAULT_SCHEME, Dataset
from sdm.data.position_groups import MOST_DECIMALS
from sdm.errors import TrainingError
from sdm.formats.typed_json import STRICT, from_json
from sdm.modalities import LANDSAT_YEARS
from sdm.models.registry import spec_of

LIMITS = {Gt: ("above", "gt"), Ge: ("from", "ge"), Lt: ("below", "lt"), Le: ("to", "le")}
RANDOM_WEIGHTS = "random"
RUN_WEIGHTS = "run"  # begins the name of weights that are a run's
MOST_YEARS = len(LANDSAT_YEARS) - 1  # of a shift in a circle


@dataclasses.dataclass(frozen=True)
class Option:
    """One option: `kind` is its type, `choices` what it is one of (empty: anything of its kind), `limits` its
    range in words, "above 0 to 10", `examples` usual values."""

    name: str
    kind: type
    default: Any
    description: str
    choices: tuple[str, ...]
    limits: str
    examples: tuple[Any, ...]

    @property
    def flag(self) -> str:
        """As on the command line."""
        name = self.name.replace("_", "-")
        return f"--{name}/--no-{name}" if self.kind is bool else f"--{name}"

    def words(self, value: object) -> list[str]:
        """What sets it to `value` on the command line."""
        yes, _, no = self.flag.partition("/")
        return [yes if value else no] if self.kind is bool else [yes, str(value)]


def options_of(kind: Any, *, without: tuple[str, ...]) -> Mapping[str, Option]:
    """Name -> option of the pydantic dataclass `kind`, in its order, but those `without`."""
    hints = get_type_hints(kind)
    fields = {name: field for name, field in kind.__pydantic_fields__.items() if name not in without}
    return MappingProxyType({name: _option(name, field, hints[name]) for name, field in fields.items()})


def _option(name: str, field: Any, hint: Any) -> Option:
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    words = [(word, getattr(limit, key)) for limit in field.metadata for word, key in (LIMITS[type(limit)],)]
    limits = " ".join(f"{word} {value}" for word, value in words)
    examples = tuple(field.examples or ())
    return Option(name, str if choices else hint, field.default, field.description, choices, limits, examples)


@dataclass(frozen=True, config=STRICT)
class TrainingOptions:
    """Options of one training; two runs of equal options on equal data give equal weights.

    `examples` are the values that the Training page offers.
    """

    model: str
    model_config: Mapping[str, Any] = Field(default_factory=dict, description="changes to its configuration")
    view: str = Field(
        default="",
        description="see the data otherwise: single-label has one row per survey and species, level:COLUMN the "
        "classes of a coarser level of the hierarchy",
    )
    scheme: str = Field(default=DEFAULT_SCHEME, description="split scheme")
    epochs: int = Field(default=10, ge=1, description="passes over the training split")
    batch_size: int = Field(
        default=64,
        ge=1,
        description="rows per step, over all processes",
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
    cosine_epochs: int = Field(
        default=0, ge=0, description="epochs after which the cosine would reach 0; 0: at the end of the training"
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
        default=RANDOM_WEIGHTS,
        description="random, or name and digest of a file, of what a public hub has, or after `run` of a run",
    )
    pseudo_labels: str = Field(default="", description="name and digest of the run whose predictions are learnt")
    accumulate: int = Field(
        default=1, ge=1, description="parts in which each step is computed, one by one: less memory"
    )
    jitter: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="colour jitter: change contrast and brightness of each band of an image by up to this share "
        "of its deviation",
    )
    crop: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="random crops: smallest side of a crop as a share of the image's, enlarged again; 1: none",
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
    decoder: str = Field(default="", description="decoder of sets of species; chosen on validation when empty")
    surveys: int = Field(default=0, ge=0, description="train on this many surveys, drawn by the seed; 0: all")
    records: Literal["presence-absence", "presence-only", "both"] = Field(
        default="presence-absence", description="what to learn from: surveys, presence-only records, or both"
    )
    background: Literal["target-group", "none"] = Field(
        default="target-group",
        description="a species that a presence-only record does not name: absent, as all its group was sought, "
        "or unknown",
    )
    group: int = Field(
        default=-1,
        ge=-1,
        le=MOST_DECIMALS,
        description="group what is learnt from by coordinates rounded to this many decimals; -1: no",
    )
    soft_labels: str = Field(
        default="",
        description="decimals such as 43210: species of other surveys at the same rounded coordinates join, with "
        "weight .95, .9, .7, .4, .1",
    )
    target: Literal["recorded", "graded"] = Field(
        default="recorded",
        description="what is learnt of a species: whether it was recorded, or how near, in five grades",
    )


OPTIONS: Mapping[str, Option] = options_of(
    TrainingOptions, without=("model", "model_config", "initial_weights", "pseudo_labels")
)
"""Those that command line and docs list by their own names."""


def completed(options: TrainingOptions, dataset: Dataset) -> TrainingOptions:
    """`options` with what they leave to the data: which input a model of rasters reads. The same when repeated."""
    changes = spec_of(options.model).completed(options.model_config, dataset.modalities)
    return dataclasses.replace(options, model_config=changes)


def recipe(model: str, **changes: Any) -> TrainingOptions:
    """The options `model` is known to work with, from its row in the registry, and `changes` to them.

    TrainingError for an unknown option and for a value out of range.
    """
    known = {"model": model, **spec_of(model).recipe, **changes}
    return from_json(TrainingOptions, known, TrainingError, "settings")
