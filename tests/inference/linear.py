"""A small model for tests of the inference service, and requests to it."""

from __future__ import annotations

import threading

import numpy as np
import torch

from sdm.data.dataset import TargetKind
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.models.preparation import Batch
from sdm.models.statistics import Statistics

POISON, DEADLY = 666, 13  # values of the environment
SITE = {"survey_id": 1, "lon": 10.0, "lat": 50.0, "year": 2019, "area_m2": 10.0, "country": "A", "region": "B"}
STATISTICS = Statistics({"environment": (0.0,) * 64}, {"environment": (1.0,) * 64}, ("A",), ("B",))


class Linear(torch.nn.Module):
    """Sigmoid of a fixed linear map of the environment, able to stall, to choke and to die."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs = {"environment": "standardise"}
        generator = torch.Generator().manual_seed(0)
        self.kind, self.width = TargetKind.MULTILABEL, 5
        self.weight = torch.nn.Parameter(torch.randn(64, 5, generator=generator))
        self.gate = threading.Event()
        self.gate.set()
        self.deaths = 0

    def predict(self, batch: Batch) -> torch.Tensor:
        self.gate.wait(10)
        values = batch["environment"]
        if (values == POISON).any():
            raise ValueError("poison")
        if self.deaths and (values == DEADLY).any():
            self.deaths -= 1
            raise SystemExit
        return torch.sigmoid(values @ self.weight)


def request(values: float | np.ndarray) -> Request:
    return Request(SITE, {"environment": np.full(64, values, np.float32) * 1.0})


def expected(model: Linear, asked: Request) -> np.ndarray:
    return LoadedModel(model, STATISTICS).predict([asked], torch.device("cpu"))[0]
