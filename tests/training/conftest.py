"""Networks small enough for a test."""

from __future__ import annotations

import pytest


@pytest.fixture
def narrow_resnets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ResNet-18 an eighth as wide: the same layers, memory formats and running statistics."""
    for module in ("sdm.models.resnet", "sdm.models.presence_resnet", "sdm.models.encoders.cube"):
        monkeypatch.setattr(f"{module}.STAGES", (8, 16, 32, 64))
