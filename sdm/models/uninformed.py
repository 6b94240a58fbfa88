"""Baselines that see nothing of a survey: how often each class occurs, and what a survey drawn by lot holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.targets import target_matrix
from sdm.errors import RunError
from sdm.geo.hashing import mix
from sdm.jobs import Report, no_report
from sdm.models.contract import Baseline
from sdm.models.preparation import Batch
from sdm.models.statistics import Statistics

MOST_DRAWN = 4096  # training surveys that a guess is drawn from


@dataclass(frozen=True)
class UninformedConfig:
    """Nothing to choose."""


class Frequency(Baseline):
    """How often each class occurs in training, everywhere: the commonest wins; for regression the mean."""

    configuration = UninformedConfig

    def __init__(self, kind: TargetKind, width: int, _config: UninformedConfig) -> None:
        super().__init__(kind, width)
        self.values = np.zeros((1, width), np.float32)

    def fit(
        self, dataset: Dataset, rows: np.ndarray, _statistics: Statistics, _report: Report = no_report
    ) -> None:
        mean = target_matrix(dataset.targets.take(rows)).sum(axis=0) / max(len(rows), 1)
        self.values = np.asarray(mean, np.float32).reshape(1, -1)

    def table(self) -> dict[str, np.ndarray]:
        return {"values": self.values}

    def restore(self, table: Mapping[str, np.ndarray]) -> None:
        if "values" not in table:
            raise RunError("the table lacks arrays", expected="values", got=", ".join(table) or "none")
        values = np.asarray(table["values"], np.float32)
        if values.ndim != 2 or values.shape[1] != self.width or not len(values):
            raise RunError("the table does not fit", expected=f"{self.width} columns", got=values.shape)
        self.values = values

    def predict(self, batch: Batch) -> Tensor:
        return torch.from_numpy(np.repeat(self.values, len(batch["survey_id"]), axis=0))


class RandomGuess(Frequency):
    """The target of a training survey drawn by lot, the lot being the survey's id: what no knowledge at all gives.

    Its squared error is twice the variance of the target, where that of the mean is the variance.
    """

    def fit(
        self, dataset: Dataset, rows: np.ndarray, _statistics: Statistics, _report: Report = no_report
    ) -> None:
        chosen = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_DRAWN)).astype(int)]
        self.values = target_matrix(dataset.targets.take(chosen)).toarray().astype(np.float32)

    def predict(self, batch: Batch) -> Tensor:
        lot = mix(batch["survey_id"].cpu().numpy().astype(np.int64).view(np.uint64))
        return torch.from_numpy(self.values[(lot % np.uint64(len(self.values))).astype(np.int64)])
