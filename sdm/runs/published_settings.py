"""How the sources trained their models: settings beside the recipes, each with what the source leaves unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sdm.data.schemes import RANDOM_TENTH
from sdm.data.splits import TENTH_SEED
from sdm.errors import UnknownNameError
from sdm.models.encoders.registry import FUSION
from sdm.models.registry import SATELLITE_ONLY, spec_of
from sdm.runs import presence_only_settings
from sdm.runs.training_options import TrainingOptions, recipe

PUBLISHED = "published"
HALF = "fp16"


@dataclass(frozen=True)
class PublishedSettings:
    """One training of a source.

    - model, name: what `train MODEL --as NAME` asks for
    - source: where it is described
    - settings: training options as the source gives them, the architecture among them
    - chosen: options that the source does not give, as they are set here
    - remark: what stays another than in the source, or is not known of it
    """

    model: str
    name: str
    source: str
    settings: Mapping[str, Any]
    chosen: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    remark: str = ""

    def options(self, *, gpu: bool = True, **changes: Any) -> TrainingOptions:
        """Training options, and `changes` to them; without a `gpu` there is no half precision.

        A change of `model_config` changes single fields of the architecture.
        """
        known = {**self.chosen, **self.settings}
        if not gpu and known.get("precision") == HALF:
            known["precision"] = "no"
        config = {**known.pop("model_config", {}), **changes.pop("model_config", {})}
        return recipe(self.model, **{**known, "model_config": config, **changes})


# A rate that is not decayed makes a training of 2 epochs the beginning of one of 10.
_CONSTANT = MappingProxyType({"schedule": "constant", "warmup": 0.0})
_RATE = "Learning rate, optimiser, batch and split are not given."


def _satellite(
    model: str, name: str, settings: Mapping[str, Any], lr: float | None = None, remark: str = _RATE, **more: Any
) -> PublishedSettings:
    chosen = {**_CONSTANT, **({} if lr is None else {"lr": lr}), "augment": False, **more}
    return PublishedSettings(
        model, name, SATELLITE_ONLY, MappingProxyType(dict(settings)), MappingProxyType(chosen), remark
    )


def _lstm(name: str, lr: float, epochs: int, remark: str) -> PublishedSettings:
    settings = {"view": "single-label", "lr": lr, "epochs": epochs, "loss": "cross-entropy"}
    return _satellite("landsat-lstm", name, settings, remark=f"{remark} Optimiser, batch and split are not given.")


def _fusion(patch: str, top: int) -> PublishedSettings:
    """The fusion with one of its image networks; `top` species are handed in."""
    encoders = ["environment-table", "landsat-resnet18-1000", "climate-resnet18-1000", f"wide_patch-{patch}"]
    architecture = {
        "encoders": encoders, "hidden": 1024, "dropout": 0.15, "normalised": True, "modality_dropout": 0.0,
    }  # fmt: skip
    settings = {
        "model_config": architecture, "scheme": RANDOM_TENTH, "epochs": 15, "batch_size": 256, "lr": 8e-4,
        "optimizer": "adamw", "mixup": 0.4, "precision": HALF, "augment": False, "seed": TENTH_SEED,
        "decoder": f"top-k:{top}",
    }  # fmt: skip
    remark = (
        "Schedule and weight decay are not given. A survey without an input has a learnt vector for its features. "
        "ImageNet weights (IMAGENET1K_V1) by --initial-weights."
    )
    return PublishedSettings(
        f"fusion-{patch}", PUBLISHED, FUSION, MappingProxyType(settings),
        MappingProxyType({"schedule": "cosine", "weight_decay": 0.01}), remark,
    )  # fmt: skip


_ROWS = (
    _satellite("resnet18-patch", PUBLISHED, {"epochs": 10}, 3e-4),
    _satellite("resnet18-patch", "published-2", {"epochs": 2}, 3e-4),
    _satellite("landsat-cnn", PUBLISHED, {"epochs": 20}, 1e-3),
    _satellite("landsat-cnn", "published-2", {"epochs": 2}, 1e-3),
    _satellite(
        "landsat-mlp", PUBLISHED, {}, 1e-3, f"Epochs are not given: here those of the CNN. {_RATE}", epochs=20
    ),
    _lstm("published-1e-4", 1e-4, 100, "Its best scores are at epoch 90."),
    _lstm(PUBLISHED, 5e-4, 90, "Epochs 10 to 70 are in its table, 90 in a figure."),
    _fusion("convnext-base", 18),
    _fusion("convnext-large", 19),
    _fusion("maxvit-tiny", 18),
    _fusion("swinv2-base", 17),
    *(PublishedSettings(*row) for row in presence_only_settings.rows()),
)
PUBLISHED_SETTINGS: Mapping[tuple[str, str], PublishedSettings] = MappingProxyType(
    {(row.model, row.name): row for row in _ROWS}
)


def published_names(model: str) -> tuple[str, ...]:
    """The names under which settings of `model` are published, for `--as`; none for most models."""
    return tuple(name for of, name in PUBLISHED_SETTINGS if of == model)


def published_settings(model: str, name: str) -> PublishedSettings:
    """The row of `model` called `name`; UnknownNameError lists those it has, or the models that have any."""
    spec_of(model)
    names = published_names(model)
    if not names:
        models = ", ".join(dict.fromkeys(of for of, _ in PUBLISHED_SETTINGS))
        raise UnknownNameError(f"no source gives settings of {model}", expected=f"one of {models}", got=name)
    if name not in names:
        raise UnknownNameError(f"no such settings of {model}", expected=", ".join(names), got=name)
    return PUBLISHED_SETTINGS[model, name]
