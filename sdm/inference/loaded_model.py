"""A trained model ready to answer, and what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from sdm.data.dataset import SITE_COLUMNS
from sdm.errors import ServiceError
from sdm.evaluation.run_model import open_model
from sdm.modalities import MODALITIES
from sdm.models.contract import Model
from sdm.models.preparation import make_batch
from sdm.models.statistics import Statistics
from sdm.runs import Run


@dataclass(frozen=True)
class Request:
    """One survey: `site` holds the columns of `Dataset.sites`; `arrays` stored units, NaN where missing.

    A modality that is absent from `arrays` is missing altogether.
    """

    site: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class LoadedModel:
    """A predictor with the statistics of its training split."""

    predictor: Model
    statistics: Statistics

    def predict(self, requests: Sequence[Request], device: torch.device) -> np.ndarray:
        """float32 (n, S); ServiceError when an array has the wrong shape."""
        inputs = self.predictor.inputs
        arrays = {name: np.stack([_array(request, name) for request in requests]) for name in inputs}
        sites = pd.DataFrame([{c: request.site.get(c) for c in SITE_COLUMNS} for request in requests])
        batch = make_batch(arrays, sites, inputs, self.statistics)
        self._settle(device)
        return self.predictor.predict(batch).detach().numpy()

    def _settle(self, device: torch.device) -> None:
        """Put a network on `device`, ready to predict; going through all its parts takes as long as a survey."""
        network = self.predictor
        if not isinstance(network, torch.nn.Module):
            return
        first = next(network.parameters(), None)
        if network.training or (first is not None and first.device.type != device.type):
            network.to(device).eval()


def load_model(folder: Path) -> LoadedModel:
    """The model of the finished run in `folder`; RunError when it is damaged."""
    run = Run.open(folder)
    return LoadedModel(open_model(run), run.card.statistics)


def _array(request: Request, name: str) -> np.ndarray:
    shape = MODALITIES[name].shape
    values = request.arrays.get(name)
    if values is None:
        return np.full(shape, np.nan, np.float32)
    if values.shape != shape:
        raise ServiceError(f"the {name} has the wrong shape", expected=shape, got=values.shape)
    return np.asarray(values, np.float32)
