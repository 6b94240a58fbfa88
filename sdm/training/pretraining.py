"""Pre-training of a patch encoder without labels: two views of one place belong together.

SimCLR: Chen et al. 2020, A simple framework for contrastive learning of visual representations (ICML).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from sdm.data.dataset import Dataset
from sdm.errors import TrainingError
from sdm.modalities import PATCH
from sdm.models.encoders import encoder_spec
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.preparation import Batch, fit_statistics
from sdm.runs.configuration import TrainConfig
from sdm.runs.weights import write_tensors
from sdm.training.augmentation import turn_patches
from sdm.training.batch_loader import BatchLoader
from sdm.training.schedule import learning_rate

UNLABELLED = ("train", "po")  # whose patches are looked at; validation and tests stay unseen
SMALLEST_CROP = 0.5  # of the side
# Standard deviations; patches lie in 0..1. Small ones: colour is what tells a field from a meadow.
BAND_GAIN, BAND_SHIFT, NOISE = 0.08, 0.01, 0.01


@dataclass(frozen=True)
class PretrainConfig:
    """Settings of a pre-training: `temperature` of the loss, `projected` features of a head thrown away."""

    encoder: str
    epochs: int = 30
    batch_size: int = 128
    lr: float = 1e-3
    temperature: float = 0.1
    projected: int = 128
    seed: int = 0

    def __post_init__(self) -> None:
        limits = (
            ("epochs", self.epochs >= 1, "at least 1"),
            ("batch_size", self.batch_size >= 2, "at least 2: others are what a view is told from"),
            ("lr", 0 < self.lr <= 10, "above 0, at most 10"),
            ("temperature", 0 < self.temperature <= 10, "above 0, at most 10"),
            ("projected", self.projected >= 1, "at least 1"),
        )
        for name, good, expected in limits:
            if not good:
                raise TrainingError(f"{name} is out of range", expected=expected, got=getattr(self, name))


def pretrain(
    dataset: Dataset,
    config: PretrainConfig,
    out: Path,
    progress: Callable[[int, float], None] = lambda _epoch, _loss: None,
) -> list[float]:
    """Write the encoder's weights to `out` (safetensors); gives the mean loss of each epoch.

    They start a training by `initial_weights`. `progress` hears of each epoch (from 1) and its loss. TrainingError
    when the encoder is none of patches or the data has fewer than two patches to learn from.
    """
    torch.manual_seed(config.seed)
    encoder = encoder_spec(config.encoder).make()
    if not isinstance(encoder, PatchBackbone):
        raise TrainingError(f"{config.encoder} does not look at patches", expected="an encoder of the patch")
    feed = _patches(dataset, encoder_spec(config.encoder).preparation)
    head = nn.Sequential(
        nn.Linear(encoder.width, encoder.width), nn.ReLU(), nn.Linear(encoder.width, config.projected)
    )
    losses: list[float] = []
    for loss in _learn(encoder, head, feed, config):
        losses.append(loss)
        progress(len(losses), loss)
    write_tensors(out, encoder.network.state_dict())
    return losses


def _patches(dataset: Dataset, preparation: str) -> BatchLoader:
    """All patches that may be looked at without their labels."""
    rows = np.concatenate([dataset.rows(split) for split in UNLABELLED if split in dataset.splits()])
    rows = np.sort(rows[dataset.reader.available(PATCH.name)[rows]])
    if len(rows) < 2:
        raise TrainingError("too few patches to learn from", where=dataset.name, expected="2", got=len(rows))
    return BatchLoader(dataset, rows, {PATCH.name: preparation}, fit_statistics(dataset, rows, ())).keep()


def _learn(encoder: PatchBackbone, head: nn.Module, feed: BatchLoader, config: PretrainConfig) -> Iterator[float]:
    """The mean loss of each epoch."""
    random = np.random.default_rng(config.seed)
    optimiser = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=config.lr, weight_decay=0.01)
    size = min(config.batch_size, len(feed))
    steps = len(feed) // size  # the rest of an epoch, another one each time, is left out
    usual = TrainConfig("", lr=config.lr, epochs=config.epochs)
    for epoch in range(config.epochs):
        order, total = random.permutation(len(feed)), 0.0
        for step, batch in enumerate(feed.batches(np.split(order[: steps * size], steps))):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(usual, epoch * steps + step, config.epochs * steps)
            views = [head(encoder(*view(batch, random))) for _ in range(2)]
            loss = nt_xent(views[0], views[1], config.temperature)
            if not torch.isfinite(loss):
                raise TrainingError("the loss is not finite", where=config.encoder, got=f"epoch {epoch + 1}")
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            total += loss.item()
        yield total / steps


def view(batch: Batch, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """The patches of `batch` seen otherwise, and their masks: turned, cropped, bands brighter or darker, noisy."""
    turned = turn_patches(batch, random.integers(0, 8, len(batch["patch"])))
    values, valid = _cropped(turned["patch"], turned["patch_valid"], random)
    count, bands = values.shape[:2]
    gain, shift = (random.normal(at, sd, (count, bands, 1, 1)) for at, sd in ((1, BAND_GAIN), (0, BAND_SHIFT)))
    noise = random.normal(0, NOISE, values.shape)
    seen = values * _float(gain) + _float(shift + noise)
    return seen.clamp(0, 1) * valid, valid


def _cropped(values: Tensor, valid: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """A random square of each patch at the patch's size."""
    share = random.uniform(SMALLEST_CROP, 1, len(values))
    middle = (1 - share)[:, None] * random.uniform(-1, 1, (len(values), 2))
    where = np.zeros((len(values), 2, 3))
    where[:, 0, 0], where[:, 1, 1], where[:, :, 2] = share, share, middle
    grid = functional.affine_grid(_float(where), list(values.shape), align_corners=False)
    crop = functional.grid_sample(values, grid, padding_mode="border", align_corners=False)
    mask = functional.grid_sample(valid.float(), grid, mode="nearest", padding_mode="border", align_corners=False)
    return crop, mask > 0.5


def _float(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The normalised, temperature-scaled cross entropy of views (B, D): view i of `first` belongs to that of
    `second`, and to none of the 2 B - 2 others."""
    views = functional.normalize(torch.cat([first, second]), dim=1)
    alike = views @ views.T / temperature
    alike.fill_diagonal_(-torch.inf)
    count = len(first)
    partner = torch.cat([torch.arange(count, 2 * count), torch.arange(count)])
    return functional.cross_entropy(alike, partner)
