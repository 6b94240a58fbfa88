"""What the members of ensembles are trained with."""

from __future__ import annotations

from typing import Any

MODELS: dict[str, dict[str, Any]] = {
    "mlp": {"model": "landsat-mlp", "model_config": {"hidden": [16, 8]}, "epochs": 1},
    "lstm": {"model": "landsat-lstm", "model_config": {"hidden": 8}, "epochs": 1},
    "nearest": {"model": "nearest-surveys"},
}
