"""The variants of the work on presence-only augmentation, as published and in small."""

from __future__ import annotations

import pytest

from sdm.runs.published_settings import published_names, published_settings

MODELS = ("resnet18-landsat", "resnet18-whole-patch")
# optimiser, learning rate, batch, epochs; what is learnt from
PUBLISHED = {
    "pa": (("adamw", 2e-4, 128, 21), "presence-absence"),
    "po": (("adam", 5e-3, 256, 11), "presence-only"),
    "presence": (("adam", 5e-3, 1024, 21), "both"),
    "presence-weighted": (("adamw", 2e-4, 64, 20), "both"),
    "classes": (("adam", 5e-3, 512, 30), "both"),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_numbers(model: str, name: str) -> None:
    options = published_settings(model, name).options()
    found = (options.optimizer, options.lr, options.batch_size, options.epochs)
    assert (found, options.records) == PUBLISHED[name]
    assert options.loss == {"presence-weighted": "weighted-bce", "classes": "graded-focal", "pa": "bce"}.get(
        name, ""
    )
    assert options.target == ("graded" if name == "classes" else "recorded")


def test_what_is_particular_to_a_variant() -> None:
    po = published_settings("resnet18-landsat", "po").options()
    assert (po.group, po.schedule, po.cosine_epochs, po.warmup) == (1, "cosine", 25, 0)
    assert published_settings("resnet18-landsat", "presence").options().soft_labels == "43210"
    assert published_settings("resnet18-landsat", "classes").options().model_config == {"stem": "7x7"}
    assert published_settings("resnet18-whole-patch", "pa-rgb").options().model_config == {"bands": 3}
    assert published_settings("resnet18-whole-patch", "pa").options().model_config == {"bands": 4}


def test_each_is_there_in_small() -> None:
    for model, endings in zip(MODELS, (("",), ("", "-rgb")), strict=True):
        names = {f"{name}{ending}{size}" for name in PUBLISHED for ending in endings for size in ("", "-small")}
        assert set(published_names(model)) == names
        for name in names:
            config = published_settings(model, name).options().model_config
            assert config.get("half", False) == name.endswith("-small")
