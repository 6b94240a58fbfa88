"""Small networks on all species at once, trained with the normalised Poisson loss and averaged.

For each species a softmax over sites says where its records are (DeepMaxent: Ryckewaert et al. 2024,
arXiv:2412.19217); the mean over networks that differ in their seed alone is what is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Self

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from sdm.data.dataset import TargetKind
from sdm.jobs import Report
from sdm.models.poisson import normalised_poisson, species_weights
from sdm.models.preparation import Batch
from sdm.models.presence_only.background import PresenceData
from sdm.models.presence_only.model import PresenceOnly, PresenceOnlyConfig
from sdm.models.specification import Share, Size

AT_ONCE = 4096  # sites predicted together


@dataclass(frozen=True, kw_only=True)
class PoissonEnsembleConfig(PresenceOnlyConfig):
    """`networks` of hidden layers of `width` units, `layers` of them; `epochs` over the sites in batches of
    `batch_size`, but `least_steps` at least. Chosen by blocks of records (docs/presence-only.md)."""

    networks: Size = 10
    width: Size = 128
    layers: Annotated[int, Field(ge=1, le=8)] = 2
    dropout: Share = 0.3
    epochs: Size = 20
    least_steps: Size = 400
    batch_size: Size = 256
    lr: Annotated[float, Field(gt=0, le=1)] = 3e-3
    weight_decay: Annotated[float, Field(ge=0)] = 1e-4


class PoissonEnsemble(PresenceOnly):
    """Networks that are trained side by side: `weights` (K, in, out) and `biases` (K, 1, out) per layer."""

    configuration = PoissonEnsembleConfig
    config: PoissonEnsembleConfig

    def __init__(self, kind: TargetKind, width: int, config: PoissonEnsembleConfig) -> None:
        super().__init__(kind, width, config)
        self.weights: list[Tensor] = []
        self.biases: list[Tensor] = []

    def parts(self, data: PresenceData) -> int:
        return self._steps(data.recorded.shape[0])

    def learn(self, data: PresenceData, report: Report) -> None:
        sites = torch.from_numpy(self.design.matrix(data.batch))
        labels = torch.from_numpy(data.recorded.toarray().astype(np.float32))
        member = torch.from_numpy(data.member)[:, torch.from_numpy(data.group)]
        counts = member | (labels > 0)
        importance = species_weights(labels)
        self._start(sites.shape[1])
        parameters = [*self.weights, *self.biases]
        optimizer = torch.optim.AdamW(parameters, lr=self.config.lr, weight_decay=self.config.weight_decay)
        steps = self._steps(len(sites))
        for step, rows in enumerate(self._batches(len(sites), steps)):
            for group in optimizer.param_groups:
                group["lr"] = self.config.lr * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.zero_grad()
            logits = self._forward(sites[rows], self.config.dropout)
            normalised_poisson(logits, labels[rows], counts[rows], importance).sum().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            report(step + 1, steps, f"step {step + 1} of {steps}")
        for parameter in parameters:
            parameter.requires_grad_(False)

    def _start(self, columns: int) -> None:
        """Weights and biases uniform in ±1/√inputs."""
        sizes = (columns, *[self.config.width] * self.config.layers, self.width)
        shapes = [(self.config.networks, a, b) for a, b in pairwise(sizes)]
        bounds = [1 / math.sqrt(max(shape[1], 1)) for shape in shapes]
        self.weights = [_uniform(shape, b) for shape, b in zip(shapes, bounds, strict=True)]
        self.biases = [_uniform((shape[0], 1, shape[2]), b) for shape, b in zip(shapes, bounds, strict=True)]

    def _steps(self, sites: int) -> int:
        return max(self.config.epochs * -(-sites // self.config.batch_size), self.config.least_steps)

    def _batches(self, sites: int, steps: int) -> Iterator[Tensor]:
        """Rows (K, B) of each step: every network goes through all sites in an order of its own."""
        each = -(-sites // self.config.batch_size)
        order = torch.empty(0)
        for step in range(steps):
            if step % each == 0:
                order = torch.stack([torch.randperm(sites) for _ in range(self.config.networks)])
            part = step % each
            yield order[:, part * sites // each : (part + 1) * sites // each]

    def _forward(self, sites: Tensor, dropout: float = 0.0) -> Tensor:
        """Logits (K, n, S) of `sites` (K, n, D)."""
        values = sites
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = torch.baddbmm(bias, values, weight).relu()
            values = torch.nn.functional.dropout(values, dropout, training=dropout > 0)
        return torch.baddbmm(self.biases[-1], values, self.weights[-1])

    def log_intensity(self, batch: Batch) -> np.ndarray:
        sites = torch.from_numpy(self.design.matrix(batch))
        with torch.inference_mode():
            count = self.config.networks
            parts = [self._forward(p.expand(count, *p.shape)).mean(0) for p in torch.split(sites, AT_ONCE)]
        return torch.cat(parts).double().numpy()

    def take_species(self, every: Self, species: int) -> None:
        column = slice(species, species + 1)
        self.weights = [*every.weights[:-1], every.weights[-1][..., column].contiguous()]
        self.biases = [*every.biases[:-1], every.biases[-1][..., column].contiguous()]

    def arrays(self) -> dict[str, np.ndarray]:
        named = {f"weight_{i}": w.numpy() for i, w in enumerate(self.weights)}
        return named | {f"bias_{i}": b.numpy() for i, b in enumerate(self.biases)}

    def take(self, table: Mapping[str, np.ndarray]) -> None:
        layers = range(self.config.layers + 1)
        self.weights = [torch.from_numpy(table[f"weight_{i}"].astype(np.float32)) for i in layers]
        self.biases = [torch.from_numpy(table[f"bias_{i}"].astype(np.float32)) for i in layers]
        if self.weights[-1].shape != (self.config.networks, self.config.width, self.width):
            raise ValueError(f"the last layer is {tuple(self.weights[-1].shape)}")


def _uniform(shape: tuple[int, ...], bound: float) -> Tensor:
    return ((torch.rand(shape) * 2 - 1) * bound).requires_grad_()
