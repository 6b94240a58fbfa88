"""A model of presence-only records fitted to a data set, and its log intensities."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from sdm.data.dataset import Dataset
from sdm.data.record_types import RECORDS
from sdm.models.preparation import Batch, fit_statistics, read_batch
from sdm.models.presence_only.model import PresenceOnly
from sdm.models.registry import build
from sdm.models.statistics import Statistics

QUICK: dict[str, dict[str, Any]] = {
    "poisson-ensemble": {"networks": 3, "width": 16, "epochs": 20, "least_steps": 100},
    "balanced-forest": {"trees": 15},
    "presence-blend": {"networks": 3, "width": 16, "epochs": 20, "least_steps": 100, "trees": 15},
    "maxent": {},
}


def fitted(name: str, data: Dataset, seed: int = 0, **changes: Any) -> tuple[PresenceOnly, Statistics]:
    """The model on all records, and the statistics of its inputs."""
    torch.manual_seed(seed)
    config = {"modality": data.modalities[0], **QUICK[name], **changes}
    model = build(name, data.targets.kind, data.targets.width, config)
    assert isinstance(model, PresenceOnly)
    rows = np.flatnonzero((data.sites["source"] == RECORDS).to_numpy())
    statistics = fit_statistics(data, rows, tuple(model.inputs))
    model.fit(data, rows, statistics)
    return model, statistics


def batch_of(data: Dataset, model: PresenceOnly, statistics: Statistics, source: str) -> tuple[Batch, np.ndarray]:
    """Inputs and rows of the sites of `source`."""
    rows = np.flatnonzero((data.sites["source"] == source).to_numpy())
    return read_batch(data, rows, model.inputs, statistics, targets=False), rows
