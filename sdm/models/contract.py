"""What every model fulfils: batch in, probabilities out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from sdm.data.dataset import GRADES, Dataset, TargetKind
from sdm.data.soft_labels import OWN
from sdm.jobs import Report, no_report
from sdm.models.preparation import Batch
from sdm.models.statistics import Statistics


class Model(Protocol):
    """Everything that predicts: networks, baselines, ensembles.

    `inputs` maps each modality it sees to its preparation (`sdm.models.preparation.PREPARATIONS`); `width` is the
    number of columns it gives.
    """

    kind: TargetKind
    width: int

    @property
    def inputs(self) -> Mapping[str, str]: ...

    def predict(self, batch: Batch) -> Tensor:
        """float32 (B, width) on the CPU: an independent probability per class (multilabel), probabilities that
        sum to 1 (multiclass), or the value itself (regression, (B, 1))."""
        ...


class Network(nn.Module):
    """A predictor trained by gradient descent: `features`, then a linear `head`.

    `hub` is the public repository of ImageNet weights it can start from, "" when there are none;
    `configuration` the frozen dataclass of its options.
    """

    inputs: Mapping[str, str]
    head: nn.Linear
    hub: str = ""
    configuration: ClassVar[type]

    def __init__(self, kind: TargetKind, width: int) -> None:
        super().__init__()
        self.kind = kind
        self.width = width

    def features(self, batch: Batch) -> Tensor:
        """float32 (B, D): what the head sees."""
        raise NotImplementedError

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, width); for regression the value."""
        return self.head(self.features(batch))

    def load_imagenet(self, path: Path) -> None:
        """Start from the ImageNet weights in `path` (safetensors), where there is a `hub`; RunError for others."""
        raise NotImplementedError

    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`. The batch may lie on another device than the network."""
        with torch.inference_mode():
            return to_probabilities(self(on_device(batch, self.head.weight.device)), self.kind).cpu()


class Baseline(ABC):
    """A predictor fitted in one go, by counting or in its own way, and kept as a table of arrays."""

    inputs: Mapping[str, str] = MappingProxyType({})
    configuration: ClassVar[type]

    def __init__(self, kind: TargetKind, width: int) -> None:
        self.kind = kind
        self.width = width

    @abstractmethod
    def fit(self, dataset: Dataset, rows: np.ndarray, statistics: Statistics, report: Report = no_report) -> None:
        """Learn from `rows`, the training sites whose targets are known. What takes long tells `report` how far it
        is, which may raise to stop it."""

    @abstractmethod
    def table(self) -> dict[str, np.ndarray]:
        """What was learnt, as named arrays without objects."""

    @abstractmethod
    def restore(self, table: Mapping[str, np.ndarray]) -> None:
        """Take up what `table` gave; RunError when arrays are absent, or shapes disagree."""

    @abstractmethod
    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`."""


def to_probabilities(logits: Tensor, kind: TargetKind) -> Tensor:
    """float32 probabilities (B, width) of `logits` (B, width); regression values pass unchanged.

    Of grades there are GRADES logits per class, class by class: the probability of a class is that of the grade
    OWN, which is what a survey that was done completely would say.
    """
    if kind is TargetKind.MULTILABEL:
        return logits.float().sigmoid()
    if kind is TargetKind.MULTICLASS:
        return logits.float().softmax(dim=1)
    if kind is TargetKind.GRADED:
        return logits.float().reshape(len(logits), -1, GRADES).softmax(dim=2)[..., OWN]
    return logits.float()


def on_device(batch: Batch, device: torch.device) -> Batch:
    """`batch` on `device`; positions become float32 where float64 is unknown (Apple's GPUs)."""
    if device.type == "mps":
        batch = {name: v.float() if v.dtype == torch.float64 else v for name, v in batch.items()}
    return {name: values.to(device, non_blocking=True) for name, values in batch.items()}


def parameters(predictor: Model) -> int:
    """Trainable numbers of a network, stored numbers of a baseline."""
    if isinstance(predictor, nn.Module):
        return sum(p.numel() for p in predictor.parameters())
    assert isinstance(predictor, Baseline)
    return sum(array.size for array in predictor.table().values())
