"""How the work on presence-only augmentation trained its variants: rows of `sdm.runs.published_settings`.

Each is there for Landsat cubes and for whole patches of four bands or three, and once more in small, for two
cores: half as wide a network and fewer epochs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sdm.models.registry import PRESENCE_ONLY

Row = tuple[str, str, str, Mapping[str, Any], Mapping[str, Any], str]
"""Model, name, source, settings, what the source does not say, remark."""

_SPLIT = "Epochs are chosen by surveys that the split scheme holds back."


@dataclass(frozen=True)
class Variant:
    """What is learnt (`taught`), how, and in small: training options each."""

    name: str
    taught: Mapping[str, Any]
    settings: Mapping[str, Any]
    small: Mapping[str, Any]
    remark: str


_VARIANTS = (
    Variant(
        "pa", {"loss": "bce"},
        {"optimizer": "adamw", "lr": 2e-4, "batch_size": 128, "epochs": 21, "decoder": "top-k:20"},
        {"lr": 5e-4, "epochs": 8},
        "Its best epoch is 8, of loss .00711; micro-F1 is 0 at a threshold of .6.",
    ),
    Variant(
        "po", {"records": "presence-only", "group": 1},
        {"optimizer": "adam", "lr": 5e-3, "batch_size": 256, "epochs": 11, "cosine_epochs": 25},
        {"lr": 1e-3, "epochs": 8},
        "Starts from its PA model of epoch 20: give --from RUN of the variant pa, which keeps its best epoch. "
        "It splits the 52,873 groups 85/15, seed 42.",
    ),
    Variant(
        "presence", {"records": "both", "soft_labels": "43210"},
        {"optimizer": "adam", "lr": 5e-3, "batch_size": 1024, "epochs": 21}, {"lr": 1e-3, "epochs": 5},
        "Its code joins species within 3, 2 and 1 decimals of surveys alone, in chunks of 700,000 rows, and "
        "validates on training data.",
    ),
    Variant(
        "presence-weighted", {"records": "both", "soft_labels": "43210", "loss": "weighted-bce"},
        {"optimizer": "adamw", "lr": 2e-4, "batch_size": 64, "epochs": 20},
        {"lr": 5e-4, "epochs": 5}, "Of a notebook; its positive weights are not told; it hands in 500 species.",
    ),
    Variant(
        "classes", {"records": "both", "target": "graded"},
        {"optimizer": "adam", "lr": 5e-3, "batch_size": 512, "epochs": 30, "loss": "graded-focal"},
        {"lr": 1e-3, "epochs": 5}, "Whether max-pooling follows its 7x7 convolution is not known: here not.",
    ),
)  # fmt: skip
# Name of the model, ending of the name of the settings, configuration.
_MODELS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("resnet18-landsat", "", {}),
    ("resnet18-whole-patch", "", {"bands": 4}),
    ("resnet18-whole-patch", "-rgb", {"bands": 3}),
)
_OURS = MappingProxyType({"warmup": 0.0, "weight_decay": 0.0, "augment": False})
_SMALL = MappingProxyType({"optimizer": "adamw", "batch_size": 64, "warmup": 0.05})


def rows() -> Iterator[Row]:
    """The variants of each model, as published and in small."""
    for model, ending, own in _MODELS:
        for variant in _VARIANTS:
            stem = {"stem": "7x7"} if (variant.name, model) == ("classes", "resnet18-landsat") else {}
            config = {**own, **stem}
            schedule = {"schedule": "cosine" if "cosine_epochs" in variant.settings else "constant"}
            remark = f"{variant.remark} {_SPLIT}"
            yield (
                model, f"{variant.name}{ending}", PRESENCE_ONLY,
                {**variant.taught, **variant.settings, "model_config": config}, {**_OURS, **schedule}, remark,
            )  # fmt: skip
            small = {**_SMALL, **{name: value for name, value in variant.small.items() if name != "epochs"}}
            yield (
                model, f"{variant.name}{ending}-small", f"{PRESENCE_ONLY}, in small",
                {**variant.taught, "epochs": variant.small["epochs"], "model_config": {**config, "half": True}},
                small, "Half as wide a network and fewer epochs, for two cores.",
            )  # fmt: skip
