"""What runs import is imported ahead, and only then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sdm.inference import imports
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import multilabel

PATCH = {"encoders": ("environment-mlp", "patch-convnext-atto")}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("runs") / "country"
    train(multilabel(), path, TrainingOptions("country-frequency"), Runtime(device="cpu"))
    return Run.open(path)


@pytest.mark.parametrize(
    ("model", "config", "needs"),
    [
        ("country-frequency", {}, False), ("resnet18-patch", {}, False), ("landsat-cnn", {}, False),
        ("fusion-series", {}, False), ("fusion-series", PATCH, True), ("fusion-maxvit-pico", {}, True),
        ("patch-swinv2-mini", {}, True), ("fusion-series", {"encoders": ("nonsense",)}, False),
        ("ensemble", {}, False), ("of another version", {}, False),
    ],
)  # fmt: skip
def test_image_networks_need_timm(run: Run, model: str, config: dict[str, object], needs: bool) -> None:
    assert imports.needs_timm(replace(run.card, model=model, model_config=config)) is needs


def test_nothing_is_imported_for_runs_without_them(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    imported: list[str] = []
    monkeypatch.setattr(imports, "timm", lambda: imported.append("timm"))
    unfinished = Run(tmp_path, run.config)
    imports.import_libraries([run, unfinished])
    assert imported == []
    monkeypatch.setattr(imports, "needs_timm", lambda _: True)
    imports.import_libraries([unfinished, run])
    assert imported == ["timm"]
